#!/usr/bin/env python3
"""workspace.py write ROOT | workspace.py differing ROOT before|after

The workspace that every session works on. `write` puts its files below ROOT; `differing` prints how the files there differ, byte for
byte, from what they should be before or after the rename of total_area to summed_area, and nothing where they do not.

«…» marks each place that the rename must touch, and a line that begins with `%` is there only before it. What is marked says by
itself what is expected; no second copy of a file has to be kept in step.

Texts outside ASCII stand before marked places on the same line, inside and outside the basic plane, so that a wrong unit of
positions cannot go unseen. One file ends its lines in CRLF, one is ignored by git.
"""

import difflib
import pathlib
import re
import sys

OLD, NEW = "total_area", "summed_area"

MARKED = {
    "shapes.py": '''\
"""Flächen und Längen: areas, sums and the 𝒮 of a shape."""


class Square:
    """A square, named by its side."""

    def __init__(self, side):
        self.side = side

    def area(self):
        return self.side * self.side


def «total_area»(shapes):
    """Sums the areas of all shapes, in square metres."""
    return sum(shape.area() for shape in shapes)


def perimeter(side):
    return 4 * side
''',
    "report.py": '''\
"""Prints what was measured. It says total_area in words, and words stay."""

from shapes import Square, «total_area»


def describe(sides):
    squares = [Square(side) for side in sides]
    return "Größe 📐 in m²: {}".format(«total_area»(squares))
''',
    "survey/plan.py": '''\
"""Plans a survey."""

import shapes
from shapes import «total_area»


%# tierline: rename total_area to summed_area
def enough(fields, wanted):
    """Whether the fields suffice."""
    label = "🌾🌾 naïve"; found = «total_area»(fields)
    return label, found >= wanted


def twice(fields):
    return 2 * «total_area»(fields)
''',
    "survey/windows.py": '"""Lines that end as on Windows."""\r\n\r\nfrom shapes import «total_area»\r\n\r\n\r\n'
    "def of_one(field):\r\n    return «total_area»([field])  # ≈ exact\r\n",
    "ignored.py": "from shapes import total_area\n\nprint(total_area([]))\n",
    ".gitignore": "ignored.py\n",
}


def before(text):
    return re.sub("«([^»]*)»", r"\1", re.sub("(?m)^%", "", text))


def after(text):
    return re.sub("(?m)^%.*\n", "", text).replace(f"«{OLD}»", NEW)


def write(root):
    for path, text in MARKED.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(before(text).encode())
    (root / ".git").mkdir(exist_ok=True)


def differing(root, when):
    for path, text in MARKED.items():
        should, found = {"before": before, "after": after}[when](text), (root / path).read_bytes().decode()
        if should != found:
            print("".join(difflib.unified_diff(should.splitlines(True), found.splitlines(True), f"{path}, expected", f"{path}, found")))


if __name__ == "__main__":
    command, root, *rest = sys.argv[1:]
    write(pathlib.Path(root)) if command == "write" else differing(pathlib.Path(root), *rest)
