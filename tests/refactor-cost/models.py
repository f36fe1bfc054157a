"""A model server for measurements: it plans and carries out one kind of task by reading what it is shown, and counts tokens as bytes / 4.

A task says "note every call of NAME": the definition's comment gets a line, and every plain line of each caller a trailing comment, as if a
model had written each of these functions anew. What the texts mean does not matter here, how long they are does. A planner also reports as many tokens of reasoning as
`REASONING` says.
"""

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

REASONING = 2_000


class Scripted:
    """The answers, and what was asked and answered."""

    def __init__(self):
        self.lock = threading.Lock()
        self.requests = []
        self.hold = None

    def answer(self, schema, prompt):
        if schema == "plan_v2":
            return plan(prompt)
        if schema == "edit_v1":
            return edit(prompt)
        return {}


def plan(prompt):
    name = re.findall(r"^Request: note every call of (\w+)", prompt, re.M)[-1]
    symbols, file = {}, ""
    for line in prompt.splitlines():
        if found := re.match(r"(f\d+) (\S+)$", line):
            file = found.group(2)
        elif found := re.match(r" +(s\d+) ([^ ]+): ", line):
            symbols.setdefault((file, found.group(2)), found.group(1))
    users, asked = [], False
    known = {symbol: path for (path, _), symbol in symbols.items()}
    target = next((key for key in symbols if key[1] == name), None)
    if target and (listed := re.search(rf"^{symbols[target]} has \d+ uses.*, in: (s\d.*)$", prompt, re.M)):
        asked = True
        users = [(known[symbol], symbol) for symbol in listed.group(1).split(", ") if symbol in known]
    for block in re.split(r"^(?=references )", prompt, flags=re.M)[1:]:
        asked, file = True, ""
        for line in block.splitlines()[2:]:
            if found := re.match(r"f\d+ (\S+)$", line):
                file = found.group(1)
            elif found := re.match(r" +(s\d+) ([^ ]+): ", line):
                users.append((file, found.group(1)))
            elif not line.startswith("f"):
                break
    if target is None or not asked:
        of = symbols[target] if target else name
        return {"summary": "", "invariants": [], "lookups": [{"kind": "references", "of": of}], "steps": []}
    paths = dict((match[1], match[0]) for match in re.findall(r"^(f\d+) (\S+)$", prompt, re.M))
    by_file = {}
    for path, symbol in users:
        by_file.setdefault(path, []).append(symbol)
    by_file.setdefault(target[0], []).append(symbols[target])
    steps = []
    for number, (path, of_file) in enumerate(sorted(by_file.items()), 1):
        goal = (
            f"Every call of {name} in this file, and each line around it in the same function, is followed by the comment `// noted`, so "
            f"that whoever reads the caller sees that {name} is called on purpose. Where {name} itself is defined here, its documentation "
            "gets one more line that says so. Change nothing else: neither names nor signatures nor the order of code."
        )
        steps.append({
            "id": f"e{number}", "kind": "edit_symbol", "file": paths[path], "new_path": "", "symbols": sorted(set(of_file)),
            "may_delete": [], "new_name": "", "goal": goal, "interface": [], "depends_on": [],
        })
    summary = f"Each call of {name} says that it is one, and {name} says that they do."
    return {"summary": summary, "invariants": ["No behaviour changes."], "lookups": [], "steps": steps}


def edit(prompt):
    name = re.search(r"Every call of (\w+) in this file", prompt).group(1)
    source = prompt[prompt.rindex("\n-----\n", 0, prompt.rindex("\n-----")) :]
    ops = []
    for block in re.split(r"^\[(?=s\d+\]\n)", source, flags=re.M)[1:]:
        symbol, text = re.match(r"(s\d+)\]\n(.*)", block, re.S).groups()
        text = text.split("\n-----")[0].rstrip("\n")
        if re.search(rf"^[^/\n]*\b(fn|struct|enum|const|static|type|trait) {name}\b", text, re.M):
            # The definition comes whole, as from a model that is told to write all of it.
            new = text.replace("\n", "\n/// All calls are noted.\n", 1) if text.startswith("///") else "/// All calls are noted.\n" + text
            ops.append({"op": "replace_symbol", "symbol": symbol, "find": "", "text": new})
            continue
        lines = [line + " // noted" if noted(line) else line for line in text.splitlines()]
        ops.append({"op": "replace_symbol", "symbol": symbol, "find": "", "text": "\n".join(lines)})
    if not ops:
        return {"status": "cannot", "note": "no call stands on a line of its own", "ops": []}
    return {"status": "done", "note": "", "ops": ops}


def noted(line):
    """A line that is nothing but code, so that a comment may stand behind it."""
    return line.strip().endswith((";", "{", "}", ",", ")")) and not any(sign in line for sign in ("//", '"', "/*", "*/"))


def tokens(text):
    return len(text.encode()) // 4


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        scripted = self.server.scripted
        raw = self.rfile.read(int(self.headers["content-length"]))
        body = json.loads(raw)
        schema = body.get("response_format", {}).get("json_schema", {}).get("name", "")
        prompt = "\n".join(str(message["content"]) for message in body["messages"])
        with scripted.lock:
            scripted.requests.append(raw)
            hold = scripted.hold
        if hold:
            hold(len(scripted.requests))
        text = json.dumps(scripted.answer(schema, prompt))
        reasoning = REASONING if schema == "plan_v2" else 0
        usage = {
            "prompt_tokens": tokens(raw.decode()),
            "completion_tokens": tokens(text) + reasoning,
            "completion_tokens_details": {"reasoning_tokens": reasoning},
        }
        usage["total_tokens"] = usage["prompt_tokens"] + usage["completion_tokens"]
        head = {"id": "1", "created": 0, "model": body["model"]}
        if body.get("stream"):
            chunk = {"index": 0, "delta": {"role": "assistant", "content": text}, "finish_reason": None}
            last = {"index": 0, "delta": {}, "finish_reason": "stop"}
            events = [{**head, "object": "chat.completion.chunk", "choices": [piece]} for piece in (chunk, last)]
            events.append({**head, "object": "chat.completion.chunk", "choices": [], "usage": usage})
            kind, sent = "text/event-stream", "".join(f"data: {json.dumps(event)}\n\n" for event in events) + "data: [DONE]\n\n"
        else:
            choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
            kind, sent = "application/json", json.dumps({**head, "object": "chat.completion", "choices": [choice], "usage": usage})
        self.reply(kind, sent)

    def do_GET(self):
        self.reply("application/json", json.dumps({"object": "list", "data": []}))

    def reply(self, kind, text):
        data = text.encode()
        try:
            self.send_response(200)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)
        except OSError:
            pass  # Called off meanwhile.

    def log_message(self, *_):
        pass


def start():
    """A running server: its port, and its script."""
    ThreadingHTTPServer.daemon_threads = True
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.scripted = Scripted()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_port, server.scripted
