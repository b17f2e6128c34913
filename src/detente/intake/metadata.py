"""What an HTML page says of itself: title, site, byline, date, language.

The date is looked for in this order, the surest first; the first that gives a full date counts:

1. JSON-LD `datePublished`, of an article's node before any other's
2. `meta` elements: OpenGraph `article:published_time` and those listed in `data/date_metas.tsv`
3. `time[datetime]`: one marked as the publication's before the first that stands in the article
4. the page's address (`/2022/01/21/`)
5. a line of the page that gives a date and nothing else ("Published: 21 Jan 2022"), near its title; a dateline
6. htmldate, without its search through the prose
"""

import json
import logging
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import htmldate
from lxml.html import HtmlElement

from detente.intake import classify, words
from detente.intake.dates import date_of_lines, date_of_url, is_date_line, parse_date
from detente.intake.markup import Block

logging.getLogger("htmldate").setLevel(logging.CRITICAL)

# schema.org, Article and its more specific types.
_ARTICLE_TYPE = re.compile(r"(?:Article|Posting|Report|Review|AnalysisNewsArticle|OpinionNewsArticle)$")
_AUTHOR_LEAD = re.compile(r"^(?:(?:written|posted|reported|published|interview|text|story)\s+)?by[:\s]+", re.I)
_PERSONISH = re.compile(r"^[^\W\d_][^\d@/<>|{}:]{1,60}$")
_LONGEST_NAME = 12
_NEAR_TITLE = 25
_HEADLINE = 4
_LD_BOUND = 500_000


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the page says of itself; None where it says nothing. `titles` are all forms of its title, the best first."""

    titles: tuple[str, ...]
    site: str | None
    byline: str | None
    published: date | None
    language: str | None
    url: str | None
    declared: bool
    types: frozenset[str]
    charged: bool


def metadata(root: HtmlElement, lines: list[Block], url: str | None) -> Metadata:
    """What the page under `root` says of itself; `lines` are its blocks."""
    metas = _metas(root)
    nodes = list(_linked_data(root))
    canonical = _first(root.xpath("//link[@rel='canonical']/@href")) or metas.get("og:url")
    address = url or (canonical if canonical and canonical.startswith(("http://", "https://")) else None)
    titles = _titles(root, metas, nodes)
    return Metadata(
        titles=titles,
        site=_site(metas, nodes),
        byline=_byline(root, metas, nodes, lines, titles),
        published=_published(root, metas, nodes, lines, titles, address),
        language=_language(root),
        url=address,
        declared=metas.get("og:type", "").lower() == "article"
        or "article:published_time" in metas
        or any(_is_article(n) for n in nodes),
        types=frozenset(t for node in nodes for t in _types(node)) | {metas.get("og:type", "").lower()} - {""},
        charged=any(str(n.get("isAccessibleForFree")).lower() == "false" for n in nodes if _is_article(n))
        or metas.get("article:content_tier", "").lower() in ("locked", "metered"),
    )


def _metas(root: HtmlElement) -> dict[str, str]:
    """Each meta element's name, property or itemprop in lower case, to its first content."""
    found: dict[str, str] = {}
    for meta in root.iter("meta"):
        content = (meta.get("content") or "").strip()
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            if content and (name := meta.get(attribute)):
                found.setdefault(name.strip().lower(), content)
    return found


def _linked_data(root: HtmlElement) -> Iterator[dict[str, Any]]:
    """All JSON-LD nodes of the page, articles' first."""
    nodes: list[dict[str, Any]] = []
    for script in root.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower() or not script.text or len(script.text) > _LD_BOUND:
            continue
        try:
            waiting: list[Any] = [json.loads(script.text.strip().rstrip(";"), strict=False)]
        except (ValueError, RecursionError):
            waiting = list(_salvaged(script.text))
        while waiting:
            node = waiting.pop(0)
            if isinstance(node, list):
                waiting.extend(node)
            elif isinstance(node, dict):
                nodes.append(node)
                waiting.extend(node.get(key) for key in ("@graph", "mainEntity", "mainEntityOfPage"))
    yield from (node for node in nodes if _is_article(node))
    yield from (node for node in nodes if not _is_article(node))


def _salvaged(text: str) -> Iterator[dict[str, Any]]:
    """The two facts most worth having of JSON-LD that is no JSON (raw line ends, trailing commas)."""
    found = re.search(r'"datePublished"\s*:\s*"([^"]{8,40})"', text)
    if found:
        yield {"@type": "Article", "datePublished": found.group(1)}


def _is_article(node: dict[str, Any]) -> bool:
    types = node.get("@type")
    return any(isinstance(t, str) and _ARTICLE_TYPE.search(t) for t in (types if isinstance(types, list) else [types]))


def _types(node: dict[str, Any]) -> list[str]:
    types = node.get("@type")
    return [t.lower() for t in (types if isinstance(types, list) else [types]) if isinstance(t, str)]


def _titles(root: HtmlElement, metas: dict[str, str], nodes: list[dict[str, Any]]) -> tuple[str, ...]:
    page = _squeeze(_first(root.xpath("//head/title//text()")) or _first(root.xpath("//title//text()")))
    marked = "//*[self::h2 or self::h3][contains(@class, 'title') or contains(@class, 'headline')]"
    headings = [_squeeze(h.text_content()) for h in [*root.xpath("//h1")[:5], *root.xpath(marked)[:5]]]
    declared = [
        metas.get("og:title"),
        metas.get("twitter:title"),
        *(n.get("headline") for n in nodes if _is_article(n)),
        page,
    ]
    known = [_squeeze(t) for t in declared if isinstance(t, str)]
    # The heading that readers see is the title, where the page's own metadata bears it out; a logo's heading, which
    # its title also holds, is only a small part of that.
    borne_out = [h for h in headings if h and any(_bears_out(t, h) for t in known)]
    ordered = [*borne_out, *known, *([h for h in headings if h] if len(headings) == 1 or not any(known) else [])]
    return tuple(dict.fromkeys(t for t in ordered if t))


def _bears_out(title: str, heading: str) -> bool:
    title, heading = title.casefold(), heading.casefold()
    opens = title.startswith(heading) and len(heading.split()) >= _HEADLINE
    return bool(title) and (opens or title in heading or (heading in title and 2 * len(heading) >= len(title)))


def _site(metas: dict[str, str], nodes: list[dict[str, Any]]) -> str | None:
    publishers = [_name(n.get("publisher")) for n in nodes]
    publishers += [_name(n) for n in nodes if n.get("@type") == "WebSite"]
    named = (metas.get("og:site_name"), *publishers, metas.get("application-name"), metas.get("dc.publisher"))
    return next((s for s in map(_squeeze, named) if s and len(s) <= 60), None)


def _byline(
    root: HtmlElement, metas: dict[str, str], nodes: list[dict[str, Any]], lines: list[Block], titles: tuple[str, ...]
) -> str | None:
    for node in nodes:
        if _is_article(node) and (names := _names(node.get("author"))):
            return ", ".join(names)
    for key in ("author", "article:author", "parsely-author", "sailthru.author", "dc.creator", "byl"):
        if name := _author(metas.get(key)):
            return name
    for element in root.xpath("//*[@rel='author' or @itemprop='author' or contains(@class, 'byline')]")[:6]:
        if name := _author(_squeeze(element.text_content())):
            return name
    near = _near_title(lines, titles)
    return next((name for line in near if (name := classify.byline(line.text))), None)


def _author(text: str | None) -> str | None:
    """The person or body that a field for the author names; None for addresses, dates and placeholders."""
    name = _AUTHOR_LEAD.sub("", _squeeze(text))
    if not name or len(name.split()) > _LONGEST_NAME or name.lower() in words.cues("no-author") or is_date_line(name):
        return None
    return classify.byline(f"By {name}") or (name if _PERSONISH.match(name) and len(name.split()) <= 3 else None)


def _names(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return list(dict.fromkeys(name for v in values if (name := _author(_name(v)))))


def _name(value: Any) -> str | None:
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("name")
    return value if isinstance(value, str) else None


def _published(
    root: HtmlElement,
    metas: dict[str, str],
    nodes: list[dict[str, Any]],
    lines: list[Block],
    titles: tuple[str, ...],
    url: str | None,
) -> date | None:
    stated = [n["datePublished"] for n in nodes if isinstance(n.get("datePublished"), str)]
    declared = (metas.get(name) for name in _date_metas())
    return (
        _first_date(stated)
        or _first_date(declared)
        or _first_date(_times(root))
        or date_of_url(url)
        or date_of_lines(line.text for line in _near_title(lines, titles))
        or _by_htmldate(root)
    )


@cache
def _date_metas() -> tuple[str, ...]:
    return tuple(row["name"] for row in words.rows("date_metas"))


def _times(root: HtmlElement) -> Iterator[str]:
    marked = root.xpath(
        "//time[@pubdate or contains(@class, 'publish')] | //*[@itemprop='datePublished'][not(self::meta)]"
    )
    placed = [
        t
        for t in root.xpath("//time[not(ancestor::aside or ancestor::nav or ancestor::footer)]")
        if not any(
            re.search(r"comment|related|sidebar|recent|latest|teaser", a.get("class") or "") for a in t.iterancestors()
        )
    ]
    inside = [t for t in placed if any(a.tag in ("article", "main") for a in t.iterancestors())]
    for element in [*marked, *inside[:1], *placed[:1]]:
        yield element.get("datetime") or element.get("content") or element.text_content()


def _near_title(lines: list[Block], titles: tuple[str, ...]) -> list[Block]:
    """The lines close under the title and just over it."""
    at = next((i for i, line in enumerate(lines) if line.element.tag == "h1"), None)
    if at is None:
        at = next((i for i, line in enumerate(lines) if line.text in titles), None)
    return [] if at is None else [*lines[at + 1 : at + 1 + _NEAR_TITLE], *lines[max(0, at - 3) : at]]


def _by_htmldate(root: HtmlElement) -> date | None:
    try:
        found = htmldate.find_date(root, extensive_search=False, original_date=True)
    except Exception:  # a stranger's library on a stranger's page: no date is better than no article
        return None
    return parse_date(found) if found else None


def _first_date(texts: Iterable[str | None]) -> date | None:
    return next((found for text in texts if text and (found := parse_date(text))), None)


def _language(root: HtmlElement) -> str | None:
    code = (root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or "").strip().lower()
    return code[:2] if re.match(r"^[a-z]{2}(?:[-_]|$)", code) else None


def _first(values: list[Any]) -> str | None:
    return str(values[0]) if values else None


def _squeeze(text: str | None) -> str:
    return " ".join((text or "").split())
