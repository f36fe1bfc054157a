"""What compilers say of the packages of the corpus: every name in them, and what it means.

Each judge is a program of the folder `judges/`, or an indexer that writes the SCIP format. What they print is kept in the cache folder as rows of
file, line, start, end line, end, roles (1 in a definition) and symbol, zero-based.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path

import corpus

HERE = Path(__file__).parent / "judges"
# language -> the packages of the corpus that are judged
PACKAGES = {
    "typescript": ["rxjs", "zod", "trpc-server"],
    "javascript": ["eslint", "express"],
    "python": ["flask", "click", "sqlalchemy"],
    "rust": ["regex-automata", "clap_builder"],
    "go": ["cobra", "gin"],
    "java": ["jackson-core", "commons-lang"],
    "c": ["redis"],
}
TSCONFIG = {
    "compilerOptions": {
        "target": "es2022", "module": "esnext", "moduleResolution": "bundler", "allowJs": True, "strict": True, "skipLibCheck": True,
        "noEmit": True, "jsx": "preserve", "types": [],
    },
    "include": ["."],
}
# What a package of Go is imported as.
GO_MODULES = {"cobra": "github.com/spf13/cobra", "gin": "github.com/gin-gonic/gin"}
# The folders of headers that a package of C is compiled with, in the folder of the whole.
HEADERS = {"redis": ["src", "deps/hiredis", "deps/lua/src", "deps/linenoise", "deps/hdr_histogram"]}
LIBCLANG = "18.1.1"


def prepare(cache: Path, language: str, name: str):
    """The folder that both look at, and the rows of its judge."""
    folder = cache / "compiled" / language / name
    if not folder.is_dir():
        measured = dict(corpus.sources(cache, language))[name]
        shutil.copytree(corpus.whole(cache, language, name) if language == "rust" else measured, folder)
        for tsconfig in folder.rglob("tsconfig*.json"):
            tsconfig.unlink()
    rows = cache / "compiled" / language / f"{name}.tsv"
    if not rows.exists():
        print(f"compiling {language}/{name}", flush=True)
        rows.write_bytes(judge(cache, language, name, folder))
    return folder, [line.split("\t") for line in rows.read_text().splitlines() if line]


def judge(cache: Path, language: str, name: str, folder: Path) -> bytes:
    environment = dict(os.environ)
    if language == "go":
        # Debian's packages of other modules lie there.
        environment |= {"GO111MODULE": "off", "GOPATH": "/usr/share/gocode"}
        command = ["go", "run", HERE / "go_types.go", folder, GO_MODULES[name]]
    elif language == "java":
        command = ["java", HERE / "Elements.java", folder]
    elif language == "c":
        headers = [corpus.whole(cache, language, name) / header for header in HEADERS[name]]
        own = subprocess.run(["gcc", "-print-file-name=include"], check=True, capture_output=True, text=True).stdout.strip()
        command = [libclang(cache), HERE / "libclang.py", folder, *headers, own]
    else:
        index = folder.with_name(f"{name}.scip")
        make_scip(cache, language, name, folder, index)
        command = ["node", HERE / "scip.js", npm(cache, "scip-typescript"), index]
    return subprocess.run(command, check=True, capture_output=True, env=environment).stdout


def libclang(cache: Path) -> Path:
    """A Python that has clang's library, installed from PyPI where it is missing."""
    python = cache / "libclang" / "bin" / "python"
    if not python.exists():
        subprocess.run(["python3", "-m", "venv", cache / "libclang"], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", f"libclang=={LIBCLANG}"], check=True)
    return python


def npm(cache: Path, name: str) -> Path:
    """The folder of an indexer, installed from npm where it is missing."""
    package = cache / "npm" / "node_modules" / "@sourcegraph" / name
    if not package.is_dir():
        (cache / "npm").mkdir(parents=True, exist_ok=True)
        version = {"scip-typescript": "0.4.0", "scip-python": "0.6.6"}[name]
        command = ["npm", "install", "--prefix", cache / "npm", "--no-save", f"@sourcegraph/{name}@{version}"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return package


def make_scip(cache: Path, language: str, name: str, folder: Path, index: Path) -> None:
    if language == "rust":
        command = ["rust-analyzer", "scip", ".", "--output", index]
    elif language == "python":
        script = npm(cache, "scip-python") / "index.js"
        command = ["node", script, "index", "--cwd", folder, "--project-name", name, "--project-version", "1", "--output", index]
    else:
        (folder / "tsconfig.json").write_text(json.dumps(TSCONFIG))
        command = ["node", npm(cache, "scip-typescript") / "dist/src/main.js", "index", "--output", index]
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    (folder / "tsconfig.json").unlink(missing_ok=True)
