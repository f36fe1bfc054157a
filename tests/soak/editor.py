"""An editor without a screen on top of the client of `benches/servers`: it keeps documents, applies edits and answers questions.

Positions are offsets into the text of a document, in characters of Python; they become lines and UTF-16 on their way to the server.
"""

import collections
import sys
import threading
import time
from pathlib import Path
from urllib.parse import unquote, urlparse

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent / "benches" / "servers"))
import client

LANGUAGES = {".py": "python", ".rs": "rust", ".ts": "typescript", ".js": "javascript", ".c": "c", ".toml": "toml", ".md": "markdown"}
CANCELLED, CONTENT_MODIFIED = -32800, -32801
ERROR = 1


class Refused(Exception):
    """The server answered with an error."""

    def __init__(self, method, error):
        super().__init__(f"{method}: {error['message']} ({error['code']})")
        self.code = error["code"]


def capabilities(watches: bool):
    """What an editor like VS Code says of itself; with `watches` it tells of files that change on disk."""
    told = {name: dict(section) for name, section in client.CAPABILITIES.items()}
    told["window"] |= {"showDocument": {"support": True}, "showMessage": {"messageActionItem": {}}}
    told["textDocument"] |= {"codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": [""]}}, "disabledSupport": True}}
    told["workspace"] |= {
        "applyEdit": True,
        "workspaceEdit": {"documentChanges": True, "resourceOperations": ["create", "rename", "delete"]},
        "didChangeConfiguration": {"dynamicRegistration": True},
        "didChangeWatchedFiles": {"dynamicRegistration": watches},
    }
    return told


class Editor(client.Client):
    """A session of one server process. Whatever goes wrong in it goes into `faults`, a list that sessions share."""

    def __init__(self, name, binary, folder, environment, log, faults, watches=False, settings=None):
        self.name, self.watches, self.faults = name, watches, faults
        self.capabilities_told = capabilities(watches)
        self.settings = settings or {}
        # One thread types, another applies what the server sends.
        self.lock = threading.RLock()
        self.changed = threading.Condition()
        self.asked, self.came, self.has_ended, self.is_killed = {}, {}, False, False
        self.documents, self.saved = {}, {}
        self.said, self.shown, self.edits = [], [], []
        self.declines, self.refuses_edits, self.sent = False, False, 0
        self.counts = collections.Counter()
        super().__init__([binary, "lsp"], folder, environment, self.settings, 60, log)

    # The connection.

    def _read(self):
        try:
            super()._read()
        except (ValueError, OSError) as error:
            if not self.is_killed:
                self.fault(f"what came is no message: {error}")
        with self.changed:
            self.has_ended = True
            self.changed.notify_all()

    def _arrived(self, arrived, message):
        if "method" in message:
            if "id" not in message:
                self.told(message["method"], message.get("params"))
                return
            super()._arrived(arrived, {"params": None, **message})
            return
        with self.changed:
            self.came[message["id"]] = (arrived, message)
            self.changed.notify_all()

    def _send(self, message):
        with self.lock:
            self.sent += 1
            try:
                super()._send(message)
            except OSError:
                if not self.is_killed:
                    raise

    def post(self, method, params):
        with self.lock:
            self.asked[self.next + 1] = (method, time.perf_counter())
            return super().post(method, params)

    def wait(self, number):
        """The answer to a request and the milliseconds that it took. An error is an exception, unless the request was called off."""
        method, begun = self.asked[number]
        with self.changed:
            self.changed.wait_for(lambda: number in self.came or self.has_ended, self.patience)
            arrived, message = self.came.pop(number, (0, None))
        if message is None:
            if self.is_killed:
                raise EOFError
            until = "before the server ended" if self.has_ended else f"within {self.patience} s"
            self.fault(f"{method} was not answered {until}")
            raise TimeoutError(method)
        del self.asked[number]
        if "error" in message:
            if message["error"]["code"] not in (CANCELLED, CONTENT_MODIFIED):
                raise Refused(method, message["error"])
            self.counts["called off"] += 1
        return message.get("result"), (arrived - begun) * 1e3

    def timed(self, method, params):
        return self.wait(self.post(method, params))

    def fault(self, text):
        self.faults.append(f"{self.name}: {text}")

    # What the server says and asks.

    def told(self, method, params):
        if method == "window/showMessage":
            self.said.append(params["message"])
        if method in ("window/showMessage", "window/logMessage") and params["type"] == ERROR:
            self.fault(f"an error was told: {params['message']}")

    def _answer(self, method, params):
        if method == "workspace/configuration":
            return [self.settings for _ in params["items"]]
        if method == "workspace/applyEdit":
            return self.apply(params["edit"])
        if method == "window/showDocument":
            self.shown.append(path_of(params["uri"]))
            return {"success": True}
        if method == "window/showMessageRequest":
            titles = [action["title"] for action in params.get("actions") or []]
            self.counts["questions"] += 1
            return None if self.declines or not titles or "Go on" in titles else {"title": titles[0]}
        return None

    def apply(self, edit):
        """Applies an edit to open documents; what is closed is opened for it. All of it is saved."""
        with self.lock:
            plain = [{"textDocument": {"uri": uri}, "edits": edits} for uri, edits in edit.get("changes", {}).items()]
            changes = edit.get("documentChanges") or plain
            if self.refuses_edits:
                return {"applied": False, "failureReason": "not now"}
            for change in changes:
                document = change.get("textDocument", {})
                if document.get("version") is not None and self.versions.get(document["uri"]) != document["version"]:
                    return {"applied": False, "failureReason": "the document has changed"}
            before = {}
            for change in changes:
                path = path_of(change.get("uri") or change["textDocument"]["uri"])
                before.setdefault(path, self.text(path))
                if change.get("kind") == "create":
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.touch()
                elif change.get("kind") == "delete":
                    self.close_document(path)
                    path.unlink()
                else:
                    self.open(path)
                    old = self.documents[path]
                    edits = [(*(offset_of(old, one["range"][end]) for end in ("start", "end")), one["newText"]) for one in change["edits"]]
                    for start, end, text in sorted(edits, reverse=True):
                        self.replace(path, start, end, text)
                    self.save(path)
            self.edits.append(before)
            return {"applied": True}

    # Documents.

    def text(self, path):
        """The text of a file as this editor has it; nothing where there is no such file."""
        if path in self.documents:
            return self.documents[path]
        return path.read_bytes().decode() if path.exists() else None

    def open(self, path, language=None):
        with self.lock:
            if path in self.documents:
                return
            self.documents[path] = self.saved[path] = path.read_bytes().decode()
            self.versions[path.as_uri()] = 1
            self.tell("textDocument/didOpen", {"textDocument": {
                "uri": path.as_uri(), "languageId": LANGUAGES.get(path.suffix, "plaintext"), "version": 1, "text": self.documents[path],
            }})

    def replace(self, path, start, end, text):
        """Puts a text in place of another in an open document."""
        with self.lock:
            old = self.documents[path]
            change = {"range": {"start": position(old, start), "end": position(old, end)}, "text": text}
            self.documents[path] = old[:start] + text + old[end:]
            self.tell_change(path, change)

    def set_text(self, path, text):
        """Puts a text in place of all of a document."""
        with self.lock:
            self.documents[path] = text
            self.tell_change(path, {"text": text})

    def tell_change(self, path, change):
        self.versions[path.as_uri()] += 1
        self.tell("textDocument/didChange", {
            "textDocument": {"uri": path.as_uri(), "version": self.versions[path.as_uri()]}, "contentChanges": [change],
        })

    def save(self, path):
        with self.lock:
            path.write_bytes(self.documents[path].encode())
            self.saved[path] = self.documents[path]
            self.tell("textDocument/didSave", {"textDocument": {"uri": path.as_uri()}})
        self.files_changed([path])

    def close_document(self, path):
        with self.lock:
            if self.documents.pop(path, None) is not None:
                del self.saved[path], self.versions[path.as_uri()]
                self.tell("textDocument/didClose", {"textDocument": {"uri": path.as_uri()}})

    def files_changed(self, paths, kind=2):
        """Tells of files that changed on disk, where this editor watches them."""
        if self.watches and paths:
            self.tell("workspace/didChangeWatchedFiles", {"changes": [{"uri": path.as_uri(), "type": kind} for path in paths]})

    def at(self, path, offset):
        return {"textDocument": {"uri": path.as_uri()}, "position": position(self.documents[path], offset)}

    # Questions.

    def search(self, query):
        return self.ask("workspace/symbol", {"query": query}) or []

    def execute(self, command, **argument):
        """The answer of a command of ours."""
        return self.ask("workspace/executeCommand", {"command": f"tierline.server.{command}", "arguments": [{"v": 1, **argument}]})

    def settled(self):
        """Waits until no job is under way. Whether that came to be."""
        end = time.monotonic() + 120
        while time.monotonic() < end:
            if self.ask("tierline/status", None)["jobs"] == 0:
                return True
            time.sleep(0.05)
        self.fault("a job did not end within two minutes")
        return False

    def kill(self):
        self.is_killed = True
        self.process.kill()
        self.process.wait()
        self.release()

    def close(self):
        super().close()
        self.release()

    def release(self):
        """Lets go of the pipes, so that sessions may come and go."""
        for stream in (self.process.stdin, self.process.stdout):
            try:
                stream.close()
            except OSError:
                pass


def position(text, offset):
    start = text.rfind("\n", 0, offset) + 1
    return {"line": text.count("\n", 0, start), "character": len(text[start:offset].encode("utf-16-le")) // 2}


def offset_of(text, place):
    start = 0
    for _ in range(place["line"]):
        next_line = text.find("\n", start)
        if next_line < 0:
            return len(text)
        start = next_line + 1
    end = text.find("\n", start)
    line = text[start : len(text) if end < 0 else end]
    return start + len(line.encode("utf-16-le")[: 2 * place["character"]].decode("utf-16-le"))


def path_of(uri):
    return Path(unquote(urlparse(uri).path))
