from os import path
import json

RATE = 3


# What the state takes.
def tax(amount: int) -> int:
    """The tax."""
    return json.loads(str(amount)) * RATE


def where():
    return path.join("a", "b")
