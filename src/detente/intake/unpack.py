"""The packed pieces of a response → its bytes, unpacked piece by piece, so that a bound on them can hold."""

import zlib
from collections.abc import Iterable, Iterator

ENCODINGS = ("gzip", "deflate")
"""What is asked for (Accept-Encoding)."""

_PIECE = 65_536
_GZIP = b"\x1f\x8b"


def unpack(pieces: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """The bytes in pieces of at most 64 KiB when unpacked. Raises LookupError for another encoding, zlib.error."""
    name = encoding.strip().lower() or "identity"
    if name == "identity":
        return iter(pieces)
    if name not in (*ENCODINGS, "x-gzip"):
        raise LookupError(encoding)
    return _inflated(pieces, name)


def _inflated(pieces: Iterable[bytes], name: str) -> Iterator[bytes]:
    unpacker = None
    members = 0
    packed = b""
    for more in pieces:
        packed += more
        # Two bytes tell what follows.
        while packed and (unpacker or len(packed) > 1):
            if unpacker is None:
                if members and not packed.startswith(_GZIP):
                    # Padding.
                    return
                unpacker = zlib.decompressobj(_window(packed, name))
            piece = unpacker.decompress(packed, _PIECE)
            packed = unpacker.unconsumed_tail
            if piece:
                yield piece
            if unpacker.eof:
                # gzip may go on with a further member (RFC 1952, 2.2).
                packed = unpacker.unused_data
                unpacker = None
                members += 1
    while unpacker and not unpacker.eof and (piece := unpacker.decompress(packed, _PIECE)):
        packed = unpacker.unconsumed_tail
        yield piece
    if (unpacker and not unpacker.eof) or (packed and not members):
        raise zlib.error("it ends before its end")


def _window(packed: bytes, name: str) -> int:
    """zlib's `wbits` for bytes packed as `name`."""
    if name == "deflate" and not packed.startswith(_GZIP):
        # Some servers send it without zlib's header (RFC 9110, 8.4.1.2, tells of them; RFC 1950, 2.2, of the header).
        has_header = packed[0] & 15 == 8 and int.from_bytes(packed[:2], "big") % 31 == 0
        return zlib.MAX_WBITS if has_header else -zlib.MAX_WBITS
    return zlib.MAX_WBITS | 16
