"""The code that is measured: released packages, fetched from their registries into a cache folder.

Every entry names one archive of one version, so that two runs measure the same bytes.
"""

import shutil
import subprocess
import tarfile
import urllib.request
import zipfile
from pathlib import Path

# language -> [(name of the folder, where it comes from, parts of it that are measured; empty: all)]
CORPUS = {
    "rust": [
        ("tokio", "crate:tokio@1.38.0", ["src"]),
        ("clap_builder", "crate:clap_builder@4.5.9", ["src"]),
        ("regex-automata", "crate:regex-automata@0.4.7", ["src"]),
    ],
    "python": [
        ("flask", "pypi:flask@3.0.3", []),
        ("sqlalchemy", "pypi:sqlalchemy@2.0.31", []),
        ("click", "pypi:click@8.1.7", []),
    ],
    "javascript": [
        ("express", "npm:express@4.19.2", ["lib"]),
        ("eslint", "npm:eslint@9.6.0", ["lib"]),
        ("webpack", "npm:webpack@5.92.1", ["lib"]),
    ],
    "typescript": [
        ("rxjs", "npm:rxjs@7.8.1", ["src"]),
        ("trpc-server", "npm:@trpc/server@11.0.0", ["src"]),
        ("zod", "npm:zod@3.25.76", ["src"]),
    ],
    "go": [
        ("cobra", "debian:golang-github-spf13-cobra", []),
        ("gin", "debian:golang-github-gin-gonic-gin", []),
    ],
    "java": [
        ("jackson-core", "debian:jackson-core", ["src/main"]),
        ("commons-lang", "debian:libcommons-lang3-java", ["src/main"]),
    ],
    "c": [("redis", "debian:redis", ["src"])],
    "cpp": [
        ("leveldb", "debian:leveldb", []),
        ("fmt", "debian:fmtlib", ["src", "include", "test"]),
        ("nlohmann-json", "debian:nlohmann-json3", ["include"]),
    ],
}


def sources(cache: Path, language: str):
    """Yields (name, folder) for each package of a language, fetching what is not there yet."""
    for name, origin, parts in CORPUS[language]:
        whole = cache / "whole" / language / name
        if not whole.is_dir():
            print(f"fetching {origin}", flush=True)
            unpack(fetch(cache, origin), whole)
        folder = cache / "measured" / language / name
        if not folder.is_dir():
            for part in parts or ["."]:
                shutil.copytree(whole / part, folder / part, dirs_exist_ok=True, symlinks=True)
        yield name, folder


def whole(cache: Path, language: str, name: str) -> Path:
    """The folder of a whole package, with the manifests that a compiler needs."""
    list(sources(cache, language))
    return cache / "whole" / language / name


def fetch(cache: Path, origin: str) -> Path:
    registry, _, package = origin.partition(":")
    downloads = cache / "downloads" / origin.replace("/", "_").replace(":", "_")
    downloads.mkdir(parents=True, exist_ok=True)
    if registry == "debian":
        return debian(cache, downloads, package)
    name, _, version = package.rpartition("@")
    if registry == "crate":
        url = f"https://static.crates.io/crates/{name}/{name}-{version}.crate"
    elif registry == "npm":
        url = f"https://registry.npmjs.org/{name}/-/{name.split('/')[-1]}-{version}.tgz"
    else:
        command = ["pip", "download", "--no-deps", "--only-binary", ":all:", "-d", downloads, f"{name}=={version}"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        return next(downloads.glob("*.whl"))
    archive = downloads / "archive.tar.gz"
    archive.write_bytes(read(url))
    return archive


def read(url: str) -> bytes:
    request = urllib.request.Request(url, headers={"User-Agent": "tierline-accuracy"})
    with urllib.request.urlopen(request, timeout=120) as answer:
        return answer.read()


def debian(cache: Path, downloads: Path, package: str) -> Path:
    """The original source archive of a package of Debian 12, by apt, without touching the system's own lists."""
    apt = cache / "apt"
    for folder in ("lists/partial", "archives/partial"):
        (apt / folder).mkdir(parents=True, exist_ok=True)
    sources_list = apt / "sources.list"
    options = [
        f"Dir::Etc::SourceList={sources_list}",
        "Dir::Etc::SourceParts=/dev/null",
        f"Dir::State::Lists={apt}/lists",
        f"Dir::Cache={apt}",
    ]
    options = [word for option in options for word in ("-o", option)]
    if not sources_list.exists():
        sources_list.write_text("deb-src http://deb.debian.org/debian bookworm main\n")
        subprocess.run(["apt-get", *options, "update"], check=True, stdout=subprocess.DEVNULL)
    command = ["apt-get", *options, "source", "--download-only", "--tar-only", package]
    subprocess.run(command, cwd=downloads, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return next(path for path in downloads.iterdir() if ".orig.tar" in path.name)


def unpack(archive: Path, target: Path) -> None:
    """Unpacks an archive without the one folder that holds everything."""
    staging = target.with_name(target.name + ".part")
    shutil.rmtree(staging, ignore_errors=True)
    if archive.suffix == ".whl":
        zipfile.ZipFile(archive).extractall(staging)
    else:
        with tarfile.open(archive) as tar:
            tar.extractall(staging, filter="data")
    top = list(staging.iterdir())
    (top[0] if len(top) == 1 else staging).rename(target)
    shutil.rmtree(staging, ignore_errors=True)
