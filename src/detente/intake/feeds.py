"""A feed's bytes (RSS, Atom, RDF, JSON Feed) → its title, language and entries."""

import json
import re
import time
from calendar import timegm
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import feedparser
from feedparser.exceptions import CharacterEncodingOverride, NonXMLContentType

from detente.errors import NoFeed, TooLarge
from detente.intake.decode import decode
from detente.intake.entries import Entry, absolute, moment, words
from detente.intake.limits import MAX_ENTRIES, MAX_FEED_BYTES, MAX_FEED_TAGS

# Nobody asks for authors here, and feedparser looks for e-mail addresses in them in quadratic time.
_AUTHORS = re.compile(
    r"(?<=<)(/?(?:[^\s<>:/]+:)?)(?=(?:author|creator|managingeditor|webmaster|publisher|owner)\b)", re.I
)

# The feed's own base is taken from its start; those of elements, nested, would cost quadratic time as well.
_BASE = re.compile(r"(?<![?&;#/.=\w-])base(?=\s*=)", re.I)
_OWN_BASE = re.compile(r"""\bxml:base\s*=\s*["']([^"'<>]{1,500})["']""")
_START = 3_000


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed: its entries in its own order, those without an http(s) address left out.

    `broken` says that it is no well-formed XML and was read as far as it goes.
    """

    title: str
    language: str | None
    entries: tuple[Entry, ...]
    broken: bool = False


def read_feed(data: bytes, *, source: str, url: str | None = None, charset: str | None = None) -> Feed:
    """The feed that `data` holds; `url` is where it was found, which relative links go by.

    RSS 0.9 to 2.0, RDF, Atom 0.3 and 1.0 by feedparser; JSON Feed 1 and 1.1 (https://www.jsonfeed.org/version/1.1/).
    At most MAX_ENTRIES entries. Raises NoFeed, TooLarge, NotText or Empty.
    """
    if len(data) > MAX_FEED_BYTES:
        raise TooLarge(
            source, f"a feed of more than {MAX_FEED_BYTES // 1_000_000} MB: follow a smaller one of the site"
        )
    text = decode(data, source=source, charset=charset)
    if text.count("<") > MAX_FEED_TAGS:
        raise TooLarge(source, f"a feed of more than {MAX_FEED_TAGS:,} tags: follow a smaller one of the site")
    return _json(text, source, url) if text.lstrip().startswith("{") else _xml(text, source, url)


def _xml(text: str, source: str, url: str | None) -> Feed:
    text = _from_root(text)
    own = _OWN_BASE.search(text[:_START])
    base = (absolute(own[1], url) if own else None) or url
    plain = _BASE.sub("x-base", _AUTHORS.sub(r"\1x-", text))
    headers = {"content-type": "application/xml; charset=utf-8"} | ({"content-location": base} if base else {})
    # As a stream: feedparser would take a text or bytes for a file's name or an address, and open it.
    stream = BytesIO(plain.encode("utf-8", "replace"))
    try:
        found = feedparser.parse(stream, response_headers=headers, sanitize_html=False, resolve_relative_uris=False)
    except Exception as error:
        # What feedparser trips over in damaged feeds is of many kinds (AssertionError, KeyError, IndexError …).
        raise NoFeed(source, f"a feed too damaged to read ({error.__class__.__name__}): check its address") from error
    version = found.get("version") or ""
    if not version and not found.entries:
        raise _no_feed(source, text)
    entries = (_entry(entry, version, base) for entry in found.entries[:MAX_ENTRIES])
    fault = found.get("bozo_exception")
    return Feed(
        title=words(found.feed.get("title")),
        language=_language(found.feed.get("language")),
        entries=tuple(entry for entry in entries if entry is not None),
        broken=bool(found.bozo) and not isinstance(fault, CharacterEncodingOverride | NonXMLContentType),
    )


def _from_root(text: str) -> str:
    """`text` from its first element on, without the document type and the entities that it declares."""
    at = text.find("<")
    while at >= 0 and not text[at + 1 : at + 2].isalpha():
        end = next((end for start, end in (("<!--", "-->"), ("<?", "?>")) if text.startswith(start, at)), "<!")
        at = text.find("<", at + 1) if end == "<!" else text.find("<", text.find(end, at) + 1 or len(text))
    return text[at:] if at >= 0 else ""


def _entry(entry: dict[str, Any], version: str, base: str | None) -> Entry | None:
    # feedparser's own `get` gives one date for another where one is missing.
    given = dict(entry)
    url = absolute(given.get("link"), base) or absolute(given.get("id"), None)
    if url is None:
        return None
    published, updated = _utc(given.get("published_parsed")), _utc(given.get("updated_parsed"))
    if not version.startswith("atom"):
        # Dublin Core's one date, which feedparser files under updated, is the day of publication in RSS and RDF.
        published = published or updated
    return Entry(url, words(given.get("title")), published, updated, words(given.get("summary")))


def _utc(parsed: time.struct_time | None) -> datetime | None:
    try:
        return datetime.fromtimestamp(timegm(parsed), UTC) if parsed is not None else None
    except (ValueError, OverflowError, OSError):
        return None


def _json(text: str, source: str, base: str | None) -> Feed:
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise NoFeed(source, "broken JSON, no feed: check its address") from error
    items = whole.get("items") if isinstance(whole, dict) else None
    if not isinstance(items, list):
        raise NoFeed(source, 'JSON that is no feed (no list "items"): check its address')
    base = base or _text(whole, "feed_url")
    entries = (_item(item, base) for item in items[:MAX_ENTRIES] if isinstance(item, dict))
    return Feed(
        title=words(_text(whole, "title")),
        language=_language(_text(whole, "language")),
        entries=tuple(entry for entry in entries if entry is not None),
    )


def _item(item: dict[str, Any], base: str | None) -> Entry | None:
    links = (absolute(_text(item, "url"), base), absolute(_text(item, "external_url"), base))
    url = next((link for link in (*links, absolute(_text(item, "id"), None)) if link), None)
    if url is None:
        return None
    summary = next((t for key in ("summary", "content_text", "content_html") if (t := _text(item, key))), None)
    published, updated = moment(_text(item, "date_published")), moment(_text(item, "date_modified"))
    return Entry(url, words(_text(item, "title")), published, updated, words(summary))


def _text(fields: dict[str, Any], key: str) -> str | None:
    value = fields.get(key)
    return value if isinstance(value, str) else None


def _language(value: str | None) -> str | None:
    code = (value or "").strip().lower().replace("_", "-")
    return code if 2 <= len(code) <= 20 and code.replace("-", "").isalnum() else None


def _no_feed(source: str, text: str) -> NoFeed:
    """The error for a text that is no feed, saying what it is instead."""
    start = text[:2_000].lower()
    if "<html" in start or "<!doctype html" in start:
        return NoFeed(source, "an HTML page, no feed: `detente sources add ADDRESS` finds the feed of a page")
    if "<urlset" in start or "<sitemapindex" in start:
        return NoFeed(source, 'a sitemap, no feed: give the source kind = "sitemap"')
    return NoFeed(source, "no feed: check its address, or find it with `detente sources add` and the site's front page")
