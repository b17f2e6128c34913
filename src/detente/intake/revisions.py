"""Two texts of one address → what was added, what is gone, what was changed, and whether the page says why."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from rapidfuzz import fuzz
from rapidfuzz.distance import LCSseq

from detente.intake import words

ChangeKind = Literal["added", "gone", "changed"]
MarkKind = Literal["correction", "update"]

ALIKE = 60
"""rapidfuzz's ratio (0 to 100) from which two sentences at one place are one that was changed."""

MOST_CELLS = 100_000_000
"""Sentences of one text times those of the other: the bits of the table of the comparison, 12 MB. Beyond it, what lies
between the common beginning and the common end is told as one change."""

MOST_PAIRS = 10_000
"""The same bound at one place of change, where sentences are compared letter by letter."""

LONGEST_COMPARED = 2_000
"""Characters of a sentence that are compared letter by letter."""

LONGEST_MARK = 400
"""Characters at the beginning of a sentence in which a mark is looked for."""

_BREAK = re.compile(r"(?<=[.!?…])[\"'”’»)\]]*\s+|\s*\n\s*")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Change:
    """One place of change: characters `old` of the old text, `new` of the new, each (start, end), end exclusive.

    `old` is None for what was added, `new` for what is gone.
    """

    kind: ChangeKind
    old: tuple[int, int] | None
    new: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Mark:
    """Where the new text says of itself that it was changed: in its title where `start` and `end` are None."""

    kind: MarkKind
    text: str
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Revision:
    """The difference of two texts. `marks` are in the new one and were not in the old; a correction tells more."""

    changes: tuple[Change, ...]
    marks: tuple[Mark, ...]

    @property
    def kind(self) -> MarkKind | None:
        """What the page calls its change, None where it says nothing."""
        kinds = {mark.kind for mark in self.marks}
        return "correction" if "correction" in kinds else "update" if kinds else None


def difference(old: str, new: str, *, old_title: str = "", new_title: str = "") -> Revision:
    """What changed from `old` to `new`, by sentences, in the order of the texts; white space does not count.

    A mark is a sentence such as "Correction: …", "An earlier version of this article …" or a title "UPDATE 2-…"; one
    that the old text already had tells nothing.
    """
    before, after = list(_sentences(old)), list(_sentences(new))
    a, b = [_plain(old[s:e]) for s, e in before], [_plain(new[s:e]) for s, e in after]
    changes = [change for i, k, j, m in _blocks(a, b) for change in _told(before[i:k], after[j:m], a[i:k], b[j:m])]
    known = {*a, _plain(old_title)}
    marks = [
        Mark(kind, new[start:end], start, end)
        for (start, end), text in zip(after, b, strict=True)
        if text not in known and (kind := _mark(text))
    ]
    if new_title and _plain(new_title) not in known and (kind := _mark(_plain(new_title))):
        marks.insert(0, Mark(kind, new_title))
    return Revision(tuple(changes), tuple(marks))


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    """Where each sentence stands, without the white space around it."""
    stops = [0, *itertools.chain.from_iterable((m.start(), m.end()) for m in _BREAK.finditer(text)), len(text)]
    for start, end in zip(stops[::2], stops[1::2], strict=True):
        told = text[start:end]
        if told.strip():
            yield start + len(told) - len(told.lstrip()), end - (len(told) - len(told.rstrip()))


def _plain(text: str) -> str:
    return _SPACES.sub(" ", text).strip()


def _blocks(a: list[str], b: list[str]) -> Iterator[tuple[int, int, int, int]]:
    """The stretches that differ: sentences i to k of the one, j to m of the other."""
    head = sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], zip(a, b, strict=False)))
    rest = min(len(a), len(b)) - head
    backwards = zip(reversed(a), reversed(b), strict=False)
    tail = sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], itertools.islice(backwards, rest)))
    mine, theirs = a[head : len(a) - tail], b[head : len(b) - tail]
    if not mine and not theirs:
        return
    if len(mine) * len(theirs) > MOST_CELLS:
        yield head, len(a) - tail, head, len(b) - tail
        return
    i = j = 0
    for block in LCSseq.opcodes(mine, theirs):
        if block.tag == "equal":
            if (i, j) != (block.src_start, block.dest_start):
                yield head + i, head + block.src_start, head + j, head + block.dest_start
            i, j = block.src_end, block.dest_end
    if (i, j) != (len(mine), len(theirs)):
        yield head + i, head + len(mine), head + j, head + len(theirs)


def _told(old: list[tuple[int, int]], new: list[tuple[int, int]], was: list[str], now: list[str]) -> Iterator[Change]:
    """The changes of one stretch: sentences that are alike are paired in their order, the rest is added or gone."""
    if len(old) * len(new) > MOST_PAIRS:
        yield Change("changed", (old[0][0], old[-1][1]), (new[0][0], new[-1][1]))
        return
    at = 0
    for span, text in zip(old, was, strict=True):
        ratios = [fuzz.ratio(text[:LONGEST_COMPARED], other[:LONGEST_COMPARED]) for other in now[at:]]
        best = max(ratios, default=0.0)
        if best < ALIKE:
            yield Change("gone", span, None)
            continue
        paired = at + ratios.index(best)
        yield from (Change("added", None, added) for added in new[at:paired])
        yield Change("changed", span, new[paired])
        at = paired + 1
    yield from (Change("added", None, added) for added in new[at:])


def _mark(text: str) -> MarkKind | None:
    told = text[:LONGEST_MARK].lower().replace("’", "'").replace("‘", "'").lstrip("*[ ")
    return next((kind for kind, pattern in _marks() if pattern.search(told)), None)


@cache
def _marks() -> tuple[tuple[MarkKind, re.Pattern[str]], ...]:
    return tuple(
        ("correction" if row["kind"] == "correction" else "update", re.compile(row["pattern"]))
        for row in words.rows("revision_marks")
    )
