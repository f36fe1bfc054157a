"""Learning the table: each question nearer to its function than to the other functions of its package."""

import random
import re
from collections import Counter

import numpy as np
import scipy.sparse as sparse

DIMENSIONS = 128
WORD = re.compile(r"(##)?[a-z0-9]{1,24}")
# A word of code that comes this often gets a row of its own.
OFTEN, MOST_NEW = 25, 4500
BATCH, LEAST_BATCH, TEMPERATURE, RATE = 384, 24, 0.06, 0.03
# How much name, place, signature and uses count at first.
WEIGHTS = np.array([1.0, 0.4, 0.3, 0.6])


class Table:
    def __init__(self, vocabulary: list[str], vectors: np.ndarray, packages: list[list[tuple]]):
        kept = [number for number, word in enumerate(vocabulary) if WORD.fullmatch(word)]
        self.words = [vocabulary[number] for number in kept]
        self.at = {word: number for number, word in enumerate(self.words)}
        self.memo: dict[str, list[int]] = {}
        rows = unit(vectors[kept].astype(np.float64))
        # Principal components of the commoner half: the vocabulary is in the order of frequency, about.
        rows -= rows.mean(0)
        axes = np.linalg.svd(rows[:12000], full_matrices=False)[2][:DIMENSIONS]
        rows = unit(rows @ axes.T)
        counts = Counter(word for package in packages for pair in package for part in pair for word in part)
        new = [word for word, n in counts.most_common() if n >= OFTEN and len(word) > 2 and WORD.fullmatch(word) and word not in self.at]
        new = new[:MOST_NEW]
        made = [rows[self.pieces(word)].mean(0) for word in new]
        for word in new:
            self.at[word] = len(self.words)
            self.words.append(word)
        self.memo.clear()
        rows = unit(np.vstack([rows, *made]))
        # Common words say little: smooth inverse frequency (Arora, Liang, Ma, ICLR 2017).
        often = np.ones(len(self.words))
        for word, n in counts.items():
            for number, share in self.tokens([word]):
                often[number] += n * share
        self.rows = (rows * (0.05 + 1e-3 / (1e-3 + often / sum(counts.values())))[:, None]).astype(np.float32)
        self.weights = WEIGHTS.copy()

    def pieces(self, word: str) -> list[int]:
        """WordPiece: the longest known beginnings; nothing where a rest is not known."""
        if word not in self.memo:
            found, rest = [], word
            while rest:
                known = (self.at.get(("##" if found else "") + rest[:n]) for n in range(min(len(rest), 24), 0, -1))
                lengths = range(min(len(rest), 24), 0, -1)
                hit = next(((number, n) for number, n in zip(known, lengths) if number is not None), None)
                if hit is None:
                    found = []
                    break
                found.append(hit[0])
                rest = rest[hit[1] :]
            self.memo[word] = found
        return self.memo[word]

    def tokens(self, words):
        for word in words:
            if word in self.at:
                yield self.at[word], 1.0
            else:
                pieces = self.pieces(word)
                yield from ((number, 1 / len(pieces)) for number in pieces)

    def matrix(self, texts) -> sparse.csr_matrix:
        starts, numbers, shares = [0], [], []
        for text in texts:
            for number, share in self.tokens(text):
                numbers.append(number)
                shares.append(share)
            starts.append(len(numbers))
        shape = (len(starts) - 1, len(self.words))
        return sparse.csr_matrix((np.array(shares, np.float32), np.array(numbers, np.int32), starts), shape=shape)


def learn(table: Table, packages: list[list[tuple]], epochs: int) -> None:
    """InfoNCE (van den Oord, Li, Vinyals, 2018) in both directions, by Adagrad; a batch is of one package, whose functions are what
    a question has to tell apart."""
    encoded = [[table.matrix(part) for part in zip(*package)] for package in packages if len(package) >= LEAST_BATCH]
    generator, order = np.random.default_rng(1), random.Random(1)
    squares = np.full_like(table.rows, 1e-3)
    for epoch in range(epochs):
        batches = []
        for package in encoded:
            mixed = generator.permutation(package[0].shape[0])
            pieces = (mixed[start : start + BATCH] for start in range(0, len(mixed), BATCH))
            batches += [(package, piece) for piece in pieces if len(piece) >= LEAST_BATCH]
        order.shuffle(batches)
        right = asked = 0
        for package, chosen in batches:
            parts = [matrix[chosen] for matrix in package]
            found, gradient, of_weights = step(table, parts)
            right, asked = right + found, asked + len(chosen)
            touched = np.unique(np.concatenate([part.indices for part in parts]))
            slope = gradient[touched]
            squares[touched] += slope * slope
            table.rows[touched] -= RATE * slope / np.sqrt(squares[touched])
            table.weights = np.maximum(0.05, table.weights - 0.05 * of_weights)
        print(f"epoch {epoch}: {right / asked:.3f} right, weights {np.round(table.weights, 2)}", flush=True)


def step(table: Table, parts):
    question, question_length = lengths(parts[0] @ table.rows)
    units = [lengths(part @ table.rows) for part in parts[1:]]
    answer, answer_length = lengths(sum(weight * one for weight, (one, _) in zip(table.weights, units)))
    scores = question @ answer.T / TEMPERATURE
    ahead, back = softmax(scores, 1), softmax(scores, 0)
    n = len(scores)
    slope = (ahead + 0.5 * back - 1.5 * np.eye(n, dtype=np.float32)) / (n * TEMPERATURE)
    gradient = parts[0].T @ through(slope @ answer, question, question_length)
    of_answer = through(slope.T @ question, answer, answer_length)
    of_weights = np.array([(of_answer * one).sum() for one, _ in units])
    for weight, part, (one, length) in zip(table.weights, parts[1:], units):
        of_part = through(of_answer * np.float32(weight), one, length)
        of_part[length[:, 0] < 1e-5] = 0
        gradient = gradient + part.T @ of_part
    return int((ahead.argmax(1) == np.arange(n)).sum()), gradient, of_weights


def unit(rows):
    return rows / (np.linalg.norm(rows, axis=1, keepdims=True) + 1e-9)


def lengths(rows):
    length = np.linalg.norm(rows, axis=1, keepdims=True) + 1e-6
    return rows / length, length


def through(slope, direction, length):
    """The slope before a row was brought to length 1."""
    return (slope - direction * (slope * direction).sum(1, keepdims=True)) / length


def softmax(scores, axis):
    scores = np.exp(scores - scores.max(axis, keepdims=True))
    return scores / scores.sum(axis, keepdims=True)
