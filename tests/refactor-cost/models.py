"""A model server for measurements: it plans and carries out one kind of task by reading what it is shown, and counts tokens as bytes / 4.

A task says "note every call of NAME": the definition's comment gets a line, and every plain line of each caller a trailing comment, as if a
model had written each of these functions anew. What the texts mean does not matter here, how long they are does. A planner also reports as many tokens of reasoning as
`REASONING` says.
"""

import collections
import json
import re
import sys
import threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import scripted_models

REASONING = 2_000


class Scripted:
    """The answers, and what was asked."""

    def __init__(self):
        self.lock = threading.Lock()
        self.requests = []

    def reply(self, request):
        with self.lock:
            self.requests.append(request.raw)
        if request.schema == "plan_v2":
            return scripted_models.Answer(json.dumps(plan(request.prompt)), REASONING)
        return scripted_models.Answer(json.dumps(edit(request.prompt) if request.schema == "edit_v1" else {}))


def tasks(run, root, head="pub"):
    """The functions below a folder whose name is theirs alone, whose signature begins so and that are used in four to nine files. `run`
    runs tierline there with arguments and what it is told, and gives back its code, what it printed and what went wrong."""
    _, printed, _ = run("symbols", ".")
    symbols = json.loads(printed)
    counts = collections.Counter(symbol["name"] for symbol in symbols)
    fit = [
        symbol
        for symbol in symbols
        if symbol["kind"] == "function" and not symbol["container"] and len(symbol["name"]) > 4
        and counts[symbol["name"]] == 1 and symbol["signature"].startswith(head) and "test" not in symbol["file"]
    ]
    places = [f"{root / symbol['file']}:{symbol['line']}:{symbol['column']}" for symbol in fit]
    _, printed, _ = run("resolve", "--references", told="\n".join(places) + "\n")
    found = []
    for symbol, line in zip(fit, printed.splitlines()):
        files = {reference["file"] for reference in json.loads(line).get("references", [])} | {symbol["file"]}
        if 4 <= len(files) <= 9:
            found.append(symbol["name"])
    return found


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
        defined = f" {name} itself is defined here." if path == target[0] else ""
        goal = f"Note every call of {name} in this file, as the overall goal says.{defined}"
        steps.append({
            "id": f"e{number}", "kind": "edit_symbol", "file": paths[path], "new_path": "", "symbols": sorted(set(of_file)),
            "may_delete": [], "new_name": "", "goal": goal, "interface": [], "depends_on": [],
        })
    summary = (
        f"Every call of {name} in a file, and each line around it in the same function, is followed by the comment `// noted`, so "
        f"that whoever reads the caller sees that {name} is called on purpose. Where {name} itself is defined, its documentation "
        "gets one more line that says so. Change nothing else: neither names nor signatures nor the order of code."
    )
    return {"summary": summary, "invariants": ["No behaviour changes."], "lookups": [], "steps": steps}


def edit(prompt):
    name = re.search(r"Note every call of (\w+) in this file", prompt).group(1)
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


def start():
    """A running server, and its script."""
    scripted = Scripted()
    return scripted_models.Server(scripted.reply).start(), scripted
