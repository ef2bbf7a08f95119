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
CLIENT = "com.amazonaws.services.lambda.runtime.api.client.AWSLambda"
LIBRARY = "-Dcom.amazonaws.services.lambda.runtime.api.client.runtimeapi.NativeClient.JNI="

# The p50 is over all but the first.
INVOCATIONS = 1001
TRAINING = 201
SECONDS = 120


class Process:
    """How a row is started: in `folder`, as `build.lay_out` left it."""

    def __init__(self, row, folder, java_home, client):
        self.row, self.folder, self.java, self.client = row, folder, java_home / "bin" / "java", client
        self.cache = folder / "cache.aot"

    def _command(self, option):
        path = f"{self.folder}/flat/*:{self.client}/*" if self.row.mode == AOT else f"{self.client}/*"
        library = LIBRARY + str(self.client / "libaws-lambda-jni.so")
        return [str(self.java), *option, *FLAGS, library, "-cp", path, CLIENT, self.row.handler]

    def train(self):
        """Writes the AOT cache of a row that has one."""
        self._run([f"-XX:AOTCacheOutput={self.cache}"], TRAINING, signal.SIGTERM)
        if not self.cache.is_file():
            raise Failed(f"{self.row.name}: the JVM wrote no AOT cache")

    def measure(self):
        """One cold start and what follows, in ms, us and MiB.

        After a restore the clock starts with the restore's end, else with the process.
        """
        api, started, peak = self._run(
            [f"-XX:AOTCache={self.cache}", "-XX:AOTMode=on"] if self.row.mode == AOT else [], INVOCATIONS, signal.SIGKILL
        )
        cold = api.restored if self.row.mode == RESTORED else started
        return {
            "init": (api.initialised - started) * 1e3,
            "first_response": (api.first_answered - cold) * 1e3,
            "first_invocation": (api.first_answered - api.first_sent) * 1e3,
            "warm_p50": statistics.median(api.warm) * 1e6,
            "peak_rss": peak,
        }

    def _run(self, option, invocations, end):
        """Runs until the answers came, ends the process, and gives what was seen, when it started, and its peak RSS."""
        api = RuntimeApi(json.dumps(PAYLOAD).encode(), ANSWER.encode(), invocations)
        inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR") if name in os.environ}
        environment = inherited | ENVIRONMENT | self.row.settings
        environment |= {
            "AWS_LAMBDA_RUNTIME_API": api.address,
            "LAMBDA_TASK_ROOT": str(self.folder / "task"),
            "_HANDLER": self.row.handler,
        }
        with tempfile.TemporaryFile() as log:
            started = time.perf_counter()
            process = subprocess.Popen(
                self._command(option),
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
            finally:
                process.kill()
                process.wait()
                api.close()
            if api.error or len(api.warm) < invocations - 1:
                log.seek(0)
                said = log.read().decode("utf-8", "replace")[-6000:]
                reason = api.error or f"{len(api.warm)} warm answers, exit code {process.returncode}"
                raise Failed(f"{self.row.name}: {reason}\n{said}")
        return api, started, peak


def peak_rss(pid):
    """The most memory that a process held at once, in MiB; 0 if it is gone."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM:")), 0.0)
