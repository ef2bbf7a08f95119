"""Runs a row's process once, under the Runtime API, as AWS Lambda would."""

import json
import os
import signal
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

from .build import Failed
from .rows import ANSWER, AOT, PAYLOAD, RESTORED
from .runtime_api import RuntimeApi

# What the managed runtime gives a function of 512 MB.
FLAGS = [
    "-XX:MaxHeapSize=445645k",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-Djava.net.preferIPv4Stack=true",
]
ENVIRONMENT = {
    "AWS_REGION": "us-east-1",
    "AWS_LAMBDA_FUNCTION_NAME": "cold-start",
    "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512",
    "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/cold-start",
    "AWS_LAMBDA_LOG_STREAM_NAME": "cold-start",
    "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
}
INHERITED = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR")
CLIENT = "com.amazonaws.services.lambda.runtime.api.client.AWSLambda"
LIBRARY = "-Dcom.amazonaws.services.lambda.runtime.api.client.runtimeapi.NativeClient.JNI="

# The p50 is over all but the first.
INVOCATIONS = 1001
TRAINING = 201
SECONDS = 120


class Process:
    """How a row is started: in `folder`, as `build.lay_out` left it."""

    def __init__(self, row, folder, java_home, client, endpoint):
        self.row, self.folder, self.java, self.client = row, folder, java_home / "bin" / "java", client
        self.endpoint = endpoint
        self.cache = folder / "cache.aot"

    def _command(self, options):
        path = f"{self.folder}/flat/*:{self.client}/*" if self.row.mode == AOT else f"{self.client}/*"
        library = LIBRARY + str(self.client / "libaws-lambda-jni.so")
        return [str(self.java), *options, *FLAGS, library, "-cp", path, CLIENT, self.row.handler]

    def train(self):
        """Writes the AOT cache of a row that has one."""
        log = self._run([f"-XX:AOTCacheOutput={self.cache}"], TRAINING, signal.SIGTERM)[-1]
        if not self.cache.is_file():
            raise Failed(f"{self.row.name}: the JVM wrote no AOT cache\n{log}")

    def count(self):
        """What one execution asks of the database, by operation: of many, so that the first does not show."""
        cached = [f"-XX:AOTCache={self.cache}", "-XX:AOTMode=on"] if self.row.mode == AOT else []
        self._run(cached, TRAINING, signal.SIGKILL)
        return {name: round(count / TRAINING, 1) for name, count in self.endpoint.counts().items()}

    def measure(self):
        """One cold start and what follows, in ms, us and MiB.

        After a restore the clock starts with the restore's end, else with the process. `others` is how many cores
        the rest of the machine used meanwhile.
        """
        before, began = busy_seconds(), time.perf_counter()
        cached = [f"-XX:AOTCache={self.cache}", "-XX:AOTMode=on"] if self.row.mode == AOT else []
        api, started, peak, used, _ = self._run(cached, INVOCATIONS, signal.SIGKILL)
        others = (busy_seconds() - before - used) / (time.perf_counter() - began)
        cold = api.restored if self.row.mode == RESTORED else started
        return {
            "init": (api.initialised - started) * 1e3,
            "first_response": (api.first_answered - cold) * 1e3,
            "first_invocation": (api.first_answered - api.first_sent) * 1e3,
            "warm_p50": statistics.median(api.warm) * 1e6,
            "peak_rss": peak,
            "others": others,
        }

    def _run(self, options, invocations, end):
        """Runs until the answers came, and ends the process.

        Gives what was seen, when the process started, its peak RSS, the CPU seconds of both sides, and its log.
        """
        api = RuntimeApi(json.dumps(PAYLOAD).encode(), ANSWER.encode(), invocations)
        environment = {name: os.environ[name] for name in INHERITED if name in os.environ}
        environment |= ENVIRONMENT | self.row.settings
        if self.row.table:
            environment |= self.endpoint.table(ANSWER, self.row.table)
        environment |= {
            "AWS_LAMBDA_RUNTIME_API": api.address,
            "LAMBDA_TASK_ROOT": str(self.folder / "task"),
            "_HANDLER": self.row.handler,
        }
        with tempfile.TemporaryFile() as log:
            before = sum(os.times()[:4])
            started = time.perf_counter()
            process = subprocess.Popen(
                self._command(options),
                cwd=self.folder / "task",
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
            try:
                until = time.monotonic() + SECONDS
                while not api.finished.wait(0.02) and process.poll() is None and time.monotonic() < until:
                    pass
                peak = peak_rss(process.pid)
                process.send_signal(end)
                process.wait(SECONDS)
            except subprocess.TimeoutExpired:
                pass
            finally:
                if process.poll() is None:
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                api.close()
            log.seek(0)
            said = log.read().decode("utf-8", "replace")[-6000:]
        if api.error or len(api.warm) < invocations - 1:
            reason = api.error or f"{len(api.warm)} warm answers, exit code {process.returncode}"
            raise Failed(f"{self.row.name}: {reason}\n{said}")
        return api, started, peak, sum(os.times()[:4]) - before, said


def peak_rss(pid):
    """The most memory that a process held at once, in MiB; 0 if it is gone."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM:")), 0.0)


def wait_for_calm(seconds):
    """Waits until the machine has been nearly idle for a moment, and no longer than `seconds`."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        before, began = busy_seconds(), time.monotonic()
        time.sleep(0.2)
        if busy_seconds() - before < 0.2 * (time.monotonic() - began):
            return


def busy_seconds():
    """CPU seconds that the machine spent on work since it started: not idle, not waiting for a disk."""
    user, nice, system, _, _, *rest = (int(ticks) for ticks in Path("/proc/stat").read_text().split()[1:9])
    return (user + nice + system + sum(rest)) / os.sysconf("SC_CLK_TCK")
