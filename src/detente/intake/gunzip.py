"""Pieces of a gzip stream → what they unpack to, piece by piece, with the places where it is damaged.

A WARC file is as a rule one gzip member a record (WARC 1.1, annex D), so that what follows a damaged member can
still be read: from the next member whose first bytes are a record's.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass

MAGIC = b"\x1f\x8b\x08"
"""The first bytes of a gzip member packed with deflate (RFC 1952, 2.3.1)."""
_FIRST_RESERVED_FLAG = 0x20
_GZIP = 31
"""zlib's window bits for a gzip header and its checksum (zlib manual, inflateInit2)."""
_PIECE = 65_536


@dataclass(frozen=True, slots=True)
class Piece:
    """Unpacked bytes. `begins`: they are a member's first. `ends`: the member ends with them, its checksum right.

    `broken`: after them the stream is damaged, or ends too early.
    """

    data: bytes
    begins: bool = False
    ends: bool = False
    broken: bool = False


def gunzip(packed: Iterator[bytes], *, begin: bytes) -> Iterator[Piece]:
    """The pieces that a gzip stream unpacks to, none over 64 KB, so that a bomb takes time but no memory.

    After damage it goes on at the next member whose first bytes are `begin`; a stretch of damage is told once.
    """
    waiting = b""
    broken = False
    while True:
        # Some writers pad a file with zeros; gzip itself passes over them.
        waiting = waiting.lstrip(b"\x00")
        while len(waiting) < len(MAGIC) and (more := next(packed, b"")):
            waiting += more
        if not waiting:
            return
        if not waiting.startswith(MAGIC) and not broken:
            broken = True
            yield Piece(b"", broken=True)
        start = _next_member(waiting, packed)
        if not start:
            return
        member = _Member(start, packed)
        for piece in member.pieces():
            if broken and not piece.data.startswith(begin):
                # A member only by chance: its bytes lie within the damage.
                break
            broken = piece.broken
            yield piece
        waiting = member.left
        broken = not member.whole


def _next_member(waiting: bytes, packed: Iterator[bytes]) -> bytes:
    """What was read, from the first bytes that can begin a member; b"" where none does."""
    while True:
        at = waiting.find(MAGIC)
        if at >= 0 and len(waiting) > at + len(MAGIC):
            if waiting[at + len(MAGIC)] < _FIRST_RESERVED_FLAG:
                return waiting[at:]
            waiting = waiting[at + 1 :]
            continue
        more = next(packed, b"")
        if not more:
            return waiting[at:] if at >= 0 else b""
        waiting = waiting[at if at >= 0 else -(len(MAGIC) - 1) :] + more


class _Member:
    """One member. `left` is what follows it; where it is damaged, what was last fed, less its own first bytes."""

    def __init__(self, start: bytes, packed: Iterator[bytes]) -> None:
        self.left = start[len(MAGIC) :]
        self.whole = False
        self._start = start
        self._packed = packed

    def pieces(self) -> Iterator[Piece]:
        """Its pieces, the last with `ends` or `broken`."""
        unpack = zlib.decompressobj(_GZIP)
        begins = True
        fed = self._start
        while True:
            try:
                data = unpack.decompress(fed, _PIECE)
            except zlib.error:
                yield Piece(b"", begins=begins, broken=True)
                return
            if unpack.eof:
                self.left, self.whole = unpack.unused_data, True
                yield Piece(data, begins=begins, ends=True)
                return
            if data:
                yield Piece(data, begins=begins)
                begins = False
            fed = unpack.unconsumed_tail
            if not fed and not data:
                fed = next(self._packed, b"")
                self.left = fed
                if not fed:
                    yield Piece(b"", begins=begins, broken=True)
                    return
