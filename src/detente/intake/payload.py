"""The body of an HTTP response as it was sent → its own bytes, transfer and content codings undone.

Each coding is undone only as far as the bounds allow, so that a bomb costs no more than a page. Archives name codings
that they have already undone, as Common Crawl did for years: a body that is not so coded is taken as it is.
"""

import re
import zlib
from collections.abc import Mapping
from io import BytesIO

from detente.intake.gunzip import MAGIC
from detente.intake.limits import MAX_BYTES

_CHUNK = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]{0,1000})?\r?\n")
"""The line before a chunk: its size and extensions (RFC 9112, 7.1)."""
_MAX_CODINGS = 3


class BadPayload(ValueError):
    """A body whose codings cannot be undone; its text says why."""


class LargePayload(BadPayload):
    """A body that is larger than MAX_BYTES when its codings are undone."""


def payload(body: bytes, fields: Mapping[str, str]) -> bytes:
    """The bytes of a response's body, at most MAX_BYTES. `fields` are the response's, names in lower case.

    Raises BadPayload where a coding is broken or unknown, LargePayload beyond the bounds.
    """
    if "chunked" in fields.get("transfer-encoding", "").lower():
        body = _unchunked(body)
    codings = [name.strip() for name in fields.get("content-encoding", "").lower().split(",")]
    codings = [name for name in codings if name and name != "identity"]
    if len(codings) > _MAX_CODINGS:
        raise BadPayload("packed more than three times over")
    for name in reversed(codings):
        body = _undone(body, name)
    if len(body) > MAX_BYTES:
        raise LargePayload(f"more than {MAX_BYTES // 1_000_000} MB unpacked")
    return body


def _unchunked(body: bytes) -> bytes:
    size = _CHUNK.match(body)
    if size is None:
        return body
    whole = bytearray()
    while size is not None:
        length = int(size[1], 16)
        if length == 0:
            return bytes(whole)
        end = size.end() + length
        if end > len(body):
            break
        whole += body[size.end() : end]
        size = _CHUNK.match(body, end + (2 if body[end : end + 2] == b"\r\n" else 1))
    raise BadPayload("its chunks are cut off or damaged")


def _undone(body: bytes, coding: str) -> bytes:
    if coding in ("gzip", "x-gzip"):
        return _inflated(body, 31) if body.startswith(MAGIC) else body
    if coding == "deflate":
        # Some servers send the bare stream without zlib's header (RFC 9110, 8.4.1.2).
        zipped = len(body) > 1 and body[0] & 15 == 8 and int.from_bytes(body[:2], "big") % 31 == 0
        return _inflated(body, 15 if zipped else -15)
    if coding in ("br", "zstd"):
        return _unpacked(body, coding)
    raise BadPayload(f"packed as {coding[:20]!r}")


def _inflated(body: bytes, bits: int) -> bytes:
    unpack = zlib.decompressobj(bits)
    try:
        data = unpack.decompress(body, MAX_BYTES + 1)
    except zlib.error as error:
        raise BadPayload("its packed bytes are damaged") from error
    if len(data) > MAX_BYTES:
        raise LargePayload(f"more than {MAX_BYTES // 1_000_000} MB unpacked")
    if not unpack.eof:
        raise BadPayload("its packed bytes are cut off")
    return data


def _unpacked(body: bytes, coding: str) -> bytes:
    from fastwarc.stream_io import BrotliReader, ZstdReader

    reader = BrotliReader(BytesIO(body)) if coding == "br" else ZstdReader(BytesIO(body))
    try:
        data = reader.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise BadPayload("its packed bytes are damaged") from error
    if len(data) > MAX_BYTES:
        raise LargePayload(f"more than {MAX_BYTES // 1_000_000} MB unpacked")
    return bytes(data)
