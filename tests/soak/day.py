"""What is done in a working day, a little at a time, and what has to be right about it."""

import collections
import random
import re
import shutil
import time
from pathlib import Path

import answers
import repository
from editor import Editor, Refused, path_of, position

# How many documents stay open.
OPEN = 12
# How long another process, or a branch switch, may take to be seen.
SEEN_WITHIN = 60
DEFINITION = re.compile(r"^[ \t]*(?:pub |async |export |static |int |void )*(?:def|fn|function|int|void) (\w+)\(", re.M)
NAME = re.compile(r"\b[A-Za-z_]\w{3,}\b")
QUESTIONS = [
    "where is the connection closed", "retry with a delay", "parse a date", "write to a buffer", "which tasks are woken", "render a template",
    "sort nodes of a graph",
]  # fmt: skip
KINDS = ["refactor", "source", "quickfix", "refactor.rewrite.tierline.document", "source.tierline.explain"]


class Day:
    """`main` tells the server of files that change, `beside` leaves that to the server's own watcher; both work on the same folder."""

    def __init__(self, main: Editor, beside: Editor, root: Path, config: Path, script, reads, only, tasks, seed):
        self.main, self.beside, self.root, self.config, self.script, self.reads = main, beside, root, config, script, reads
        self.only = list(only.items())
        self.tasks, self.renames = tasks
        self.chance = random.Random(seed)
        self.branch = repository.BRANCHES[0]
        self.originals, self.typed, self.number = {}, {}, 0
        self.counts, self.outcomes = collections.Counter(), collections.Counter()
        self.configured = config.read_text()
        self.list_files()

    def list_files(self):
        self.files = [path for path in repository.files(self.root) if repository.is_editable(path)]

    def fault(self, text):
        self.main.faults.append(text)

    def expect(self, is_so, text):
        self.counts["checked"] += 1
        if not is_so:
            self.fault(text)

    def act(self):
        """One action, chosen by how often people do it."""
        actions = [
            (30, self.type), (30, self.hover), (8, self.outline), (10, self.search), (6, self.navigate), (10, self.menu), (8, self.command),
            (3, self.look_up), (1, self.rename), (0.6, self.refactor), (0.6, self.switch), (1.5, self.make_files), (1, self.configure),
            (8, self.close), (10, self.work_beside),
        ]  # fmt: skip
        action = self.chance.choices([action for _, action in actions], [weight for weight, _ in actions])[0]
        self.counts[action.__name__] += 1
        try:
            action()
        except Refused as error:
            self.fault(f"{action.__name__}: {error}")
        except TimeoutError:
            pass  # Noted where it was waited for.

    # Where something is done.

    def document(self, editor=None):
        """An open document, opened now where few are."""
        editor = editor or self.main
        if len(editor.documents) < 4 or self.chance.random() < 0.2:
            path = self.chance.choice(self.files)
            if path.is_file() and is_whole(path):
                editor.open(path)
                self.originals.setdefault(path, editor.documents[path])
                return path
        path = self.chance.choice([path for path in editor.documents if path.suffix in repository.FUNCTIONS])
        self.originals.setdefault(path, editor.documents[path])
        return path

    def place(self, editor, path):
        """The offset of some name in a document."""
        names = [match.start() for match in NAME.finditer(editor.documents[path])]
        return self.chance.choice(names) if names else 0

    # Typing.

    def type(self, editor=None, saves=0.5):
        editor = editor or self.main
        path = self.document(editor)
        typed = self.typed.setdefault((editor.name, path), [])
        if len(typed) >= 2:
            return self.take_back(editor, path)
        self.number += 1
        name = f"typed_number_{self.number}"
        left = repository.function(path, name, self.number)
        while left:
            piece, left = left[: (length := self.chance.randint(1, 5))], left[length:]
            end = len(editor.documents[path])
            editor.replace(path, end, end, piece)
            if self.chance.random() < 0.05:
                editor.ask("textDocument/hover", editor.at(path, self.place(editor, path)))
            time.sleep(0.01)
        typed.append(name)
        if not self.has(editor, name, path):
            # Some grammars misread what stands at the end of some files: a reader of nothing but this text has to miss it, too.
            is_misread = not self.reads(path, editor.documents[path], name)
            self.counts["misread"] += is_misread
            self.expect(is_misread, f"{editor.name}: {name} is not found in {path} where it was just typed")
        elif self.chance.random() < 0.5:
            self.expect(name in names_of(self.outline(editor, path)), f"{editor.name}: {name} is not in the outline of {path}")
        if self.chance.random() < saves:
            editor.save(path)
            if path not in self.beside.documents and self.chance.random() < 0.2 and self.has(editor, name, path):
                self.expect(self.becomes(self.beside, name, path, True), f"beside: {name}, which was saved in {path}, is not found")
        return path, name

    def take_back(self, editor, path):
        """Takes out what was typed at the end of a document."""
        was_saved = editor.saved[path] != self.originals[path]
        editor.replace(path, len(self.originals[path]), len(editor.documents[path]), "")
        self.expect(editor.documents[path] == self.originals[path], f"{path} is not as it was before typing")
        for name in self.typed.pop((editor.name, path)):
            self.expect(not self.has(editor, name, path), f"{editor.name}: {name} is still found, and was taken out")
        if was_saved:
            editor.save(path)

    def has(self, editor, name, path=None):
        found = [path_of(symbol["location"]["uri"]) for symbol in editor.search(name) if symbol["name"] == name]
        return path in found if path else bool(found)

    def becomes(self, editor, name, path, wanted):
        """Whether a name comes to be found, or not to be found any more."""
        end = time.monotonic() + SEEN_WITHIN
        while self.has(editor, name, path) != wanted:
            if time.monotonic() > end:
                return False
            time.sleep(0.05)
        return True

    def close(self):
        for editor in (self.main, self.beside):
            while len(editor.documents) > OPEN:
                path = next(iter(editor.documents))
                if editor is self.beside:
                    self.typed.pop((editor.name, path), None)
                elif editor.documents[path] != editor.saved[path]:
                    editor.save(path)
                editor.close_document(path)

    # Looking.

    def hover(self, editor=None):
        editor = editor or self.main
        path = self.document(editor)
        for _ in range(self.chance.randint(1, 4)):
            request = editor.post("textDocument/hover", editor.at(path, self.place(editor, path)))
            if self.chance.random() < 0.1:
                editor.tell("$/cancelRequest", {"id": request})
            editor.wait(request)

    def outline(self, editor=None, path=None):
        editor = editor or self.main
        path = path or self.document(editor)
        return editor.ask("textDocument/documentSymbol", {"textDocument": {"uri": path.as_uri()}}) or []

    def search(self, editor=None):
        editor = editor or self.main
        if self.chance.random() < 0.3:
            editor.search("?" + self.chance.choice(QUESTIONS))
            return
        name = self.chance.choice(DEFINITION.findall(editor.documents[self.document(editor)]) or ["main"])
        for length in range(2, len(name), 3):
            editor.search(name[:length])

    def navigate(self):
        path = self.document()
        at = self.main.at(path, self.place(self.main, path))
        self.main.ask("textDocument/definition", at)
        if self.chance.random() < 0.3:
            self.main.ask("textDocument/references", {**at, "context": {"includeDeclaration": True}})

    def menu(self):
        path = self.document()
        start = self.place(self.main, path)
        text = self.main.documents[path]
        of_range = {"start": position(text, start), "end": position(text, min(len(text), start + self.chance.choice((0, 0, 40))))}

        def ask(**context):
            return self.main.ask("textDocument/codeAction", {
                "textDocument": {"uri": path.as_uri()}, "range": of_range, "context": {"diagnostics": [], **context},
            })

        self.expect(not ask(triggerKind=2), "code actions were offered unasked")
        self.expect(ask(triggerKind=1) is not None, "no code actions were offered")
        kind = self.chance.choice(KINDS)
        offered = ask(triggerKind=1, only=[kind]) or []
        self.expect(all((action.get("kind") or "").startswith(kind) for action in offered), f"more than {kind} was offered")

    def work_beside(self):
        """The other window: it looks, and types what it never saves."""
        self.chance.choice((self.hover, self.search, self.outline, lambda editor: self.type(editor, saves=0)))(self.beside)

    # Commands.

    def run(self, command, **argument):
        """Has a command carried out to its end; sometimes it is called off on its way. Gives back what was said meanwhile, together."""
        said = len(self.main.said)
        answered = self.main.execute(command, **argument)
        is_called_off = self.chance.random() < 0.1 and not self.script.is_calm
        if is_called_off and "job" in (answered or {}):
            time.sleep(self.chance.uniform(0, 0.3))
            self.main.execute("cancel", job=answered["job"])
        self.main.settled()
        told = " / ".join(self.main.said[said:])
        self.outcomes[command, "called off" if is_called_off else outcome(told)] += 1
        return told

    def command(self):
        kinds = ("explain", "summarise", "document", "document", "simplify", "rewrite", "fix", "test", "name", "instruct", "egress")
        kind = self.chance.choice(kinds)
        if kind in ("explain", "summarise", "egress"):
            path = self.document()
            self.run(kind, uri=path.as_uri(), position=position(self.main.documents[path], self.place(self.main, path)))
            return
        written = self.type()
        if written is None:
            return
        path, name = written
        text = self.main.documents[path]
        start = text.index(name)
        at, uri = position(text, start), path.as_uri()
        of_range = {"start": at, "end": position(text, text.rindex(str(self.number)))}
        self.main.refuses_edits = self.chance.random() < 0.15
        self.script.is_calm = self.chance.random() < 0.3
        edits = len(self.main.edits)
        try:
            if kind == "rewrite":
                told = self.run(kind, uri=uri, range=of_range, instruction="put the number first")
            elif kind == "fix":
                told = self.run(kind, uri=uri, range=of_range, message="the number has to come first")
            elif kind == "instruct":
                line = text.count("\n", 0, start)
                mark = "#" if path.suffix == ".py" else "//"
                begin = text.rindex("\n", 0, start) + 1
                self.main.replace(path, begin, begin, f"{mark} tierline: put the number first\n")
                told = self.run(kind, uri=uri, comment={"line": line}, instruction="put the number first")
            else:
                told = self.run(kind, uri=uri, position=at)
            if self.script.is_calm and kind == "document":
                is_documented = answers.DOCUMENTATION in self.main.documents[path][start - 200 :]
                self.expect(is_documented != self.main.refuses_edits, f"{name} in {path}: documented: {is_documented}; it was said: {told}")
            if self.main.refuses_edits:
                self.expect(len(self.main.edits) == edits, "an edit that was refused was applied")
            elif len(self.main.edits) > edits and self.chance.random() < 0.4:
                self.undo(self.main.edits[-1])
        finally:
            self.main.refuses_edits = self.script.is_calm = False

    def undo(self, before):
        """Takes the last edit back; every file must be byte for byte as it was."""
        self.run_undo()
        for path, text in before.items():
            now = path.read_bytes().decode() if path.exists() else None
            self.expect(now == text or (text is None and not now), f"{path} is not as it was before what was undone")

    def run_undo(self):
        said = len(self.main.said)
        self.main.execute("undo")
        self.main.settled()
        told = " / ".join(self.main.said[said:])
        self.outcomes["undo", outcome(told)] += 1
        self.expect("undone" in told, f"undo: {told}")

    def look_up(self):
        request = self.main.post("workspace/executeCommand", {
            "command": "tierline.server.lookup", "arguments": [{"v": 1, "question": self.chance.choice(QUESTIONS), "limit": 5}],
        })
        is_called_off = self.chance.random() < 0.2
        if is_called_off:
            time.sleep(self.chance.uniform(0, 0.2))
            self.main.tell("$/cancelRequest", {"id": request})
        answered, _ = self.main.wait(request)
        self.outcomes["lookup", "answered" if answered else "called off"] += 1

    def rename(self):
        """An exact rename of something that is used in several files, and the way back."""
        name = self.chance.choice(self.renames)
        edits = len(self.main.edits)
        self.script.is_calm = True
        try:
            told = self.run("refactor", instruction=f"rename {name} to {name}_anew", review=False)
            if len(self.main.edits) > edits:
                self.outcomes["exact rename", "applied"] += 1
                self.expect(self.is_called(f"{name}_anew", not_any_more=name), f"{name} was renamed, and that is not found")
                self.undo(self.main.edits[-1])
                self.expect(self.is_called(name, not_any_more=f"{name}_anew"), f"{name} was renamed back, and that is not found")
            else:
                self.outcomes["exact rename", "refused"] += 1
                self.expect(told != "", f"nothing was said of renaming {name}")
        finally:
            self.script.is_calm = False

    def is_called(self, name, not_any_more):
        return self.has(self.main, name) and not self.has(self.main, not_any_more)

    def refactor(self):
        """A plan of several files, made and carried out by models, and undone."""
        name = self.chance.choice(self.tasks)
        self.script.is_calm, self.main.declines = self.chance.random() < 0.6, self.chance.random() < 0.15
        edits, shown = len(self.main.edits), len(self.main.shown)
        try:
            reads_plan = self.chance.random() < 0.6
            told = self.run("refactor", instruction=f"note every call of {name}", **({} if reads_plan else {"review": False}))
            if len(self.main.shown) > shown and reads_plan:
                plan = self.main.shown[-1]
                self.main.open(plan)
                told = self.run("plan", uri=plan.as_uri(), do="discard" if self.chance.random() < 0.1 else "apply")
                self.main.close_document(plan)
            if len(self.main.edits) > edits:
                before = self.main.edits[-1]
                self.outcomes["refactor by plan", f"applied in {len(before)} files"] += 1
                self.expect(all("noted" in path.read_text() for path in before), f"note every call of {name} left a file out: {told}")
                self.undo(before)
            else:
                self.outcomes["refactor by plan", "not applied"] += 1
        finally:
            self.script.is_calm = self.main.declines = False

    # What happens around the editors.

    def switch(self):
        """Throws away what was written, and goes to the other branch."""
        state = repository.git(self.root, "status", "--porcelain", "--untracked-files=all")
        written = [self.root / line[3:].strip('"') for line in state.splitlines()]
        repository.git(self.root, "checkout", "--quiet", "--force", ".")
        repository.git(self.root, "clean", "-fdq")
        old, self.branch = self.branch, next(branch for branch in repository.BRANCHES if branch != self.branch)
        repository.git(self.root, "switch", "--quiet", self.branch)
        differing = repository.git(self.root, "diff", "--name-only", "--no-renames", "-z", old, self.branch).split("\0")
        paths = {*written, *(self.root / name for name in differing if name)}
        self.originals.clear()
        self.typed.clear()
        for editor in (self.main, self.beside):
            editor.files_changed([path for path in paths if path.exists()])
            editor.files_changed([path for path in paths if not path.exists()], 3)
            for path in list(editor.documents):
                if not path.exists():
                    editor.close_document(path)
                    continue
                text = path.read_bytes().decode()
                if text != editor.documents[path]:
                    editor.set_text(path, text)
                editor.saved[path] = self.originals[path] = text
        is_other = self.branch == repository.BRANCHES[1]
        for name, path in self.chance.sample(self.only, 3):
            for editor in (self.main, self.beside):
                self.expect(self.becomes(editor, name, path, is_other), f"{editor.name}: {name} is {'not ' * is_other}found on {self.branch}")
        self.list_files()

    def make_files(self):
        """A file that is made, renamed and deleted, in an old folder or in a new one."""
        self.number += 1
        folder = self.root / f"made_{self.number}" if self.chance.random() < 0.5 else self.chance.choice(self.files).parent
        folder.mkdir(exist_ok=True)
        path, name = folder / f"made_{self.number}.rs", f"made_function_{self.number}"
        path.write_text(repository.function(path, name, self.number))
        self.main.files_changed([path], 1)
        self.expect(self.becomes(self.main, name, path, True), f"main: {name} is not found in the new file {path}")
        if self.chance.random() < 0.5:
            self.expect(self.becomes(self.beside, name, path, True), f"beside: {name} is not found in the new file {path}")
        new = path.with_name(f"renamed_{self.number}.rs")
        path.rename(new)
        self.main.files_changed([path], 3)
        self.main.files_changed([new], 1)
        self.expect(self.becomes(self.main, name, new, True), f"main: {name} is not found in the renamed file {new}")
        new.unlink()
        if folder.name.startswith("made_"):
            shutil.rmtree(folder)
        self.main.files_changed([new], 3)
        for editor in (self.main, self.beside):
            self.expect(self.becomes(editor, name, None, False), f"{editor.name}: {name} is found, and its file is deleted")

    def configure(self):
        kind = self.chance.choice(("editor", "user", "workspace"))
        if kind == "editor":
            # While the server runs an editor may ask for less than its user did, and for that again.
            less = {"summary": self.chance.choice(("cached", "off"))} if self.chance.random() < 0.3 else {}
            self.main.settings = {**self.main.settings, "hover": {"signature": self.chance.random() < 0.5, **less}}
            self.main.tell("workspace/didChangeConfiguration", {"settings": None})
        elif kind == "user":
            self.config.write_text(self.configured.replace("per_action = 50", f"per_action = {self.chance.randint(40, 60)}"))
        else:
            path = self.root / "tierline.toml"
            if path.exists():
                path.unlink()
                self.main.files_changed([path], 3)
            else:
                texts = ('[hover]\nsummary = "cached"\n', '[hover]\nsummery = "off"\n', "[caps]\nper_action = 20\n")
                path.write_text(self.chance.choice(texts))
                self.main.files_changed([path], 1)


def names_of(symbols):
    for symbol in symbols:
        yield symbol["name"]
        yield from names_of(symbol.get("children") or [])


def is_whole(path):
    """Whether a file can be read as it is to be edited: it may just have been written."""
    try:
        path.read_bytes().decode()
    except (OSError, UnicodeDecodeError):
        return False
    return True


def outcome(told):
    """What was said of a job, without names and figures."""
    for sign, what in (
        ("undone", "undone"), ("did not apply", "editor refused"), ("nothing was applied", "changed meanwhile"), ("cancelled", "called off"),
        ("nothing was changed", "declined"), ("planned in", "planned"), (" in 1 file", "applied"), (" files (", "applied"),
        ("No summary", "no summary"),
    ):  # fmt: skip
        if sign in told:
            return what
    return " ".join(re.sub(r"“.*?”|`.*?`|\d+|\S*/\S*", "…", told).split()[:12]) or "done"
