"""A stream of bytes → its pieces as they come, and its lines, each within the bounds."""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import BinaryIO

from detente.intake.limits import MAX_BYTES

_PIECE = 65_536


def some(stream: BinaryIO) -> bytes:
    """What the stream has now, so that a line from a pipe is read when it comes; b"" at its end."""
    read1 = getattr(stream, "read1", None)
    return bytes(read1(_PIECE) if read1 else stream.read(_PIECE))


def pieces(first: bytes, stream: BinaryIO) -> Iterator[bytes]:
    """What was read ahead, and then the rest of the stream as it comes."""
    return chain([first] if first else [], iter(lambda: some(stream), b""))


def lines(chunks: Iterable[bytes]) -> Iterator[bytes | None]:
    """The lines that `chunks` hold, without their `\\n`, each as soon as it is whole; None for one over MAX_BYTES."""
    waiting = bytearray()
    over = False
    for chunk in chunks:
        start = 0
        while (end := chunk.find(b"\n", start)) >= 0:
            waiting += chunk[start:end]
            yield None if over or len(waiting) > MAX_BYTES else bytes(waiting)
            waiting.clear()
            over = False
            start = end + 1
        waiting += chunk[start:]
        if len(waiting) > MAX_BYTES:
            over = True
            waiting.clear()
    if waiting or over:
        yield None if over else bytes(waiting)
