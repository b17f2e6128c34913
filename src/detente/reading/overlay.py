"""The text as the reader takes it: repairs laid over it, each place still traceable to the page's own words."""

from bisect import bisect_right
from collections.abc import Iterable

from detente.model import Repair


class Overlay:
    """A text with its repairs applied, and the way back.

    `mended` is what is parsed. `source(start, end)` gives the characters of the original text that a
    stretch of `mended` stands for; inside a repaired place it widens to the whole of that place.
    """

    def __init__(self, text: str, repairs: Iterable[Repair] = ()) -> None:
        self.text = text
        parts: list[str] = []
        # Each piece: (where it begins in mended, where it begins in text, its length there, verbatim or not).
        self._pieces: list[tuple[int, int, int, bool]] = []
        self._begins: list[int] = []
        at = mended_at = 0
        for repair in sorted(repairs, key=lambda r: (r.start, r.end)):
            if repair.start < at:
                continue
            for piece, length, verbatim in (
                (text[at : repair.start], repair.start - at, True),
                (repair.now, repair.end - repair.start, False),
            ):
                if piece or not verbatim:
                    self._pieces.append((mended_at, at, length, verbatim))
                    self._begins.append(mended_at)
                    parts.append(piece)
                    mended_at += len(piece)
                at += length
        self._pieces.append((mended_at, at, len(text) - at, True))
        self._begins.append(mended_at)
        parts.append(text[at:])
        self.mended = "".join(parts)

    def _piece(self, offset: int) -> tuple[int, int, int, bool]:
        return self._pieces[max(0, bisect_right(self._begins, offset) - 1)]

    def source(self, start: int, end: int) -> tuple[int, int]:
        """Offsets in the original text of `mended[start:end]`."""
        begin, source, _, verbatim = self._piece(start)
        first = source + (start - begin) if verbatim else source
        begin, source, length, verbatim = self._piece(max(start, end - 1))
        last = source + (end - begin) if verbatim else source + length
        return max(0, min(first, len(self.text))), max(first, min(last, len(self.text)))
