"""The address that a person gives → the feed or sitemap to follow there."""

import os
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from detente.errors import NoFeed, SourceError, UsageError
from detente.intake.discover import discover
from detente.intake.feeds import read_feed
from detente.intake.polling import Answer, Get, poll
from detente.intake.sitemaps import read_sitemap
from detente.intake.source_list import Kind, Source, checked

_TRIED = 8


@dataclass(frozen=True, slots=True)
class Found:
    """What stands at an address, or where the page there leads: its title and language as it says itself."""

    address: str
    kind: Kind
    title: str
    language: str


def find(address: str, get: Get) -> Found:
    """The feed or sitemap at an address, else the feed of the page there (at most 8 addresses of it are tried).

    Raises SourceError, NoFeed where there is none.
    """
    answer = get(address)
    if (found := _what(address, answer)) is not None:
        return found
    for candidate in discover(answer.data, source=address, url=answer.url, charset=answer.charset)[:_TRIED]:
        try:
            found = _what(candidate.url, get(candidate.url))
        except SourceError:
            continue
        if found is not None:
            return found
    raise NoFeed(address, "no feed found there: give the feed's own address, or --kind page to follow the page's links")


def named(
    address: str,
    get: Get | None,
    *,
    name: str | None = None,
    kind: Kind | None = None,
    region: str = "",
    language: str = "",
    every: int | None = None,
) -> Source:
    """The source that a person means by an address; nothing is fetched where `get` is None.

    A kind that is given is taken, and looked at once. Raises UsageError for wrong values, SourceError for what is
    not there.
    """
    if kind is None and not address.startswith(("http://", "https://")):
        raise UsageError(f"{address!r} is no http(s) address; say --kind folder or --kind maildir for a path")
    found = Found(address, kind or "feed", (urlsplit(address).hostname or address).removeprefix("www."), "")
    if kind in ("folder", "maildir"):
        path = os.path.abspath(os.path.expanduser(address))
        found = replace(found, address=path, title=os.path.basename(path) or path)
    if get is not None and kind is None:
        found = find(address, get)
    fields: dict[str, object] = {
        "name": name if name is not None else found.title[:200],
        "address": found.address,
        "kind": found.kind,
        "region": region,
        "language": language or found.language,
        "tested": get is not None,
    }
    if every is not None:
        fields["every"] = every
    source = checked(fields)
    if get is not None and kind is not None:
        poll(source, get)
    return source


def _what(address: str, answer: Answer) -> Found | None:
    title = (urlsplit(address).hostname or address).removeprefix("www.")
    try:
        feed = read_feed(answer.data, source=address, url=answer.url, charset=answer.charset)
        return Found(address, "feed", feed.title[:200] or title, feed.language or "")
    except SourceError:
        pass
    try:
        read_sitemap(answer.data, source=address, url=answer.url)
        return Found(address, "sitemap", title, "")
    except SourceError:
        return None
