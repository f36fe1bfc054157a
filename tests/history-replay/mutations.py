"""Ten ways in which an answer can be wrong. Each takes what a scripted planner (`step` is `None`) or worker says and gives back what it says
instead, as text; `None` where this answer cannot be spoiled in that way, so that another one is."""

import copy
import json
import random
import re

import answers
import steps as derived

COMMENT = {".py": "#"}


class Spoiled:
    """Has one answer of a replay spoiled, chosen at random among those to which that can be done. A stubborn model says the same however
    often it is asked, any other one gives the right answer when its own comes back to it."""

    def __init__(self, mutation, seed, stubborn, world):
        self.mutation, self.seed, self.stubborn, self.world = mutation, seed, stubborn, world
        order = [None, *(step for step in world.steps if step.goal)]
        random.Random(seed).shuffle(order)
        said = lambda step: world.said.get(step and step.id)
        asked = lambda step: world.asked[step and step.id]
        # Where there is a choice, a worker's answer tells more than the plan's.
        if mutation is dangling_caller:
            order.sort(key=lambda step: step is None)
        self.target = next((step for step in order if said(step) and self.spoil(step, said(step), asked(step))), mutation)
        self.given = 0

    def spoil(self, step, value, prompt):
        return self.mutation(self.world, random.Random(self.seed), step, copy.deepcopy(value), prompt)

    def __call__(self, request, step, value):
        if step is None and self.target is not None and self.mutation is dangling_caller:
            value = allowed_to_go(self.world, random.Random(self.seed), self.target, copy.deepcopy(value), answers.Outline(request.prompt))
        if step is not self.target or self.given and not self.stubborn:
            return json.dumps(value)
        self.given += 1
        return self.spoil(step, value, request.prompt)


def cut_json(world, chance, step, value, prompt):
    text = json.dumps(value)
    return text[: chance.randrange(len(text) // 4, len(text) - 1)]


def wrong_id(world, chance, step, value, prompt):
    """An id that nobody printed."""
    if step is None:
        made = chance.choice(value["steps"])
        made["symbols" if made["symbols"] else "file"] = ["s9999"] if made["symbols"] else "f9999"
        return json.dumps(value) if made["kind"] != "create_file" else None
    ops = [op for op in value["ops"] if op["symbol"]]
    if not ops:
        return None
    chance.choice(ops)["symbol"] = "s9999"
    return json.dumps(value)


def lazy_marker(world, chance, step, value, prompt):
    """A comment where lines were."""
    if step is None:
        return None
    sign = COMMENT.get(suffix(step), "//")
    op = max(value["ops"], key=lambda op: op["text"].count("\n"))
    lines = op["text"].splitlines(keepends=True)
    marker = chance.choice(["... existing code ...", "... rest unchanged ...", "...", "TODO: implement the rest"])
    if len(lines) < 3:
        op["text"] = f"{sign} {marker}\n"
        return json.dumps(value)
    middle = len(lines) // 2
    indent = re.match(r"\s*", lines[middle]).group(0).strip("\n")
    op["text"] = "".join([*lines[: middle - 1], f"{indent}{sign} {marker}\n", *lines[middle + 1 :]])
    return json.dumps(value)


def stale_text(world, chance, step, value, prompt):
    """Text to find as it may have been before."""
    ops = [op for op in value.get("ops", []) if op["op"] == "replace_text" and re.search(r"\w{3}", op["find"])]
    if not ops:
        return None
    op = chance.choice(ops)
    word = chance.choice(list(re.finditer(r"\w{3,}", op["find"])))
    op["find"] = op["find"][: word.start()] + word.group(0) + "_earlier" + op["find"][word.end() :]
    return json.dumps(value)


def extra_file(world, chance, step, value, prompt):
    """A file that the step is not about."""
    others = [change.old for change in world.changes if change.status == "M" and (step is None or change is not step.change)]
    if step is None:
        named = [made for made in value["steps"] if made["symbols"]]
        edits = [made for made in value["steps"] if made["kind"].startswith("edit_") and named and made["file"] != named[0]["file"]]
        if not edits:
            return None
        value["steps"].append({**edits[0], "id": "extra", "kind": "edit_symbol", "symbols": named[0]["symbols"], "may_delete": [], "depends_on": [edits[0]["id"]]})
        return json.dumps(value)
    if not others:
        return None
    other = chance.choice(others)
    if chance.random() < 0.5:
        value["ops"].append({**answers.operation("write_file", other, text="overwritten\n")})
    else:
        chance.choice(value["ops"])["file"] = other
    return json.dumps(value)


def path_escape(world, chance, step, value, prompt):
    """A path that leads out of the workspace, or to where editors and version control take orders from."""
    if step is not None:
        return None
    path = chance.choice(["../escaped.txt", "/tmp/escaped.txt", "a/../../escaped.txt", "./escaped.txt", ".git/hooks/pre-commit", ".GIT/config", "C:\\escaped.txt", ".github/workflows/x.yml"])
    leading = [made for made in value["steps"] if made["new_path"]]
    if leading:
        chance.choice(leading)["new_path"] = path
    else:
        value["steps"].append({"id": "extra", "kind": "create_file", **answers.EMPTY, "new_path": path, "goal": "Write it."})
    return json.dumps(value)


def syntax_error(world, chance, step, value, prompt):
    """Code with a bracket too few."""
    if step is None:
        return None
    places = []
    for op in value["ops"]:
        at = 0
        # A bracket in a docstring is prose; where one begins before or ends behind, nobody can tell which lines those are.
        if op["text"].count('"""') % 2:
            continue
        in_prose = False
        for line in op["text"].splitlines(keepends=True):
            in_prose ^= line.count('"""') % 2 == 1
            is_code = not in_prose and not re.search(r"""["'`#]|//|\*""", line)
            places += [(op, at + found.start()) for found in re.finditer(r"[()\[\]{}]", line) if is_code]
            at += len(line)
    if not places:
        return None
    op, at = chance.choice(places)
    op["text"] = op["text"][:at] + op["text"][at + 1 :]
    return json.dumps(value)


def duplicate_definition(world, chance, step, value, prompt):
    """A definition a second time behind itself."""
    if step is None or step.kind == "create_file":
        return None
    lines = step.before.splitlines(keepends=True)
    listed = world.symbols_before[step.change.old]
    # A definition that the answer leaves as it is: what it inserts then does not overlap.
    kept = [
        symbol for symbol in listed
        if id_of(prompt, symbol) and symbol["kind"] in ("function", "method", "class", "struct", "interface") and symbol["container"].count("::") < 1
        and not re.match(r"\s*[@#]", lines[max(symbol["line"] - 2, 0)]) and symbol["name"] not in ("init", "_")
        and symbol["end_line"] > symbol["line"]
        and not any(op["symbol"] == id_of(prompt, symbol) or op["find"] and op["find"] in "".join(lines[symbol["line"] - 1 : symbol["end_line"]]) for op in value["ops"])
        and not any(derived.path_of(symbol) == derived.path_of(gone) for gone in step.gone)
    ]
    kept = [symbol for symbol in kept if alone(world, step, symbol)]
    if step.before != step.change.before or not kept:
        return None
    symbol = chance.choice(kept)
    value["ops"].append(answers.operation("insert_after", id_of(prompt, symbol), text="".join(lines[symbol["line"] - 1 : symbol["end_line"]])))
    return json.dumps(value)


def used_elsewhere(world, chance, step):
    """A definition of a step's file that stays and that another file uses."""
    after = {derived.path_of(symbol) for symbol in world.symbols_after.get(step.change.new, [])}
    found = [
        symbol for symbol in world.symbols_before[step.change.old]
        if derived.path_of(symbol) in after and symbol in world.used and alone(world, step, symbol) and world.outline.ids(step.change.old, symbol)
    ]
    return chance.choice(found) if found else None


def id_of(prompt, symbol):
    """The id under which a worker is shown a symbol; `None` where it is not shown."""
    found = re.search(rf"^(s\d+) {re.escape(derived.path_of(symbol))}: ", prompt, re.M)
    return found and found.group(1)


def alone(world, step, symbol):
    """Whether no other definition of the file has the same path, as under another condition."""
    return sum(derived.path_of(other) == derived.path_of(symbol) for other in world.symbols_before[step.change.old]) == 1


def dangling_caller(world, chance, step, value, prompt):
    """A definition deleted that others use, as the plan was made to allow; or the step left out that would end the use of a file that goes."""
    if step is None:
        gone = [symbol["name"] for other in world.steps if other.kind == "delete_file" for symbol in world.symbols_before[other.change.old] if not symbol["container"]]
        users = [other.id for other in world.steps if other.goal and any(re.search(rf"\b{re.escape(name)}\b", other.before) for name in gone)]
        left_out = [made for made in value["steps"] if made["id"] in users]
        if not left_out:
            return None
        value["steps"] = [{**made, "depends_on": [id for id in made["depends_on"] if id not in users]} for made in value["steps"] if made not in left_out]
        return json.dumps(value)
    if step.kind in ("create_file", "insert") or not (symbol := used_elsewhere(world, chance, step)):
        return None
    id = id_of(prompt, symbol)
    lines = step.change.before.splitlines(keepends=True)
    text = "".join(lines[derived.head(lines, symbol) : symbol["end_line"]])
    value["ops"] = [op for op in value["ops"] if op["symbol"] != id and not (op["find"] and op["find"] in text)]
    value["ops"].append(answers.operation("delete_symbol", id))
    return json.dumps(value)


def allowed_to_go(world, chance, step, plan, outline):
    """The plan with what the worker of a step is going to delete among what it may delete."""
    symbol = used_elsewhere(world, chance, step)
    for made in plan["steps"]:
        if made["id"] == step.id:
            made["may_delete"] += outline.ids(step.change.old, symbol)
    return plan


def unknown_kind(world, chance, step, value, prompt):
    if step is None:
        chance.choice(value["steps"])["kind"] = chance.choice(["edit_symbl", "run_command", "refactor", ""])
    else:
        chance.choice(value["ops"])["op"] = chance.choice(["replace_function", "run", "append_member", ""])
    return json.dumps(value)


def suffix(step):
    return "." + step.change.new.rsplit(".", 1)[-1]


ALL = [cut_json, wrong_id, lazy_marker, stale_text, extra_file, path_escape, syntax_error, duplicate_definition, dangling_caller, unknown_kind]
