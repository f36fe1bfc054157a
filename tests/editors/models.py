#!/usr/bin/env python3
"""models.py PORTFILE [REQUESTS]: a model server that knows a few answers by heart, for sessions of real editors.

It speaks Chat Completions on a free port of this machine, whose number goes into PORTFILE, and answers by the schema that it is asked
for. The symbol that an edit is about is the one that the prompt marks as changeable: ids are read, never guessed.

Every request goes into REQUESTS, one JSON object a line, with the key that it came with. `DELAY_summary=2` in the environment holds
the answers to that schema back for so many seconds. `STORY` names a file with other answers, for another workspace: {"summary": …,
"plan": {"summary", "invariants", "steps"}, "edits": {GOAL OF A STEP: [[FIND, TEXT], …]}}; files and symbols stand there by name.
"""

import json
import os
import pathlib
import re
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import scripted_models

STORY = json.loads(pathlib.Path(os.environ["STORY"]).read_text(encoding="utf-8")) if "STORY" in os.environ else {}
DOCUMENTATION = "Describes the sides, each as a square."


def operation(op, symbol, find="", text=""):
    return {"status": "done", "note": "", "ops": [{"op": op, "symbol": symbol, "find": find, "text": text}]}


def changeable(prompt):
    found = re.search(r"^(s\d+) .*\(may be changed\)", prompt, re.M)
    return found.group(1) if found else "s1"


def id_of(prompt, name):
    """The id under which the outline of a plan shows a file or a symbol."""
    found = re.search(rf"^ *([fs]\d+) {re.escape(name)}(?::|$)", prompt, re.M)
    return found.group(1) if found else ""


def step(id, kind, **changes):
    empty = {"file": "", "new_path": "", "symbols": [], "may_delete": [], "new_name": "", "goal": "", "interface": [], "depends_on": []}
    return {"id": id, "kind": kind, **empty, **changes}


def plan(prompt):
    def of(name):
        return id_of(prompt, name)

    steps = [
        step("e1", "edit_symbol", file=of("shapes.py"), symbols=[of("perimeter")], goal="Name the side first in perimeter."),
        step("e2", "create_file", new_path="notes.py", goal="Write the notes file."),
        step("e3", "rename_file", file=of("report.py"), new_path="summary.py"),
        step("e4", "edit_symbol", file=of("survey/plan.py"), symbols=[of("twice")], goal="Name the factor last in twice."),
        step("e5", "edit_symbol", file=of("shapes.py"), symbols=[of("Square::area")], goal="Raise the side to a power.", depends_on=["e1"]),
    ]
    return {"summary": "Shapes that read better.", "invariants": ["Every result stays the same."], "lookups": [], "steps": steps}


def edit(prompt):
    if "Write the notes file." in prompt:
        return operation("write_file", "", text='"""Notes on shapes."""\n\nNOTES = []\n')
    if "Name the side first" in prompt:
        return operation("replace_text", changeable(prompt), "4 * side", "side * 4")
    if "Name the factor last" in prompt:
        return operation("replace_text", changeable(prompt), "2 * total_area(fields)", "total_area(fields) * 2")
    symbol = changeable(prompt)
    if "is not assignable to type 'number'" in prompt:
        return operation("replace_text", symbol, '"0"', "0")
    if "Another tool complains" in prompt:
        return operation("replace_text", symbol, "for side in sides", "for side in list(sides)")
    return operation("replace_text", symbol, "found >= wanted", "found > wanted")


def told(schema, prompt):
    """What the story answers; nothing where it says nothing of it."""
    if schema == "plan_v2" and "plan" in STORY:

        def by_id(written):
            return {**step(**written), "file": id_of(prompt, written["file"]), "symbols": [id_of(prompt, name) for name in written["symbols"]]}

        return {"lookups": [], **STORY["plan"], "steps": [by_id(written) for written in STORY["plan"]["steps"]]}
    if schema == "edit_v1":
        for goal, changes in STORY.get("edits", {}).items():
            if goal in prompt:
                ops = [operation("replace_text", changeable(prompt), find, text)["ops"][0] for find, text in changes]
                return {"status": "done", "note": "", "ops": ops}
    if schema == "summary_v1" and "summary" in STORY:
        return {"summary": STORY["summary"]}
    return None


def answer(schema, prompt):
    story = told(schema, prompt)
    if story is not None:
        return story
    if schema == "edit_v1":
        return edit(prompt)
    if schema == "document_v1":
        return {"documentation": DOCUMENTATION, "cannot": ""}
    if schema == "plan_v2":
        return plan(prompt)
    if schema == "classify_v1":
        return {"reach": "symbol", "changes_interface": False}
    if schema == "summary_v1":
        return {"summary": "Adds up what each shape says of itself."}
    if schema == "explain_v1":
        return {"paragraphs": ["It asks each shape for its area and adds the answers up."]}
    if schema == "lookup_words_v1":
        return {"words": ["sum", "surface"]}
    if schema == "lookup_v1":
        return {"choices": [{"number": 1, "why": "It adds up areas, which is what the question asks for."}]}
    return {}


def script(request):
    if len(sys.argv) > 2:
        seen = {"schema": request.schema, "model": request.model, "authorization": request.authorization}
        with open(sys.argv[2], "a", encoding="utf-8") as requests:
            requests.write(json.dumps(seen) + "\n")
    time.sleep(float(os.environ.get("DELAY_" + request.schema.removesuffix("_v1"), "0")))
    if "take your time" in request.prompt:
        # Nobody waits so long: the request is called off before.
        time.sleep(600)
    return scripted_models.Answer(json.dumps(answer(request.schema, request.prompt)))


def main():
    server = scripted_models.Server(script)
    with open(sys.argv[1] + ".part", "w", encoding="utf-8") as file:
        file.write(str(server.server_port))
    os.rename(sys.argv[1] + ".part", sys.argv[1])
    server.serve_forever()


if __name__ == "__main__":
    main()
