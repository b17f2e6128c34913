"""How a source has fared → when to look at it again."""

import hashlib
from datetime import UTC, datetime, timedelta

from detente.intake.source_list import Source

LONGEST_REST = timedelta(days=1)
"""A sick source is asked once a day at the least, so that its return is seen."""
_SPREAD = 0.1
"""Share of the interval by which sources are moved apart, so that a hundred hourly ones are not all asked at once."""


def due(source: Source, last_polled: datetime | None, failures: int) -> datetime:
    """The moment from which a source may be looked at again; the past where it never was.

    Each failure in a row doubles its interval, up to a day (or its own interval where that is longer).
    """
    if last_polled is None:
        return datetime.min.replace(tzinfo=UTC)
    interval = timedelta(seconds=source.every)
    # Ten doublings of a minute are most of a day: more of them only make numbers too large.
    rest = interval if not failures else min(interval * 2 ** min(failures, 11), max(LONGEST_REST, interval))
    return last_polled + rest * (1 - _SPREAD * _share(source.name))


def _share(name: str) -> float:
    """A number from 0 to 1 that is always the same for a name."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=2).digest()) / 0xFFFF
