"""What feeds and sitemaps list: one entry, and the forms of its moments and words."""

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urljoin, urlsplit

from lxml import etree
from lxml.html import HTMLParser, document_fromstring

_LONGEST = 2_000
_LONGEST_URL = 2_000
_LONGEST_MARKUP = 50_000
_MARKUP = re.compile(r"[<&]")
# W3C-DTF, https://www.w3.org/TR/NOTE-datetime; the space in place of T is what many sites write.
_MOMENT = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2})(?:[T ]\d{2}:\d{2}.*)?)?)?", re.I)


@dataclass(frozen=True, slots=True)
class Entry:
    """One page that a feed, a sitemap or a listing page names.

    `url` is absolute, http or https, as given (no parameter is taken away). `published` and `updated` carry a time
    zone (UTC where the source says none); None where it says nothing. `title` and `summary` are plain words, their
    white space squeezed, at most 2,000 characters; empty where the source has none.
    """

    url: str
    title: str = ""
    published: datetime | None = None
    updated: datetime | None = None
    summary: str = ""


def moment(text: str | None) -> datetime | None:
    """The moment that an ISO 8601 text names, in UTC; None for what is none. A year or month is its first day."""
    match = _MOMENT.fullmatch((text or "").strip())
    if match is None:
        return None
    year, month, day = match.groups()
    try:
        found = datetime.fromisoformat(match[0].upper() if day else f"{year}-{month or '01'}-01")
        return found.replace(tzinfo=found.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def absolute(link: str | None, base: str | None) -> str | None:
    """The http(s) address that a link means where it stands; None for any other, and for what is none."""
    link = "".join((link or "").split("\n")).strip()
    if not link:
        return None
    try:
        url = urljoin(base or "", link)
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return None
    good = parts.scheme in ("http", "https") and host and len(url) <= _LONGEST_URL and url.isprintable()
    return url.replace(" ", "%20") if good else None


def words(text: str | None) -> str:
    """The words of a title or a summary: markup and entities undone, white space squeezed, cut to the bound."""
    text = (text or "")[:_LONGEST_MARKUP]
    if _MARKUP.search(text):
        try:
            parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
            root = document_fromstring(f"<div>{text}</div>".encode("utf-8", "replace"), parser=parser)
            for hidden in root.iter("script", "style"):
                hidden.text = None
            text = " ".join(root.itertext())
        except (etree.LxmlError, ValueError):
            text = ""
    squeezed = " ".join(text.split())
    return "".join(c for c in squeezed if c.isprintable() or c == " ")[:_LONGEST].strip()


def key(text: str) -> str:
    """A short name of a thing seen: 64 bits of BLAKE2b, enough for some hundred thousand things of one source."""
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).hexdigest()
