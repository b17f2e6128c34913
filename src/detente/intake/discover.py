"""An HTML page → the addresses where its feed may be, the likeliest first; or the pages that it lists."""

import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urljoin, urlsplit

from detente.intake.decode import decode
from detente.intake.entries import Entry, absolute, words
from detente.intake.limits import MAX_ENTRIES
from detente.intake.markup import parse

_TYPES = ("rss+xml", "atom+xml", "rdf+xml", "feed+json", "text/xml", "application/xml")
_FEED_LINK = re.compile(r"(?:^|[/._?=&-])(?:rss|atom|feeds?|rdf)(?:$|[/._?=&\d-])|\.(?:rss|atom|rdf)$", re.I)
# Where common publishing systems (WordPress, Drupal, Joomla, Ghost, static generators) put their feeds.
_PATHS = (
    "/feed/",
    "/rss.xml",
    "/rss",
    "/feed.xml",
    "/atom.xml",
    "/index.xml",
    "/feed.json",
    "/news/rss.xml",
    "/en/rss",
)
_HEADLINE_WORDS = 4
_MOST = 30


@dataclass(frozen=True, slots=True)
class Candidate:
    """An address that may be a feed's: declared by the page, linked from it, or a usual place that nothing names."""

    url: str
    title: str
    how: Literal["declared", "linked", "usual"]


def discover(data: bytes, *, source: str, url: str, charset: str | None = None) -> tuple[Candidate, ...]:
    """Where the feeds of the page at `url` may be: at most 30 addresses, each once.

    Raises NoArticle, NotText, TooLarge or Empty for what is no page of HTML.
    """
    root = parse(decode(data, source=source, charset=charset), source=source)
    base = _base(root, url)
    found = [
        Candidate(link, words(element.get("title")), "declared")
        for element in root.iter("link")
        if "alternate" in (element.get("rel") or "").lower().split()
        and (element.get("type") or "").lower().split(";")[0].endswith(_TYPES)
        and (link := absolute(element.get("href"), base))
    ]
    for element in root.iter("a"):
        href = element.get("href") or ""
        if len(href) <= 2_000 and _FEED_LINK.search(href) and (link := absolute(href, base)):
            found.append(Candidate(link, words(element.text_content()), "linked"))
    found += [Candidate(urljoin(url, path), "", "usual") for path in _PATHS]
    # Feeds of comments say so; they come last.
    found.sort(key=lambda candidate: "comment" in f"{candidate.url} {candidate.title}".lower())
    once = {candidate.url: candidate for candidate in reversed(found)}
    return tuple(candidate for candidate in found if once.get(candidate.url) is candidate)[:_MOST]


def listed(data: bytes, *, source: str, url: str, charset: str | None = None) -> tuple[Entry, ...]:
    """The pages that a listing page (a ministry's news, without a feed) names: its links of four words and more that
    stay on its site, each once, in its order. Raises as `discover` does."""
    root = parse(decode(data, source=source, charset=charset), source=source)
    base, site = _base(root, url), _site(url)
    found: dict[str, Entry] = {}
    for element in root.iter("a"):
        link = absolute((element.get("href") or "").split("#")[0], base)
        title = words(element.text_content())
        if link and link not in found and _site(link) == site and len(title.split()) >= _HEADLINE_WORDS and link != url:
            found[link] = Entry(link, title)
        if len(found) >= MAX_ENTRIES:
            break
    return tuple(found.values())


def _base(root: object, url: str) -> str:
    element = next(root.iter("base"), None)  # type: ignore[attr-defined]
    return absolute(element.get("href"), url) or url if element is not None else url


def _site(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")
