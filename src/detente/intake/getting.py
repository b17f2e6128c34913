"""The address of a feed, a sitemap or a page → what it gives, in the form that `polling` asks for.

The one place that ties polling to a way of fetching: another `Get` takes its place without a change elsewhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from detente.intake.fetch import fetch

# IANA's and the usual names of feeds, and of packed sitemaps.
_TYPES = (
    "application/rss",
    "application/atom",
    "application/rdf",
    "application/feed+json",
    "application/x-rss",
    "application/gzip",
    "application/x-gzip",
    "binary/octet-stream",
)


@dataclass(frozen=True, slots=True)
class Given:
    """What an address gave; this way of fetching asks no server whether something changed."""

    data: bytes
    url: str
    charset: str | None
    fetched_at: datetime
    headers: Mapping[str, str] = field(default_factory=dict)
    not_modified: bool = False


def get(url: str, *, etag: str | None = None, last_modified: str | None = None) -> Given:
    """The whole of what an address gives. Raises SourceError."""
    found = fetch(url, also=_TYPES)
    return Given(found.data, found.url, found.charset, datetime.now(UTC))
