"""From the difference that a commit makes to the steps of a plan that makes it, and to the operations of the workers.

Every file that differs is a step, or two: `delete_file`, `rename_file` and `create_file` as the commit says, `edit_symbol`,
`change_signature` or `insert` for what differs in symbols or beside them, and `edit_file` for the rest. What a step writes is taken
from the commit byte for byte; where it is written (in which symbol, around which text) is what a model would have to find out.
"""

import difflib
import re
from dataclasses import dataclass, field

# The longest file that a worker is shown whole, in bytes: server/refactor/src/plan.rs.
LONGEST_FILE = 24_000
UNITS = {"function", "method", "constructor", "class", "struct", "enum", "interface", "trait", "constant", "macro", "type_alias", "type", "union", "object", "variable", "property"}


@dataclass
class Change:
    """A file that a commit changes: `A`, `M`, `D` or `R`, its path before and after, its text before and after."""

    status: str
    old: str
    new: str
    before: str
    after: str


@dataclass
class Step:
    kind: str
    change: Change
    # The symbols that may change, or beside which is inserted, and those that go: rows of `tierline symbols`.
    symbols: list = field(default_factory=list)
    gone: list = field(default_factory=list)
    goal: str = ""
    interface: list = field(default_factory=list)
    after: list = field(default_factory=list)
    id: str = ""
    # What the worker of the step finds, and what it leaves.
    before: str = ""
    text: str = ""


def path_of(symbol):
    return "::".join(filter(None, [symbol["container"], symbol["name"]]))


def hunks(before, after):
    """What differs, as (first line, line behind, new text), by lines with their ends."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    return old, [(i1, i2, "".join(new[j1:j2])) for tag, i1, i2, j1, j2 in matcher.get_opcodes() if tag != "equal"]


def head(old, symbol):
    """The line at which a symbol begins with its comments and attributes, counted from zero."""
    line = symbol["line"] - 1
    while line > 0 and re.match(r"\s*(///|//!|/\*\*|\*|@\w|#\[|#!\[)", old[line - 1]):
        line -= 1
    return line


def inside(old, symbols, first, behind):
    """The innermost symbol that holds these lines whole; `None` where none does."""
    def holds(symbol):
        start, end = head(old, symbol), symbol["end_line"]
        if first == behind:
            return start < first < end
        return start <= first and behind <= end

    found = [symbol for symbol in symbols if symbol["kind"] in UNITS and holds(symbol)]
    return min(found, key=lambda symbol: symbol["end_line"] - symbol["line"], default=None)


def beside(old, symbols, first, text):
    """The operation that inserts whole lines beside a symbol exactly there: `None` where none does."""
    lines = text.splitlines(keepends=True)
    outer = [symbol for symbol in symbols if symbol["kind"] in UNITS]
    if not text.endswith("\n") or len(lines) < 2:
        return None
    if lines[-1].strip() == "" and first > 0 and old[first - 1].strip() == "":
        # The same difference, said one line further up.
        shifted = [lines[-1], *lines[:-1]]
        if found := beside(old, symbols, first - 1, "".join(shifted)):
            return found
    if lines[0].strip() == "" and lines[1].strip() != "" and lines[-1].strip() != "":
        if symbol := next((symbol for symbol in outer if symbol["end_line"] == first), None):
            return symbol, "insert_after", "".join(lines[1:])
    if lines[-1].strip() == "" and lines[-2].strip() != "" and lines[0].strip() != "":
        if symbol := next((symbol for symbol in outer if head(old, symbol) == first), None):
            return symbol, "insert_before", "".join(lines[:-1])
    return None


def lost(before_symbols, after_symbols):
    """The symbols that a file no longer has, without those that stand in one of them: by their paths, and of several methods of one path
    those whose heads are gone."""
    paths = {path_of(symbol) for symbol in after_symbols}
    count = lambda symbols, symbol: sum(path_of(other) == path_of(symbol) for other in symbols)
    heads = {(path_of(symbol), symbol["signature"]) for symbol in after_symbols}
    fewer = lambda symbol: count(after_symbols, symbol) < count(before_symbols, symbol) and (path_of(symbol), symbol["signature"]) not in heads
    gone = [symbol for symbol in before_symbols if path_of(symbol) not in paths or fewer(symbol)]
    names = {path_of(symbol) for symbol in gone if path_of(symbol) not in paths}
    return [symbol for symbol in gone if symbol["container"] not in names]


def steps_of(change, target, before_symbols, after_symbols, subject):
    """The steps of a file that stays: one, or two where a long file changes both in its symbols and outside of them."""
    old, all_hunks = hunks(change.before, target)
    gone = lost(before_symbols, after_symbols)
    less = " Remove what that leaves without a use." if gone or len(target) < len(change.before) else ""
    goal = f"In {change.old}: {subject}.{less}"
    places, inserts, held, outside = [], [], [], []
    for hunk in all_hunks:
        first, behind, text = hunk
        if symbol := inside(old, before_symbols, first, behind):
            places.append(symbol)
        elif first == behind and (found := beside(old, before_symbols, first, text)):
            inserts.append(found[0])
        else:
            outside.append(hunk)
            continue
        held.append(hunk)
    whole = Step("edit_file", change, gone=gone, goal=goal, before=change.before, text=target)
    if outside and (not held or len(change.before.encode()) <= LONGEST_FILE):
        return [whole]
    between = applied(old, held)
    step = Step("edit_symbol", change, gone=gone, goal=goal, before=change.before, text=between)
    if not places:
        step.kind, step.symbols, step.gone = "insert", unique(inserts), []
    else:
        step.symbols = unique(places + inserts)
        changed = {path_of(symbol): symbol for symbol in after_symbols}
        if len(step.symbols) == 1 and (now := changed.get(path_of(step.symbols[0]))) and now["signature"] != step.symbols[0]["signature"]:
            step.kind, step.interface = "change_signature", [now["signature"]]
    if not outside:
        return [step]
    whole.before, whole.after = between, [step]
    whole.goal = f"In {change.old}, outside of its definitions: {subject}.{less}"
    return [step, whole]


def applied(lines, hunks):
    parts, at = [], 0
    for first, behind, text in hunks:
        parts += [*lines[at:first], text]
        at = behind
    return "".join([*parts, *lines[at:]])


def unique(symbols):
    """Each once, and none that stands in another of them."""
    seen = {}
    for symbol in symbols:
        seen[symbol["line"], symbol["column"]] = symbol
    kept = list(seen.values())
    def is_within(symbol, other):
        return other is not symbol and other["line"] <= symbol["line"] and symbol["end_line"] <= other["end_line"] and path_of(symbol).startswith(path_of(other) + "::")
    return [symbol for symbol in kept if not any(is_within(symbol, other) for other in kept)]


def plan_of(changes, targets, symbols_before, symbols_after, subject):
    """All steps, in an order in which each waits only for steps before it: workers first, then what the index does. `targets` holds the text
    of a file after the workers, where what the index does changes it once more."""
    steps = []
    for change in changes:
        target = targets.get(change.old, change.after)
        if change.status == "A":
            steps.append(Step("create_file", change, goal=f"Write {change.new}: {subject}.", text=target))
        elif change.status in "MR" and change.before != target:
            steps += steps_of(change, target, symbols_before.get(change.old, []), symbols_after.get(change.new, []), subject)
    workers = list(steps)
    steps += [Step("delete_file", change, after=workers) for change in changes if change.status == "D"]
    steps += [Step("rename_file", change, after=workers) for change in changes if change.status == "R"]
    for number, step in enumerate(steps, 1):
        step.id = f"e{number}"
    return steps


class Edit:
    """Text in place of a range of a file: several differences with what stays between them."""

    def __init__(self, low, high, cores):
        self.low, self.high, self.cores = low, high, cores

    def text(self, old):
        parts, at = [], self.low
        for start, end, new in self.cores:
            parts += [old[at:start], new]
            at = end
        return "".join(parts) + old[at : self.high]


def edits_within(old, start, end, cores):
    """Differences inside of `old[start:end]`, each with as many lines around it as make its text occur once there."""
    def widened(edit):
        while edit.low > start or edit.high < end:
            text = old[edit.low : edit.high]
            if text.strip() and old.count(text, start, end) == 1:
                break
            above = old.rfind("\n", start, max(edit.low - 1, start))
            below = old.find("\n", edit.high, end)
            edit.low = max(start, above + 1 if above >= 0 else start)
            edit.high = below + 1 if below >= 0 else end
        return edit

    done = []
    for core in cores:
        edit = widened(Edit(core[0], core[1], [core]))
        while done and done[-1].high >= edit.low:
            last = done.pop()
            edit = widened(Edit(min(last.low, edit.low), max(last.high, edit.high), last.cores + edit.cores))
        done.append(edit)
    return done
