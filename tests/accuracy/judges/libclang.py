"""Prints what clang says of every name of a C package: "file<TAB>line<TAB>start<TAB>end line<TAB>end<TAB>roles<TAB>symbol", zero-based,
columns in characters; roles is 1 for a definition.

    python libclang.py FOLDER INCLUDE...

FOLDER holds the sources, each INCLUDE is a folder of headers. Needs the package libclang of PyPI. Of a prototype nothing is said where the
function is defined elsewhere, and of what the preprocessor leaves out.
"""

import sys
from pathlib import Path

from clang.cindex import CursorKind, Index, LinkageKind, TranslationUnit

# What a cursor of these kinds speaks of is written at its own place.
REFERRING = {
    CursorKind.DECL_REF_EXPR, CursorKind.MEMBER_REF_EXPR, CursorKind.TYPE_REF, CursorKind.MEMBER_REF, CursorKind.MACRO_INSTANTIATION,
}


class Judge:
    def __init__(self, root: Path):
        self.root = root
        self.lines: dict[str, list[bytes]] = {}
        # Headers are read with each file that includes them; one reading is enough.
        self.read: set[str] = set()

    def file(self, index, path: Path, arguments: list[str]) -> None:
        unit = index.parse(str(path), arguments, options=TranslationUnit.PARSE_DETAILED_PROCESSING_RECORD)
        before = set(self.read)
        stack = list(unit.cursor.get_children())
        while stack:
            cursor = stack.pop()
            location = cursor.location
            name = location.file.name if location.file else None
            if name is None or name in before or not name.startswith(str(self.root)):
                continue
            self.read.add(name)
            self.row(cursor, name, location)
            stack.extend(cursor.get_children())

    def row(self, cursor, file: str, location) -> None:
        if cursor.kind.is_declaration() or cursor.kind == CursorKind.MACRO_DEFINITION:
            if cursor.kind == CursorKind.MACRO_DEFINITION or cursor.is_definition():
                self.say(cursor, file, location, 1)
        elif cursor.kind in REFERRING and cursor.referenced is not None:
            self.say(cursor.referenced, file, location, 0)

    def say(self, what, file: str, location, roles: int) -> None:
        name = what.spelling
        lines = self.lines.setdefault(file, Path(file).read_bytes().split(b"\n"))
        line = lines[location.line - 1] if location.line <= len(lines) else b""
        start = len(line[: location.column - 1].decode(errors="replace"))
        # `struct x` is one name behind a word; what a macro made stands nowhere.
        name = name.removeprefix("struct ").removeprefix("union ").removeprefix("enum ")
        if not name or not line[location.column - 1 :].startswith(name.encode()):
            return
        # A file is included by more than one path.
        place = (Path(file).resolve().relative_to(self.root), location.line - 1, start, location.line - 1, start + len(name), roles)
        print(*place, self.symbol(what), sep="\t")

    @staticmethod
    def symbol(what) -> str:
        if what.kind == CursorKind.TYPEDEF_DECL:
            # `typedef struct client {} client;` is one type.
            named = what.underlying_typedef_type.get_declaration()
            if named.spelling == what.spelling and named.get_usr():
                what = named
        is_local = what.kind in (CursorKind.VAR_DECL, CursorKind.PARM_DECL) and what.linkage == LinkageKind.NO_LINKAGE
        if is_local or what.kind == CursorKind.LABEL_STMT or not what.get_usr():
            place = what.location
            return f"local {place.file}:{place.offset}"
        return f"clang {what.get_usr()}."


def main() -> None:
    root = Path(sys.argv[1]).resolve()
    arguments = ["-std=gnu11", "-D_GNU_SOURCE", *(f"-I{folder}" for folder in sys.argv[2:])]
    judge, index = Judge(root), Index.create()
    for path in sorted(root.rglob("*.c")):
        judge.file(index, path, arguments)


main()
