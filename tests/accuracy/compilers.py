"""Definitions and references beside those that compilers know."""

import json
import random
import re
import subprocess
from collections import defaultdict
from pathlib import Path

from ctags import plain


def canonical(symbol: str) -> str:
    """One name for what TypeScript's index gives several: a class and its constructor, an interface and the value of its name."""
    if not symbol.startswith("scip-typescript"):
        return symbol
    symbol = re.sub(r"`<constructor>`\(\)\.$", "", symbol)
    symbol = re.sub(r"`<(?:get|set)>([^`]*)`\(\)\.$", r"\1.", symbol)
    return re.sub(r"(\(\)\.|[.#])$", "", symbol)


class Truth:
    """The occurrences of one package: definitions and uses of what is neither local nor a parameter nor a module."""

    def __init__(self, folder: Path, rows):
        self.lines = {}
        self.folder = folder
        self.definitions = defaultdict(set)
        self.uses = defaultdict(set)
        self.at = defaultdict(set)
        self.named = defaultdict(set)
        for file, line, start, end_line, end, roles, symbol in rows:
            symbol = canonical(symbol)
            line, start, end_line, end = int(line), int(start), int(end_line), int(end)
            text = self.line(file, line)
            if line != end_line or text is None:
                continue
            name = text[start:end]
            if not re.fullmatch(r"#?[\w$]+", name):
                continue
            place = (file, line + 1, len(text[:start].encode()) + 1 + name.startswith("#"))
            name = name.removeprefix("#")
            self.at[place].add(symbol)
            if int(roles) & 1:
                self.definitions[symbol].add((*place, name))
            else:
                self.uses[symbol].add((*place, name))
                self.named[name].add(place)
        if any(symbol.startswith("scip-python") for symbol in self.definitions):
            self.drop_what_python_mistakes()
        for short, whole in self.handed_out():
            self.uses[whole] |= self.uses[short]
            for use in self.uses[short]:
                self.at[use[:3]].add(whole)

    def drop_what_python_mistakes(self):
        """Leaves out two things that `scip-python` lists as uses and that are none: the name in `def` and `class`, where a
        definition is an overload, a setter or conditional; and a member of a value of a class that does not declare it, which gets
        the symbol of the class: a member is never called otherwise than it is defined, unless an import names it anew."""
        renamed = set()
        for path in self.folder.rglob("*.py"):
            renamed |= set(re.findall(r"\b(\w+) as (\w+)", path.read_text(errors="replace")))
        for symbol, uses in self.uses.items():
            names = {definition[3] for definition in self.definitions.get(symbol, ())}
            for use in list(uses):
                file, line, column, name = use
                before = self.line(file, line - 1).encode()[: column - 1].decode(errors="replace")
                is_definition = re.search(r"\b(def|class)\s+$", before)
                is_other = before.endswith(".") and names and name not in names and not any((own, name) in renamed for own in names)
                if is_definition or is_other:
                    uses.discard(use)
                    self.at[use[:3]].discard(symbol)
                    self.named[name].discard(use[:3])

    def handed_out(self):
        """A property in `module.exports = { name }` stands for what it is short for: (its symbol, that of the whole)."""
        for symbol, definitions in list(self.definitions.items()):
            for file, line, column, name in definitions:
                if symbol.endswith(":") and self.is_export(file, line):
                    for whole in self.at[file, line, column] - {symbol}:
                        yield symbol, whole

    def is_export(self, file: str, line: int) -> bool:
        for before in range(line - 1, -1, -1):
            text = self.line(file, before)
            if text.strip() and not text[0].isspace():
                return text.startswith("module.exports = {")
        return False

    def line(self, file: str, number: int):
        if file not in self.lines:
            path = self.folder / file
            self.lines[file] = path.read_text(errors="replace").split("\n") if path.is_file() else []
        lines = self.lines[file]
        return lines[number] if number < len(lines) else None

    def counts(self, symbol: str) -> bool:
        """Whether a symbol is one that the workspace defines and that more than one function can see."""
        return not symbol.startswith("local ") and not symbol.endswith((")", "]", "/", ":")) and symbol in self.definitions

    def right_lines(self, place):
        """The lines of all that the compiler says of a place: an import of a merged declaration means several."""
        return {definition[:2] for symbol in self.at[place] for definition in self.definitions.get(symbol, ())}


def ask(tierline: Path, folder: Path, places, references: bool):
    """What we say of each place."""
    questions = "".join(f"{folder}/{file}:{line}:{column}\n" for file, line, column in places)
    command = [tierline, "resolve", "--root", folder, "--offline", *(["--references"] if references else [])]
    output = subprocess.run(command, input=questions.encode(), check=True, capture_output=True).stdout
    return [json.loads(line) for line in output.splitlines()]


def measure_definitions(tierline: Path, folder: Path, truth: Truth, ours, count: int, seed: int):
    """Counts for the definition of the name under the cursor, and the questions that were answered wrong."""
    occurrences = sorted(
        (use, symbol) for symbol, uses in truth.uses.items() if truth.counts(symbol) for use in uses if is_plain(truth, use, symbol)
    )
    sample = random.Random(seed).sample(occurrences, min(count, len(occurrences)))
    by_name = defaultdict(set)
    for file, line, name, *_ in ours:
        by_name[name].add((file, line))
    answers = ask(tierline, folder, [use[:3] for use, _ in sample], references=False)
    counts = {"asked": 0, "right": 0, "bare": 0.0, "silent": 0, "sure": 0, "sure_right": 0}
    wrong = []
    for (use, symbol), answer in zip(sample, answers):
        lines = truth.right_lines(use[:3])
        found = answer.get("definitions", [])
        first = (found[0]["file"], found[0]["line"]) if found else None
        counts["asked"] += 1
        counts["right"] += first in lines
        counts["silent"] += first is None
        if found and found[0]["certainty"] != "same-name":
            counts["sure"] += 1
            counts["sure_right"] += first in lines
        name = min(truth.definitions[symbol])[3]
        candidates = by_name.get(name, set())
        counts["bare"] += len(candidates & lines) / len(candidates) if candidates else 0
        if first not in lines:
            wrong.append((use, found[:1], sorted(lines)[:1], symbol.split(" ")[-1], lines & candidates != set()))
    return counts, wrong


def is_plain(truth: Truth, use, symbol: str) -> bool:
    """Leaves out what is a definition and a use at once, such as a shorthand property."""
    return all(definition[:3] != use[:3] for definition in truth.definitions[symbol])


def measure_references(tierline: Path, folder: Path, truth: Truth, ours, count: int, seed: int):
    """Counts for the references of a sample of definitions that we list: certain ones, all, and by bare name."""
    listed = {(file, line, name) for file, line, name, *_ in ours}
    symbols = []
    for symbol, uses in sorted(truth.uses.items()):
        definition = min(truth.definitions[symbol]) if truth.counts(symbol) else None
        if definition and (definition[0], definition[1], plain(definition[3])) in listed:
            symbols.append((symbol, definition))
    sample = random.Random(seed).sample(symbols, min(count, len(symbols)))
    answers = ask(tierline, folder, [definition[:3] for _, definition in sample], references=True)
    counts = defaultdict(int)
    worst = []
    for (symbol, definition), answer in zip(sample, answers):
        defined = {place[:3] for place in truth.definitions[symbol]}
        true = {use[:3] for use in truth.uses[symbol]} - defined
        rows = [((hit["file"], hit["line"], hit["column"]), hit) for hit in answer.get("references", [])]
        rows = [(place, hit) for place, hit in rows if place not in defined]
        judged = [(place, hit) for place, hit in rows if place in truth.at]
        sure = {place for place, hit in judged if hit["certainty"] != "same-name"}
        likely = {place for place, hit in judged if hit["likely"]}
        every = {place for place, _ in judged}
        bare = truth.named[definition[3]] - defined
        counts["definitions"] += 1
        counts["true"] += len(true)
        counts["unjudged"] += len(rows) - len(judged)
        for row, said in (("sure", sure), ("likely", likely), ("all", every), ("bare", bare)):
            counts[row] += len(said)
            counts[row + "_right"] += len(said & true)
        worst.append((len(sure - true), len(true - every), definition, sorted(sure - true)[:2], sorted(true - every)[:2]))
    return counts, worst
