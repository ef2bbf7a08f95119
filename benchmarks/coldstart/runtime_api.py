"""The Runtime API of AWS Lambda, version 2018-06-01, for one process, on the loopback address."""

import socket
import threading
import time

RESPONSE = b"HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n%s\r\n%s"
EVENT = (
    "Lambda-Runtime-Aws-Request-Id: 8476a536-e9f4-11e8-9739-%012d\r\n"
    "Lambda-Runtime-Deadline-Ms: %d\r\n"
    "Lambda-Runtime-Invoked-Function-Arn: arn:aws:lambda:us-east-1:123456789012:function:cold-start\r\n"
    "Lambda-Runtime-Trace-Id: Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=0\r\n"
)


class Connection:
    """Requests of HTTP/1.1 from a socket. Plain sockets: a server of the library costs more than what is measured."""

    def __init__(self, peer):
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.peer = peer
        self.unread = b""

    def request(self):
        """The next request's path and body, or None at the end."""
        while b"\r\n\r\n" not in self.unread:
            if not self._fill():
                return None
        head, self.unread = self.unread.split(b"\r\n\r\n", 1)
        lines = head.decode("latin-1").split("\r\n")
        headers = dict(line.lower().split(":", 1) for line in lines[1:])
        length = int(headers.get("content-length", "0"))
        while len(self.unread) < length:
            if not self._fill():
                return None
        body, self.unread = self.unread[:length], self.unread[length:]
        return lines[0].split(" ")[1], body

    def respond(self, status, headers=b"", body=b""):
        self.peer.sendall(RESPONSE % (status, len(body), headers, body))

    def _fill(self):
        received = self.peer.recv(65536)
        self.unread += received
        return received


class RuntimeApi:
    """Hands one event out again and again, and notes when what happened.

    `finished` is set when `invocations` answers came, or at the first that is wrong: then `error` says what was.
    Times are seconds of `time.perf_counter`; `warm` holds, for every answer but the first, the time from the event's
    sending to the answer's last byte.
    """

    def __init__(self, event, expected, invocations):
        self.event, self.expected, self.invocations = event, expected, invocations
        self.initialised = self.restored = self.first_sent = self.first_answered = None
        self.warm, self.error, self.finished = [], None, threading.Event()
        self._sent, self._count = None, 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = "127.0.0.1:%d" % self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        self._listener.close()

    def _accept(self):
        while True:
            try:
                peer, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(Connection(peer),), daemon=True).start()

    def _serve(self, connection):
        try:
            while request := connection.request():
                self._answer(connection, *request, time.perf_counter())
        except OSError:
            pass

    def _answer(self, connection, path, body, now):
        if path.endswith("/restore/next"):
            self.initialised = now
            self.restored = time.perf_counter()
            connection.respond(b"200 OK")
        elif path.endswith("/invocation/next"):
            self.initialised = self.initialised or now
            if self._count < self.invocations:
                self._count += 1
                deadline = int(time.time() * 1000) + 30000
                headers = (EVENT % (self._count, deadline)).encode()
                # Before it is sent: on a busy machine the answer may be there before the next line runs.
                self._sent = time.perf_counter()
                self.first_sent = self.first_sent or self._sent
                connection.respond(b"200 OK", headers, self.event)
            else:
                self.finished.set()  # and no further event: the environment stays frozen
        elif path.endswith("/response"):
            if self.first_answered is None:
                self.first_answered = now
            else:
                self.warm.append(now - self._sent)
            if self.expected not in body:
                self._fail("unexpected answer", body)
            connection.respond(b"202 Accepted")
        else:
            self._fail(path, body)
            connection.respond(b"202 Accepted")

    def _fail(self, what, body):
        self.error = self.error or what + ": " + body[:2000].decode("utf-8", "replace")
        self.finished.set()
