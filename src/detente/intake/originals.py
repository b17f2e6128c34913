"""Copies of one text → which of them is the original as far as is known: the earliest time, the agency credited."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time


@dataclass(frozen=True, slots=True)
class Copy:
    """One copy as it was met: `at`, when it says it appeared, `agencies`, as it credits them.

    `at` is a bare day where it tells no hour; a `datetime` needs its time zone. `words` is the length of its text.
    """

    key: str
    at: date | datetime | None = None
    agencies: tuple[str, ...] = ()
    words: int = 0


@dataclass(frozen=True, slots=True)
class Source:
    """Where copies come from, null where none of them tells; each finding with the keys of the copies that tell it.

    `original` is the key of the copy taken for the first; `at` the earliest time known, told by `at_by`; `agency` the
    one credited, by `agency_by`; `denied_by` are copies that credit another agency instead.
    """

    original: str | None = None
    at: date | datetime | None = None
    at_by: tuple[str, ...] = ()
    agency: str | None = None
    agency_by: tuple[str, ...] = ()
    denied_by: tuple[str, ...] = ()


def source_of(copies: Sequence[Copy]) -> Source:
    """The source of a group of copies, the same in whichever order they are given. Raises ValueError for a naive time.

    The earliest time decides which is the original; of copies of that time the one that credits the agency, then the
    longest, then the first by key. A bare day comes after all the hours told of it: nothing says that it was earlier.
    The agency is the one that most copies credit first; where two are credited as often, the one credited earlier.
    """
    ordered = sorted(copies, key=_order)
    credits = Counter(copy.agencies[0] for copy in ordered if copy.agencies)
    # most_common keeps the order of first meeting among equals, and that is the order of time.
    agency = credits.most_common(1)[0][0] if credits else None
    timed = [copy for copy in ordered if copy.at is not None]
    at = timed[0].at if timed else None
    first = [copy for copy in timed if _when(copy) == _when(timed[0])]
    original = min(first, key=lambda c: (agency not in c.agencies, -c.words, c.key)).key if first else None
    return Source(
        original,
        at,
        tuple(copy.key for copy in first),
        agency,
        tuple(copy.key for copy in ordered if agency and agency in copy.agencies),
        tuple(copy.key for copy in ordered if copy.agencies and agency not in copy.agencies),
    )


def _when(copy: Copy) -> tuple[datetime, bool]:
    """When the copy appeared, in universal time, and whether only the day is known; unknown is last of all."""
    if copy.at is None:
        return datetime.max.replace(tzinfo=UTC), True
    if isinstance(copy.at, datetime):
        if copy.at.tzinfo is None:
            raise ValueError(f"{copy.key}: a time without its zone: give it one")
        return copy.at.astimezone(UTC), False
    return datetime.combine(copy.at, time.max, UTC), True


def _order(copy: Copy) -> tuple[tuple[datetime, bool], str]:
    return _when(copy), copy.key
