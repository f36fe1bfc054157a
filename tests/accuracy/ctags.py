"""Definitions beside those of universal-ctags: which of its definitions we find, and what we list besides."""

import json
import random
import re
import subprocess
from collections import Counter
from pathlib import Path

# language -> (the name that ctags has for it, the kinds that both know)
LANGUAGES = {
    "rust": ("Rust", {"module", "struct", "interface", "enum", "typedef", "variable", "constant", "macro", "field", "enumerator", "function", "method"}),
    "python": ("Python", {"class", "function", "member", "variable"}),
    "javascript": ("JavaScript", {"function", "class", "method", "property", "constant", "variable", "generator", "getter", "setter", "field"}),
    "typescript": ("TypeScript", {"function", "class", "interface", "enum", "enumerator", "method", "namespace", "property", "variable", "constant", "generator", "alias"}),
    "go": ("Go", {"func", "const", "type", "var", "struct", "interface", "member", "anonMember", "methodSpec", "talias"}),
    "java": ("Java", {"annotation", "class", "enumConstant", "field", "enum", "interface", "method"}),
    "c": ("C", {"prototype", "macro", "enumerator", "function", "enum", "member", "struct", "typedef", "union", "variable"}),
    "cpp": ("C++", {"prototype", "macro", "enumerator", "function", "enum", "member", "struct", "typedef", "union", "variable", "class", "namespace"}),
}


def definitions_of_ctags(language: str, folder: Path):
    """(file, line, name, kind) of every definition that has a name in the text."""
    name, kinds = LANGUAGES[language]
    command = ["ctags", "-R", "--output-format=json", "--fields=+nK", "--kinds-C=+p", "--kinds-C++=+p", "--map-Python=-.pyx", "-f", "-", f"--languages={name}"]
    if language == "cpp":
        command.append("--langmap=C++:+.h")
    if language == "c":
        command.append("--langmap=C:+.h")
    output = subprocess.run([*command, "."], cwd=folder, check=True, capture_output=True, text=True, errors="replace").stdout
    found = []
    for line in output.splitlines():
        tag = json.loads(line)
        if tag.get("_type") == "tag" and tag["kind"] in kinds and not is_anonymous(tag["name"]):
            found.append((tag["path"].removeprefix("./"), tag["line"], tag["name"], tag["kind"]))
    return found


def is_anonymous(name: str) -> bool:
    """Ctags makes names up for what has none."""
    return name.startswith(("__anon", "anonymousFunction", "AnonymousFunction", "anonymousObject"))


def definitions_of_tierline(tierline: Path, language: str, folder: Path):
    """(file, line, name, kind, last line) of every symbol."""
    output = subprocess.run([tierline, "symbols", folder, "--json"], check=True, capture_output=True).stdout
    wanted = {"typescript": {"typescript", "tsx"}, "cpp": {"c", "cpp"}, "c": {"c", "cpp"}}.get(language, {language})
    symbols = [symbol for symbol in json.loads(output) if symbol["language"] in wanted]
    return [(s["file"], s["line"], plain(s["name"]), s["kind"], s["end_line"]) for s in symbols]


def plain(name: str) -> str:
    """Names as both write them: no spaces, no quotes, no private marks."""
    return "".join(name.split()).strip("'\"`").removeprefix("r#")


class Comparison:
    """What both say of one package."""

    def __init__(self, tierline: Path, language: str, name: str, folder: Path):
        self.language, self.name, self.folder = language, name, folder
        self.lines = {}
        self.theirs = sorted(set(definitions_of_ctags(language, folder)))
        self.ours = definitions_of_tierline(tierline, language, folder)
        places = {symbol[:3] for symbol in self.ours}
        self.missed = [tag for tag in self.theirs if (tag[0], tag[1], plain(tag[2])) not in places]
        ends, first = set(), {}
        for file, line, symbol, _, end in self.ours:
            ends.add((file, end, symbol))
            first[file, symbol] = min(line, first.get((file, symbol), line))
        self.reasons = [(tag, self.reason(tag, ends, first)) for tag in self.missed]
        theirs = {(file, line, plain(name)) for file, line, name, _ in self.theirs}
        self.extra = [symbol for symbol in self.ours if symbol[:3] not in theirs]

    def reason(self, tag, ends, first) -> str:
        """Why a definition of ctags that we do not list is none of ours to list; empty where we should."""
        file, number, name, kind = tag
        text, name = self.line(file, number), plain(name)
        indented = text[:1].isspace()
        if re.fullmatch(r"\w+", name) and not re.search(rf"(?<!\w){name}(?!\w)", text):
            return "no such name on the line"
        if self.language in ("javascript", "typescript"):
            if kind in ("constant", "variable") and indented:
                return "local variable or key of an object in a function"
            if kind == "alias" and not re.search(r"\btype\s+" + re.escape(name) + r"\s*(<|=|$)", text):
                return "name in an import or behind satisfies, no alias"
            declared = re.match(r"(?:export\s+)?(?:declare\s+)?(?:const|let|var|function)\s+([\w$]+)", text)
            if kind in ("constant", "variable") and declared and declared[1] != name:
                return "another word of the line than the one declared"
            if name in ("return", "extends", "if", "for", "while", "switch", "catch", "keyof", "this"):
                return "keyword"
            if kind in ("class", "field", "property") and indented and re.match(re.escape(name) + r"\s*=", text.strip()):
                return "assignment to a local variable"
            if kind == "class" and indented and re.match(r"(?:const|let|var)\s+" + re.escape(name) + r"\s*=\s*\{", text.strip()):
                return "local variable or key of an object in a function"
            if kind == "class" and not re.search(r"\bclass\b|\.prototype", text):
                return "object, no class"
            if kind == "field" and (re.search(r"\{[^{}]*\b" + re.escape(name) + r"\b[^{}]*\}", text) or name in ("case", "default")):
                return "key of an object of data"
            if kind == "field" and name.startswith("[") and not re.match(re.escape(name), text.strip()):
                return "use of a name, no field"
            if kind == "field" and re.search(r"(\.|return )" + re.escape(name) + r"\b|\b" + re.escape(name) + r"\.", text):
                return "use of a name, no field"
            if kind == "field" and re.search(r"\([^()]*(?<!\w)" + re.escape(name) + r"(?!\w)[^()]*\)", text):
                return "parameter"
            if kind == "field" and re.fullmatch(re.escape(name) + r",?", text.strip()):
                return "key of an object of data"
            if kind in ("property", "class", "field", "method", "getter", "setter", "variable") and is_key(text, name):
                return "key of an object of data"
        if self.language in ("c", "cpp"):
            if (file, number, name) in ends:
                return "typedef or variable of the struct of the same name, listed once"
            if re.fullmatch(r"[A-Z][A-Z0-9_]+", name) and kind in ("function", "prototype", "variable"):
                return "call of a macro"
            if re.match(r"(_S|s)tatic_assert\s*\(", text.strip()) and kind in ("function", "prototype"):
                return "call in a static assertion"
            if re.match(r"(class|struct|union)\b[^{=]*\b" + re.escape(name) + r"\s*;", text.strip()) and kind == "variable":
                return "declaration of a class that is defined elsewhere"
            if re.match(r"(extern )?template\s+(?!<)", text.strip()):
                return "explicit instantiation"
        if self.language == "java" and kind == "enumConstant" and "@" + name in text:
            return "annotation"
        if kind in ("variable", "property", "constant") and first.get((file, name), number) < number:
            return "assigned again, listed where it first is"
        return ""

    def line(self, file: str, number: int) -> str:
        if file not in self.lines:
            self.lines[file] = (self.folder / file).read_text(errors="replace").split("\n")
        lines = self.lines[file]
        return lines[number - 1] if number <= len(lines) else ""


def is_key(text: str, name: str) -> bool:
    """Whether the line holds `name: value` or `"name": value`, with no function behind it, or assigns to an object's property."""
    key = r"[\"'`]?" + re.escape(name) + r"[\"'`]?\s*:"
    return bool(re.search(key, text)) or bool(re.search(r"\." + re.escape(name) + r"\s*=(?!=|>)", text))


def sample_of_extra(comparisons, count: int, seed: int):
    """A random sample of what only we list."""
    rows = [(c, symbol) for c in comparisons for symbol in c.extra]
    return random.Random(seed).sample(rows, min(count, len(rows)))


def kinds(tags) -> Counter:
    return Counter(tag[3] for tag in tags)
