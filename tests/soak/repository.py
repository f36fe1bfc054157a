"""The repository that a day is worked on: 5,000 source files of released packages, with two branches that differ in some hundred files."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "accuracy"))
import corpus

FILES = 5_000
# How many files are other ones on the second branch, and how many are there on one branch only.
CHANGED, MOVED = 300, 20
BRANCHES = ("main", "other")
PACKAGES = [
    ("crate:tokio@1.38.0", "."), ("crate:diesel@2.2.2", "."), ("pypi:django@5.2.8", "."), ("pypi:networkx@3.3", "."), ("npm:effect@3.19.0", "src"),
    ("debian:redis", "."), ("debian:jackson-core", "."), ("npm:eslint@9.6.0", "."), ("npm:three@0.178.0", "."),
]  # fmt: skip
# ending -> a function of its language, and the comment that its line may end in
FUNCTIONS = {
    ".py": "\n\ndef {name}(value):\n    return value + {number}\n",
    ".rs": "\npub fn {name}(value: u32) -> u32 {{\n    return value + {number};\n}}\n",
    ".ts": "\nexport function {name}(value: number): number {{\n    return value + {number};\n}}\n",
    ".js": "\nfunction {name}(value) {{\n    return value + {number};\n}}\n",
    ".c": "\nint {name}(int value) {{\n    return value + {number};\n}}\n",
}
SOURCE = {*FUNCTIONS, ".h", ".java", ".go", ".mjs", ".cpp"}


def function(path: Path, name: str, number: int) -> str:
    """A function to append to a file."""
    return FUNCTIONS[path.suffix].format(name=name, number=number)


def git(root: Path, *arguments: str) -> str:
    command = ["git", "-c", "user.name=soak", "-c", "user.email=soak@localhost", "-c", "gc.auto=0", *arguments]
    return subprocess.run(command, cwd=root, check=True, capture_output=True, text=True).stdout


def make(root: Path, given: Path | None, cache: Path) -> dict[str, list[Path]]:
    """Writes the repository below `root`, with `main` checked out. What is given is copied, without its history. Says which functions,
    each in a file, are on one branch only."""
    root.mkdir(parents=True)
    if given:
        shutil.copytree(given, root, symlinks=True, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".git", "target", "node_modules"))
    else:
        copy(root, cache)
    git(root, "init", "--quiet", "--initial-branch", BRANCHES[0])
    git(root, "add", "--all", "--force")
    git(root, "commit", "--quiet", "--message", "All that there is")
    git(root, "switch", "--quiet", "--create", BRANCHES[1])
    editable = [path for path in files(root) if is_editable(path)]
    changed = editable[:: max(1, len(editable) // CHANGED)][:CHANGED]
    only = {}
    for number, path in enumerate(changed):
        name = f"only_on_other_{number}"
        with path.open("a", encoding="utf-8", newline="") as file:
            file.write(function(path, name, number))
        only[name] = path
    rest = [path for path in editable if path not in set(changed)]
    for number, path in enumerate(rest[:: max(1, len(rest) // MOVED)][:MOVED]):
        name = f"only_new_on_other_{number}"
        new = path.with_name(f"moved_{number}_{path.name}")
        git(root, "mv", str(path), str(new))
        with new.open("a", encoding="utf-8", newline="") as file:
            file.write(function(new, name, number))
        only[name] = new
    git(root, "add", "--all", "--force")
    git(root, "commit", "--quiet", "--message", "Other files")
    git(root, "switch", "--quiet", BRANCHES[0])
    return only


def copy(root: Path, cache: Path) -> None:
    """Copies source files of the packages, in their order, until there are enough."""
    left = FILES
    for origin, part in PACKAGES:
        package = origin.partition(":")[2].split("@")[0]
        whole = cache / "lookup-whole" / package
        if not whole.is_dir():
            print(f"fetching {origin}", file=sys.stderr, flush=True)
            whole.parent.mkdir(parents=True, exist_ok=True)
            corpus.unpack(corpus.fetch(cache, origin), whole)
        chosen = [path for path in sorted((whole / part).rglob("*")) if path.suffix in SOURCE and path.is_file() and not path.is_symlink()]
        for path in chosen[:left]:
            target = root / package / path.relative_to(whole)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
        left -= min(left, len(chosen))
    if left:
        sys.exit(f"the packages have {left} files too few")


def files(root: Path) -> list[Path]:
    """The files of the branch that is checked out, in the order of their names."""
    return [root / name for name in git(root, "ls-files", "-z").split("\0") if name]


def is_editable(path: Path) -> bool:
    """Whether people would type in it: a source file of some size, in UTF-8, whose lines end as everywhere."""
    if path.suffix not in FUNCTIONS or not path.is_file() or not 500 < path.stat().st_size < 40_000:
        return False
    try:
        text = path.read_bytes().decode()
    except UnicodeDecodeError:
        return False
    return "\r" not in text and re.search(r"^\s*(pub |async |export |static |int |void )*(def|fn|function|int|void) \w+\(", text, re.M) is not None
