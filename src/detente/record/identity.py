"""One raw page → what tells it from every other: which page it is, and which content."""

import hashlib
import json
import os
from dataclasses import dataclass
from urllib.parse import urldefrag

from detente.intake.raw import RawPage

_STREAM = "-"


@dataclass(frozen=True, slots=True)
class Identity:
    """`key` is the same for all contents of one page, `content` the same for the same bytes; both 32 hex digits."""

    key: str
    content: str


def identity(raw: RawPage) -> Identity:
    """What a page is known by, found without a parse.

    A given id, or the id of a JSON line; else the address without its fragment; else the file's path. What has none
    of them (standard input, a line that is none) is known by its bytes alone.
    """
    content = _digest(b"bytes", raw.data)
    if name := raw.id or (_id_of(raw.data) if raw.form == "json" else None):
        key = _digest(b"id", name.encode("utf-8", "replace"))
    elif raw.url:
        key = _digest(b"address", urldefrag(raw.url).url.encode("utf-8", "replace"))
    elif raw.form == "json" or raw.source == _STREAM:
        key = content
    else:
        key = _digest(b"file", os.path.abspath(raw.source).encode("utf-8", "replace"))
    return Identity(key, content)


def _id_of(line: bytes) -> str | None:
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError):
        return None
    name = fields.get("id") if isinstance(fields, dict) else None
    return str(name) if isinstance(name, str | int) and not isinstance(name, bool) else None


def _digest(kind: bytes, data: bytes) -> str:
    return hashlib.blake2b(kind + b"\x00" + data, digest_size=16).hexdigest()
