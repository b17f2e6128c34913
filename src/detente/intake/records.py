"""Pieces of a WARC stream → its records, each with its block of bytes, and the places where it is damaged.

fastwarc's own iterator ends at the first damage and gives a record that was cut off as if it were whole; so the
records are told apart here, and their heads alone are left to fastwarc.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from fastwarc.warc import HeaderMap

from detente.intake.gunzip import Piece
from detente.intake.limits import MAX_BYTES

BEGIN = b"WARC/"
"""The first bytes of a record (WARC 1.1, section 4)."""
MAX_HEAD = 65_536
"""Bytes of a record's or an HTTP response's head; those of large sites stay under 10,000."""
_MAX_BLOCK = MAX_BYTES + MAX_HEAD
_END = b"\r\n\r\n"
_END_OF_HEAD = re.compile(rb"\r?\n\r?\n")
_START = re.compile(rb"WARC/\d\.\d\r?\n[A-Za-z]")
_START_WITHIN = 16
_BROKEN_GZIP = "its gzip data is damaged or cut off"
_CUT_OFF = "cut off, or shorter than its Content-Length"
_WRONG_LENGTH = "of another length than its Content-Length"


@dataclass(frozen=True, slots=True)
class Record:
    """One record. `fields` are its head's, names in lower case.

    `block` is what follows the head. Of a block beyond the bounds it is only the beginning, and `over` is true.
    """

    fields: dict[str, str]
    block: bytes
    over: bool = False


@dataclass(frozen=True, slots=True)
class Damage:
    """A record, or bytes between records, that cannot be read; it counts as a record."""

    reason: str


@dataclass(frozen=True, slots=True)
class Head:
    """The first line and the fields (names in lower case, of several of one name the first) of a head."""

    line: str
    fields: dict[str, str]


def records(stream: Iterator[Piece]) -> Iterator[Record | Damage]:
    """The records of a stream in their order, one in memory at a time.

    After damage it goes on with the next bytes that look like a record's beginning.
    """
    tape = _Tape(stream)
    while tape.at_something():
        found = _record(tape)
        if isinstance(found, Damage):
            tape.resynchronise()
        yield found


def parse_head(data: bytes) -> Head | None:
    """The head of a record or of an HTTP response, without the empty line that ends it; None where it is none."""
    parsed = HeaderMap()
    try:
        parsed.parse(BytesIO(b"\r\n".join(data.splitlines()) + _END))
    except (OSError, ValueError):
        return None
    fields: dict[str, str] = {}
    for name, value in parsed.items_bytes():
        fields.setdefault(name.decode("latin-1").strip().lower(), value.decode("utf-8", "replace").strip())
    return Head((parsed.status_line_bytes or b"").decode("latin-1"), fields)


def split_head(data: bytes) -> tuple[bytes, bytes] | None:
    """Head and body of an HTTP response; None where no empty line within MAX_HEAD parts them."""
    end = _END_OF_HEAD.search(data, 0, MAX_HEAD)
    return (data[: end.start()], data[end.end() :]) if end else None


def _record(tape: "_Tape") -> Record | Damage:
    if not tape.data:
        return Damage(_BROKEN_GZIP)
    tape.hold(len(BEGIN))
    if not tape.data.startswith(BEGIN):
        return Damage("bytes that are no record")
    size = 0
    while not (end := _END_OF_HEAD.search(tape.data, max(0, size - len(_END)))):
        size = len(tape.data)
        if size > MAX_HEAD:
            return Damage("a head without an end")
        if not tape.fill():
            return Damage("cut off within its head")
    head = parse_head(bytes(tape.data[: end.start()]))
    length = head.fields.get("content-length", "") if head else ""
    if head is None or not (length.isascii() and length.isdigit() and len(length) <= 18):
        return Damage("a head without a Content-Length")
    start = end.end()
    if int(length) > _MAX_BLOCK:
        return _large(tape, head.fields, start, int(length))
    stop = start + int(length)
    if reason := tape.hold_record(stop):
        return Damage(reason)
    record = Record(head.fields, bytes(tape.data[start:stop]))
    tape.drop(stop)
    return record


def _large(tape: "_Tape", fields: dict[str, str], start: int, length: int) -> Record | Damage:
    """A record beyond the bounds, passed over piece by piece."""
    tape.hold(start + MAX_HEAD)
    record = Record(fields, bytes(tape.data[start : start + MAX_HEAD]), over=True)
    tape.drop(start)
    while length > MAX_HEAD:
        if not tape.data and not tape.fill():
            return Damage(tape.loss())
        if tape.next_member(length) is not None:
            return Damage(_WRONG_LENGTH)
        passed = min(length - MAX_HEAD, len(tape.data))
        tape.drop(passed)
        length -= passed
    if reason := tape.hold_record(length):
        return Damage(reason)
    tape.drop(length)
    return record


class _Tape:
    """The bytes of the stream that are in hand: `data`, from the record that is being read on."""

    def __init__(self, stream: Iterator[Piece]) -> None:
        self.data = bytearray()
        self._stream = stream
        self._fault = False
        """The stream is damaged after `data`."""
        self._open = False
        """`data` ends within a gzip member, whose checksum is yet to come."""
        self._members: list[int] = []
        """Where in `data` gzip members begin, its first byte apart."""

    def fill(self) -> bool:
        """Take one piece more; whether there was one before the stream's end or its next damage."""
        if self._fault:
            return False
        piece = next(self._stream, None)
        if piece is None:
            self._open = False
            return False
        if piece.begins and self.data:
            self._members.append(len(self.data))
        self.data += piece.data
        self._open = (piece.begins or self._open) and not piece.ends
        self._fault = piece.broken
        return bool(piece.data) or not piece.broken

    def hold(self, size: int) -> bool:
        """Whether at least `size` bytes are in hand, taking more where there are."""
        while len(self.data) < size:
            if not self.fill():
                return False
        return True

    def drop(self, size: int) -> None:
        """Let go of the first `size` bytes."""
        del self.data[:size]
        self._members = [at - size for at in self._members if at > size]

    def at_something(self) -> bool:
        """Whether there is more after the line ends here: bytes, or damage."""
        while True:
            self.drop(len(self.data) - len(self.data.lstrip(b"\r\n")))
            if self.data or self._fault:
                return True
            if not self.fill() and not self._fault:
                return False

    def next_member(self, before: int) -> int | None:
        """Where, before `before`, a gzip member in hand begins with a record."""
        return next((at for at in self._members if at < before and self.data.startswith(BEGIN, at)), None)

    def hold_record(self, stop: int) -> str | None:
        """Take what a record needs that ends before `stop`; what is wrong with it, if anything.

        It must be followed by two line ends, another record or the stream's end; the gzip member that it ends in
        must be whole, so that nothing is taken whose checksum does not hold.
        """
        while len(self.data) < stop + len(_END):
            if self.next_member(stop) is not None:
                return _WRONG_LENGTH
            if self.next_member(len(self.data)) is not None or not self.fill():
                break
        if self.next_member(stop) is not None:
            return _WRONG_LENGTH
        if len(self.data) < stop:
            return self.loss()
        while self._open and len(self.data) <= stop + len(_END) and self.fill():
            pass
        if self._fault and len(self.data) <= stop + len(_END):
            return _BROKEN_GZIP
        after = bytes(self.data[stop : stop + len(_END)])
        rest = bytes(self.data[stop : stop + 2 * len(_END)]).lstrip(b"\r\n")
        if after == _END or not rest or rest.startswith(BEGIN[: len(rest)]):
            return None
        return _WRONG_LENGTH

    def loss(self) -> str:
        """Why there is nothing more in hand."""
        return _BROKEN_GZIP if self._fault else _CUT_OFF

    def resynchronise(self) -> None:
        """Let go of everything before the next record's beginning, this one's own apart; of all, where none is."""
        self.drop(1)
        while not (found := _START.search(self.data)):
            self.drop(max(0, len(self.data) - _START_WITHIN))
            if not self.fill():
                self.drop(len(self.data))
                self._fault = self._open = False
                return
        self.drop(found.start())
