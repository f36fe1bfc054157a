"""Pairs of a question and a function: the first sentence of its documentation, and the words of everything else."""

import json
import os
import random
import re
import subprocess
from collections import Counter
from pathlib import Path

FUNCTIONS = ("function", "method", "constructor")
WORD = re.compile(r"[A-Za-z]+|[0-9]+")
HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
USED = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)\s*\(|\.([A-Za-z_][A-Za-z0-9_]*)|\b([A-Z][A-Za-z0-9]*[a-z][A-Za-z0-9]*)\b")
KEYWORDS = {"if", "for", "while", "return", "switch", "catch", "function", "match", "self", "super", "Some", "Ok", "Err", "None", "Self"}
TESTS = {"test", "tests", "testing", "__tests__", "spec", "fixtures", "examples", "benches"}
# So that no one package teaches the table its own words.
MOST_OF_A_PACKAGE = 4000


def split(text: str) -> list[str]:
    """The parts of names and sentences, as `words::each_part` of the index takes them."""
    return [part.lower() for word in WORD.findall(text) for part in HUMP.split(word) if part]


def first_sentence(doc: str) -> str:
    paragraph = " ".join(re.split(r"\n\s*\n", doc.strip())[0].split())
    found = re.match(r"(.{15,}?[.!?])(\s|$)", paragraph)
    sentence = found.group(1) if found else paragraph
    sentence = re.sub(r"\{@\w+ ([^}]*)\}", r"\1", sentence)
    sentence = re.sub(r"<[^>]+>", "", sentence)
    return re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", sentence).replace("`", "").strip()


def of_folder(tierline: str, folder: Path) -> list[tuple[list[str], ...]]:
    """(question, name, place, signature, uses), each as its words."""
    command = [tierline, "--offline", "--no-store", "--json", "symbols", str(folder)]
    listed = subprocess.run(command, capture_output=True, check=False).stdout
    rows = [row for row in json.loads(listed or "[]") if row["kind"] in FUNCTIONS and row["doc"] and not is_test(row["file"])]
    asked = [first_sentence(row["doc"]) for row in rows]
    times = Counter(asked)
    pairs = [(question, row) for question, row in zip(asked, rows) if times[question] == 1 and is_question(question)]
    pairs.sort(key=lambda pair: pair[0])
    random.Random(1).shuffle(pairs)
    lines: dict[str, list[str]] = {}
    found = []
    for question, row in pairs[:MOST_OF_A_PACKAGE]:
        if row["file"] not in lines:
            lines[row["file"]] = (folder / row["file"]).read_text(errors="replace").split("\n")
        body = "\n".join(lines[row["file"]][row["line"] - 1 : min(row["end_line"], row["line"] + 400)])
        place = row["container"].split("::")[-1] + " " + os.path.splitext(row["file"])[0].split("/")[-1]
        used = [word for name in uses(without_docstring(body), row["name"]) for word in split(name)]
        found.append((split(question), split(row["name"]), split(place), split(row["signature"])[:40], used))
    return found


def is_question(sentence: str) -> bool:
    begins = ("see ", "@", "todo", "returns self")
    return 5 <= len(sentence.split()) <= 40 and "deprecated" not in sentence.lower() and not sentence.lower().startswith(begins)


def is_test(path: str) -> bool:
    *folders, name = path.lower().split("/")
    return bool(TESTS & set(folders)) or name.startswith("test_") or "_test." in name or ".test." in name


def without_docstring(body: str) -> str:
    found = re.search(r'("""|\'\'\')', body)
    end = body.find(found.group(1), found.end()) if found else -1
    return body[: found.start()] + body[end + 3 :] if found and end > 0 else body


def uses(body: str, own: str) -> list[str]:
    names = (called or member or kind for called, member, kind in USED.findall(body[len(own) :]))
    return [name for name in dict.fromkeys(names) if name not in KEYWORDS and name != own][:40]
