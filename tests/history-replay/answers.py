"""The scripted planner and workers: they answer by heart, but read every id from what they are shown, as a model has to."""

import json
import re

import steps as derived

EMPTY = {"file": "", "new_path": "", "symbols": [], "may_delete": [], "new_name": "", "goal": "", "interface": [], "depends_on": []}


class Outline:
    """The ids of a planner's prompt."""

    def __init__(self, prompt):
        self.files, self.symbols, file = {}, {}, ""
        for line in prompt.splitlines():
            if found := re.match(r"(f\d+) (\S+)(?: line \d+)?$", line):
                file = found.group(2)
                self.files[file] = found.group(1)
            elif found := re.match(r" +(s\d+) (\S.*?): (.*)$", line):
                key = (file, found.group(2), found.group(3))
                self.symbols.setdefault(key, [])
                if found.group(1) not in self.symbols[key]:
                    self.symbols[key].append(found.group(1))

    def ids(self, file, symbol):
        return self.symbols.get((file, derived.path_of(symbol), " ".join(symbol["signature"].split())), [])


def plan(prompt, steps):
    """The plan with the ids of the outline, or the look-ups that are missing for it."""
    outline = Outline(prompt)
    needed = [(step, symbol) for step in steps for symbol in step.symbols + step.gone]
    files = [step.change.old for step in steps if step.kind != "create_file" and step.change.old not in outline.files]
    unknown = [(step.change.old, symbol) for step, symbol in needed if not outline.ids(step.change.old, symbol)]
    asked = set(re.findall(r"^(outline|read|lookup) (\S+):$", prompt, re.M))
    wanted = [("outline", file) for file in files + [file for file, _ in unknown]]
    wanted += [(kind, derived.path_of(symbol) if kind == "read" else symbol["name"]) for kind in ("read", "lookup") for _, symbol in unknown]
    rounds = int((re.findall(r"Rounds of look-ups that are left: (\d+)", prompt) or ["3"])[-1])
    wanted = [ask for ask in dict.fromkeys(wanted) if ask not in asked]
    if wanted and (files or unknown) and rounds:
        kind = wanted[0][0]
        look_ups = [{"kind": kind, "of": of} for one, of in wanted if one == kind][:8]
        return {"summary": "", "invariants": [], "lookups": look_ups, "steps": []}
    made = []
    for step in steps:
        ids = lambda symbols: [id for symbol in symbols for id in outline.ids(step.change.old, symbol)]
        path = step.change.new if step.kind in ("create_file", "rename_file") else ""
        made.append({
            "id": step.id, "kind": step.kind, **EMPTY, "file": outline.files.get(step.change.old, "") if step.kind != "create_file" else "",
            "new_path": path, "symbols": ids(step.symbols), "may_delete": ids(step.gone) if step.kind not in ("create_file", "insert") else [],
            "goal": step.goal, "interface": step.interface, "depends_on": [other.id for other in step.after],
        })
    return {"summary": "What the commit does.", "invariants": ["Nothing else changes."], "lookups": [], "steps": made}


def step_of(prompt, steps):
    """The step that a worker is asked for."""
    return next(step for step in steps if step.goal and f"\nStep: {step.goal}\n" in prompt)


def operation(op, symbol="", find="", text=""):
    return {"op": op, "symbol": symbol, "find": find, "text": text}


def edit(prompt, step):
    """The operations of one step."""
    if step.kind == "create_file":
        return done([operation("write_file", text=step.text)])
    old = step.before
    lines, hunks = derived.hunks(old, step.text)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    cores = [(starts[first], starts[behind], text) for first, behind, text in hunks]
    if step.kind == "edit_file":
        return done([operation("replace_text", "file", old[edit.low : edit.high], edit.text(old)) for edit in derived.edits_within(old, 0, len(old), cores)])
    blocks = blocks_of(prompt, old)
    ops, held = [], {}
    for (first, behind, text), core in zip(hunks, cores):
        for id, (start, end) in blocks.items():
            if step.kind != "insert" and (fitted := fit(old, start, end, core)):
                held.setdefault(id, []).append(fitted)
                break
        else:
            found = derived.beside(lines, [symbol for symbol in step.symbols], first, text)
            if not found:
                raise AssertionError(f"{step.change.old}:{first + 1} is in none of {list(blocks)}")
            symbol, op, inserted = found
            id = next(id for id, (start, end) in blocks.items() if start <= starts[symbol["line"] - 1] + symbol["column"] - 1 < end)
            ops.append(operation(op, id, text=inserted))
    for id, cores in held.items():
        start, end = blocks[id]
        changed = sum(max(core[1] - core[0], len(core[2])) for core in cores)
        if 2 * changed > end - start:
            ops.append(operation("replace_symbol", id, text=derived.Edit(start, end, cores).text(old)))
        else:
            ops += [operation("replace_text", id, old[edit.low : edit.high], edit.text(old)) for edit in derived.edits_within(old, start, end, cores)]
    return done(ops)


def fit(old, start, end, core):
    """A difference with the bytes taken off that stand outside of a block and stay; `None` where others do."""
    low, high, text = core
    while low < start and text and old[low] == text[0]:
        low, text = low + 1, text[1:]
    while high > end and text and old[high - 1] == text[-1]:
        high, text = high - 1, text[:-1]
    return (low, high, text) if start <= low and high <= end and (low < high or start < low) else None


def blocks_of(prompt, old):
    """Where the sources that a worker is shown stand in the file, by the ids of their symbols."""
    source = prompt[prompt.rindex("\n-----\n", 0, prompt.rindex("\n-----")) + 7 : prompt.rindex("\n-----")]
    blocks, at = {}, 0
    for block in re.split(r"(?:^|\n\n)(?=\[s\d+\]\n)", source):
        if found := re.match(r"\[(s\d+)\]\n(.*)", block, re.S):
            start = old.index(found.group(2), at)
            blocks[found.group(1)] = (start, start + len(found.group(2)))
            at = start
    return blocks


def done(ops):
    return {"status": "done", "note": "", "ops": ops}


def script(steps, change):
    """A script for the server: from a request to the text of its answer, as `change` makes it of the request, the step and the answer."""
    def answer(request):
        # A server that breaks the shape is asked without naming it.
        if "\nOutline:\n" in request.prompt:
            step, value = None, plan(request.prompt, steps)
        else:
            step = step_of(request.prompt, steps)
            value = edit(request.prompt, step)
        text = json.dumps(value)
        return text if value.get("lookups") else change(request, step, value)

    return answer
