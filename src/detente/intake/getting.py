"""An address that the user named → what is there of feeds, sitemaps and pages, as `polling` asks for it."""

from detente.intake.exchange import Accept
from detente.intake.fetch import FEEDS, SITEMAPS, Fetched, fetch

_ANY_LIST = Accept(FEEDS.header, (*FEEDS.types, *SITEMAPS.types, "binary/octet-stream"))


def get(url: str, *, etag: str | None = None, last_modified: str | None = None) -> Fetched:
    """The whole of what an address gives, whatever was seen of it before. Raises SourceError."""
    return fetch(url, accept=_ANY_LIST)
