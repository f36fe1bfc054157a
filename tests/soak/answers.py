"""The models of a day: they answer what is asked, and one request in six fails in one of the ways in which servers do. One minute in ten
all of them fail."""

import collections
import json
import random
import re
import sys
import threading
import time
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TESTS), str(TESTS / "refactor-cost")]
import models as refactors
import scripted_models
from scripted_models import Answer, Failure

FAULTY = 1 / 6
OUTAGE_EVERY, OUTAGE = 600, 60
# Longer than the configuration lets an answer take to begin.
STALL = 8
DOCUMENTATION = "Adds a number to the value."

BY_HEART = {
    "document_v1": {"documentation": DOCUMENTATION, "cannot": ""},
    "classify_v1": {"reach": "symbol", "changes_interface": False},
    "summary_v1": {"summary": "Works on what it is given and gives back what comes of it."},
    "explain_v1": {"paragraphs": ["It takes what it is given, works on it, and gives back what comes of that."]},
    "lookup_words_v1": {"words": ["connection", "retry", "buffer"]},
    "lookup_v1": {"choices": [{"number": 1, "why": "It does what the question asks for."}]},
    "name_v1": {"names": ["add_to_value", "value_added", "sum_with_value"]},
}


class Script:
    """What `scripted_models` asks. While `is_calm` nothing fails."""

    def __init__(self, seed):
        self.chance, self.lock = random.Random(seed), threading.Lock()
        self.begun, self.is_calm = time.monotonic(), False
        self.counts = collections.Counter()

    def __call__(self, request):
        with self.lock:
            self.counts["requests"] += 1
            is_out = (time.monotonic() - self.begun) % OUTAGE_EVERY > OUTAGE_EVERY - OUTAGE
            fault = None
            if not self.is_calm and (is_out or self.chance.random() < FAULTY):
                fault = self.chance.choice(("500", "500", "429", "429", "400", "stall", "slow", "cut", "garbage", "nonsense"))
                self.counts[fault] += 1
        text = json.dumps(answer(request))
        if fault == "500":
            return Failure(500, '{"error": {"message": "the server is overloaded"}}')
        if fault == "429":
            return Failure(429, '{"error": {"message": "slow down"}}', (("retry-after", "1"),))
        if fault == "400":
            return Failure(400, '{"error": {"message": "no"}}')
        if fault == "stall":
            time.sleep(STALL)
            return Failure(503)
        if fault == "slow":
            time.sleep(2)
        if fault == "cut":
            return Answer(text, sent=0.5)
        if fault == "garbage":
            return Failure(200, "<html>\x00\x01 it works </html>" * 50)
        if fault == "nonsense":
            return Answer("]" + text[: len(text) // 2])
        return Answer(text)


def answer(request):
    if request.schema == "plan_v2":
        return refactors.plan(request.prompt)
    if request.schema == "edit_v1":
        if "Note every call of" in request.prompt:
            return refactors.edit(request.prompt)
        return edit(request.prompt)
    return BY_HEART.get(request.schema, {})


def edit(prompt):
    """An edit of one of the functions that are typed here; nothing else is changed."""
    symbol = re.search(r"^(s\d+) .*\(may be changed\)", prompt, re.M)
    sums = re.findall(r"return value \+ (\d+)", prompt)
    if not symbol or not sums:
        return {"status": "cannot", "note": "there is nothing to do", "ops": []}
    op = {"op": "replace_text", "symbol": symbol.group(1), "find": f"value + {sums[-1]}", "text": f"{sums[-1]} + value"}
    return {"status": "done", "note": "", "ops": [op]}


def start(seed):
    """A running server, and its script."""
    script = Script(seed)
    return scripted_models.Server(script).start(), script
