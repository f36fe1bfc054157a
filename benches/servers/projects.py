"""The folders that servers are measured on: released sources from the package registries, as `tests/accuracy` fetches them."""

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent / "tests" / "accuracy"))
import corpus


@dataclass
class Project:
    """`marks` are definitions far apart: when each is found by name, the index is complete. `open` is the file that is edited."""

    name: str
    origin: str
    parts: list[str]
    language: str
    suffixes: tuple[str, ...]
    open: str
    marks: list[str]

    def configure(self, folder: Path):
        """Gives a server what its language needs to see the whole folder."""
        if self.language == "rust":
            subprocess.run(["cargo", "fetch", "-q"], cwd=folder, check=True)
        elif self.language == "c":
            units = sorted((folder / "src").glob("*.c"))
            flags = ["cc", "-std=gnu11", "-Isrc", "-Ideps/hiredis", "-Ideps/lua/src", "-Ideps/hdr_histogram", "-Ideps/fpconv", "-c"]
            commands = [{"directory": str(folder), "file": str(unit), "arguments": [*flags, str(unit)]} for unit in units]
            (folder / "compile_commands.json").write_text(json.dumps(commands))
        elif self.language == "typescript":
            options = {"strict": True, "module": "nodenext", "moduleResolution": "nodenext", "target": "es2022", "noEmit": True}
            (folder / "tsconfig.json").write_text(json.dumps({"compilerOptions": options, "include": ["src"]}))


PROJECTS = {project.name: project for project in (
    Project("tokio", "crate:tokio@1.38.0", [], "rust", (".rs",), "src/sync/mpsc/bounded.rs", ["CurrentThread", "MultiThread", "AtomicWaker"]),
    Project("redis", "debian:redis", [], "c", (".c", ".h"), "src/networking.c", ["aeApiPoll", "sentinelKillTimedoutScripts", "genericHgetallCommand"]),
    Project(
        "django", "pypi:django@5.2.8", [], "python", (".py",), "django/db/models/query.py",
        ["WSGIHandler", "AutoEscapeControlNode", "PostGISOperations"],
    ),
    Project(
        "effect", "npm:effect@3.19.0", ["src", "package.json"], "typescript", (".ts",), "src/Effect.ts",
        ["FiberRuntime", "TestClockImpl", "RedBlackTreeIterator"],
    ),
)}


def prepare(project: Project, cache: Path) -> Path:
    """The folder of a project's sources in the cache, fetched when it is not there yet."""
    whole = cache / "whole" / project.name
    if not whole.is_dir():
        print(f"fetching {project.origin}", file=sys.stderr, flush=True)
        corpus.unpack(corpus.fetch(cache, project.origin), whole)
    if not project.parts:
        return whole
    folder = cache / "parts" / project.name
    for part in project.parts:
        target = folder / part
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            copy = shutil.copytree if (whole / part).is_dir() else shutil.copyfile
            copy(whole / part, target)
    return folder
