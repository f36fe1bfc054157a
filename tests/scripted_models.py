"""A model server whose answers are a script: Chat Completions on a free port of this machine, for programs that measure or record."""

import json
import sys
import threading
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Request:
    """One request: the name of the schema that is asked for, all text of its messages, the model, the key, and its bytes."""

    schema: str
    prompt: str
    model: str
    authorization: str | None
    raw: bytes


@dataclass(frozen=True)
class Answer:
    """What comes back: the text, the tokens of reasoning that are reported beside it, why it ended, and the share of its bytes after which
    the connection is cut."""

    text: str
    reasoning: int = 0
    finish: str = "stop"
    sent: float = 1


@dataclass(frozen=True)
class Failure:
    """What comes back instead of an answer: a status, bytes that need not mean anything, and further headers."""

    status: int
    text: str = ""
    headers: tuple[tuple[str, str], ...] = ()


def tokens(text: str) -> int:
    """Four bytes are counted as a token."""
    return len(text.encode()) // 4


class Handler(BaseHTTPRequestHandler):
    # Nothing of an answer waits in this process for the client to acknowledge what came before.
    disable_nagle_algorithm = True
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        raw = self.rfile.read(int(self.headers["content-length"]))
        body = json.loads(raw)
        schema = body.get("response_format", {}).get("json_schema", {}).get("name", "")
        prompt = "\n".join(str(message["content"]) for message in body["messages"])
        request = Request(schema, prompt, body["model"], self.headers.get("authorization"), raw)
        answer = self.server.script(request)
        if isinstance(answer, Failure):
            self.reply("application/json", answer.text, answer.status, answer.headers)
            return
        usage = {
            "prompt_tokens": tokens(raw.decode()),
            "completion_tokens": tokens(answer.text) + answer.reasoning,
            "completion_tokens_details": {"reasoning_tokens": answer.reasoning},
        }
        usage["total_tokens"] = usage["prompt_tokens"] + usage["completion_tokens"]
        head = {"id": "1", "created": 0, "model": body["model"]}
        if body.get("stream"):
            chunk = {"index": 0, "delta": {"role": "assistant", "content": answer.text}, "finish_reason": None}
            last = {"index": 0, "delta": {}, "finish_reason": answer.finish}
            events = [{**head, "object": "chat.completion.chunk", "choices": [piece]} for piece in (chunk, last)]
            events.append({**head, "object": "chat.completion.chunk", "choices": [], "usage": usage})
            sent = "".join(f"data: {json.dumps(event)}\n\n" for event in events) + "data: [DONE]\n\n"
            kind = "text/event-stream"
        else:
            choice = {"index": 0, "message": {"role": "assistant", "content": answer.text}, "finish_reason": answer.finish}
            kind, sent = "application/json", json.dumps({**head, "object": "chat.completion", "choices": [choice], "usage": usage})
        if self.reply(kind, sent, share=answer.sent):
            self.server.answered.append((request, time.monotonic()))

    def do_GET(self):
        self.reply("application/json", json.dumps({"object": "list", "data": []}))

    def reply(self, kind, text, status=200, headers=(), share=1):
        """Whether all of it was sent."""
        data = text.encode()
        try:
            self.send_response(status)
            for name, value in (("content-type", kind), ("content-length", str(len(data))), *headers):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data[: int(len(data) * share)])
            self.close_connection = share < 1
            return share == 1
        except OSError:
            return False  # Called off meanwhile.

    def log_message(self, *_):
        pass


class Server(ThreadingHTTPServer):
    """Answers each request, in a thread of its own, with what `script` makes of it: a function from `Request` to `Answer`. `answered` holds
    the requests whose answers were sent to their last byte, each with the time of that."""

    daemon_threads = True

    def __init__(self, script):
        super().__init__(("127.0.0.1", 0), Handler)
        self.script = script
        self.answered = []

    def handle_error(self, request, client_address):
        """A client that was killed is no fault of the server."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)

    def start(self):
        """Serves beside whatever else is done, and gives itself back."""
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self
