"""DynamoDB Local in a process of its own, on the loopback address, for all rows that keep state."""

import json
import subprocess
import tempfile

from .build import Failed, jars

MAIN = "dev.portolan.benchmarks.DynamoDbEndpoint"


class Endpoint:
    """The database of a run: every start of a row has a table of its own in it."""

    def __init__(self, java_home):
        path = ":".join(str(jar) for jar in jars("endpoint"))
        self.log = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            [str(java_home / "bin" / "java"), "--enable-native-access=ALL-UNNAMED", "-cp", path, MAIN],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.log,
            text=True,
        )
        self.tables = 0
        self.url = self._answer()

    def table(self, email, profile):
        """The settings of a process that finds a fresh table, which knows a profile."""
        self.tables += 1
        name = "state-%d" % self.tables
        self._ask(f"table {name} {email} {profile}")
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": "local",
            "AWS_SECRET_ACCESS_KEY": "local",
            "AWS_SESSION_TOKEN": "local",
            "PORTOLAN_STORE": "dynamodb:" + name,
            "TABLE": name,
        }

    def counts(self):
        """Requests by operation, and units of capacity, since the table was made."""
        return json.loads(self._ask("counts"))

    def close(self):
        self.process.stdin.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _ask(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self._answer()

    def _answer(self):
        line = self.process.stdout.readline().strip()
        if not line:
            self.log.seek(0)
            raise Failed("DynamoDB Local has ended:\n" + self.log.read().decode("utf-8", "replace")[-6000:])
        return line
