"""A language client that asks one question at a time and notes how long each answer took."""

import json
import os
import queue
import subprocess
import threading
import time
from pathlib import Path

CAPABILITIES = {
    "general": {"positionEncodings": ["utf-16"]},
    "workspace": {"configuration": True, "workspaceFolders": True, "symbol": {"dynamicRegistration": False}},
    "window": {"workDoneProgress": True},
    "textDocument": {
        "synchronization": {},
        "hover": {"contentFormat": ["markdown", "plaintext"]},
        "documentSymbol": {"hierarchicalDocumentSymbolSupport": True},
    },
}

class Client:
    """A server process and its open connection. `ask` raises `TimeoutError` after `patience` seconds. What the server logs goes to `log`."""

    capabilities_told = CAPABILITIES

    def __init__(self, command: list[str], folder: Path, environment: dict[str, str], options=None, patience: float = 300, log=subprocess.DEVNULL):
        self.patience = patience
        self.folder = folder
        self.started = time.perf_counter()
        self.process = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log,
            env={**os.environ, **environment},
        )
        self.next = 0
        self.versions: dict[str, int] = {}
        self.answers: queue.Queue = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()
        uri = folder.as_uri()
        self.capabilities = self.ask("initialize", {
            "processId": os.getpid(), "rootUri": uri, "workspaceFolders": [{"uri": uri, "name": folder.name}],
            "capabilities": self.capabilities_told, "initializationOptions": options,
        })["capabilities"]
        self.tell("initialized", {})

    def _read(self):
        stream = self.process.stdout
        while True:
            length = 0
            while (line := stream.readline().strip()):
                name, _, value = line.partition(b":")
                if name.lower() == b"content-length":
                    length = int(value)
            if not length:
                return
            body = stream.read(length)
            # What this program takes to read an answer is none of the server's time.
            arrived = time.perf_counter()
            self._arrived(arrived, json.loads(body))

    def _arrived(self, arrived: float, message):
        if "method" not in message:
            self.answers.put((arrived, message))
        elif "id" in message:
            self._send({"id": message["id"], "result": self._answer(message["method"], message.get("params"))})

    def _answer(self, method: str, params):
        """Servers ask for settings and for progress tokens, and some wait until they have them."""
        return [None] * len(params["items"]) if method == "workspace/configuration" else None

    def _send(self, message):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def tell(self, method: str, params):
        self._send({"method": method, "params": params})

    def ask(self, method: str, params):
        """The result; None where the server answers with an error, as those do that are not ready yet."""
        return self.timed(method, params)[0]

    def post(self, method: str, params) -> int:
        """Sends a request whose answer is waited for later, or never."""
        self.next += 1
        self._send({"id": self.next, "method": method, "params": params})
        return self.next

    def timed(self, method: str, params):
        """The result and the milliseconds from the request until its answer."""
        begin = time.perf_counter()
        self.post(method, params)
        while True:
            left = self.patience - (time.perf_counter() - begin)
            try:
                arrived, message = self.answers.get(timeout=max(left, 0.001))
            except queue.Empty:
                raise TimeoutError(f"{method} was not answered within {self.patience} s") from None
            if message["id"] == self.next:
                return message.get("result"), (arrived - begin) * 1e3

    def open(self, path: Path, language: str):
        self.versions[path.as_uri()] = 1
        self.tell("textDocument/didOpen", {"textDocument": {
            "uri": path.as_uri(), "languageId": language, "version": 1, "text": path.read_text(),
        }})

    def insert(self, path: Path, line: int, text: str):
        """Types `text` at the start of a zero-based line."""
        uri = path.as_uri()
        self.versions[uri] += 1
        at = {"line": line, "character": 0}
        self.tell("textDocument/didChange", {
            "textDocument": {"uri": uri, "version": self.versions[uri]},
            "contentChanges": [{"range": {"start": at, "end": at}, "text": text}],
        })

    def peak_bytes(self) -> int:
        """Most memory that the server's processes have held, each at its own worst moment."""
        return sum(_peak(pid) for pid in _family(self.process.pid))

    def close(self):
        try:
            self.patience = 20
            self.ask("shutdown", None)
            self.tell("exit", None)
            self.process.wait(10)
        except (TimeoutError, subprocess.TimeoutExpired, BrokenPipeError):
            self.process.kill()
            self.process.wait()


def _family(pid: int):
    yield pid
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return
    for child in children:
        yield from _family(int(child))


def _peak(pid: int) -> int:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM:")), 0)
