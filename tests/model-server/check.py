"""Checks of what a real model server, and tierline in front of it, wrote. Prints nothing when all is well."""

import json
import re
import sqlite3
import sys
import urllib.request


def find(value, key):
    """Every value under a key, at any depth."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == key:
                yield inner
            yield from find(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from find(inner, key)


def load(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def chat(path):
    reply = load(path)
    choice = reply["choices"][0]
    assert choice["finish_reason"] == "stop", choice
    answer = json.loads(choice["message"]["content"])
    assert isinstance(answer["summary"], str) and set(answer) == {"summary"}, answer
    assert reply["usage"]["prompt_tokens"] > 0 and reply["usage"]["completion_tokens"] > 0, reply


def hover(path, expected):
    reply = load(path)
    tiers = set(find(reply, "tier"))
    assert tiers & {"nano", "mini"}, f"the hover was answered by no model: {reply}"
    cached = list(find(reply, "cached"))
    assert (True in cached) == (expected == "cached"), f"expected a {expected} answer: {reply}"


def lookup(path):
    reply = load(path)
    assert isinstance(reply, dict) and reply, reply


def ledger(path, metrics):
    """The ledger's sums are what the server itself counted, less the one raw request of this script."""
    rows = sqlite3.connect(f"file:{path}?mode=ro", uri=True).execute(
        "SELECT kind, tier, state, outcome, estimated, input, cached, output, cost_pico FROM entry ORDER BY id"
    ).fetchall()
    assert rows, "the ledger is empty"
    kinds = {row[0] for row in rows}
    assert "summary" in kinds and "lookup" in kinds, f"kinds in the ledger: {kinds}"
    for kind, tier, state, outcome, estimated, used, cached, output, cost in rows:
        assert state == "settled" and not estimated, (kind, tier, state, outcome)
        assert outcome in ("ok", "validation_fail", "schema_fail", "incomplete"), (kind, tier, outcome)
        assert used > 0 and output > 0 and 0 <= cached <= used and cost == 0, (kind, used, cached, output, cost)
    assert rows[0][:2] == ("summary", "nano"), f"the first to be asked was not the nano tier: {rows[0]}"
    text = urllib.request.urlopen(metrics, timeout=30).read().decode()
    made = re.search(r"^llamacpp:tokens_predicted_total (\d+)", text, re.MULTILINE)
    assert made and int(made.group(1)) >= sum(row[7] for row in rows), (made, rows)


if __name__ == "__main__":
    {"chat": chat, "hover": hover, "lookup": lookup, "ledger": ledger}[sys.argv[1]](*sys.argv[2:])
