"""The packed pieces of a response → its bytes, unpacked piece by piece, so that a bound on them can hold."""

import zlib
from collections.abc import Iterable, Iterator

ENCODINGS = ("gzip", "deflate")
"""What is asked for (Accept-Encoding)."""

_PIECE = 65_536


def unpack(pieces: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """The bytes in pieces of at most 64 KiB when unpacked. Raises LookupError for another encoding, zlib.error."""
    name = encoding.strip().lower() or "identity"
    if name == "identity":
        return iter(pieces)
    if name not in (*ENCODINGS, "x-gzip"):
        raise LookupError(encoding)
    return _inflated(pieces)


def _inflated(pieces: Iterable[bytes]) -> Iterator[bytes]:
    # 47: the widest window, gzip's or zlib's header told by itself.
    unpacker = zlib.decompressobj(47)
    begun = False
    for packed in pieces:
        rest = packed
        while rest:
            try:
                piece = unpacker.decompress(rest, _PIECE)
            except zlib.error:
                if begun:
                    raise
                # Some servers send "deflate" without zlib's header (RFC 9110, 8.4.1.2 tells of them).
                unpacker = zlib.decompressobj(-15)
                piece = unpacker.decompress(rest, _PIECE)
            begun = True
            if piece:
                yield piece
            rest = unpacker.unconsumed_tail
            if unpacker.eof:
                # gzip may go on with a further member (RFC 1952, 2.2); what follows and is none is padding.
                rest = unpacker.unused_data
                if not rest.startswith(b"\x1f\x8b"):
                    break
                unpacker = zlib.decompressobj(47)
    while begun and not unpacker.eof and (piece := unpacker.decompress(unpacker.unconsumed_tail, _PIECE)):
        yield piece
    if begun and not unpacker.eof:
        raise zlib.error("ends before its end")
