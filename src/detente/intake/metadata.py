"""What an HTML page says of itself: title, site, byline, date, language.

The date is looked for in this order, the surest first; the first that gives a full date counts:

1. JSON-LD `datePublished`, of an article's node before any other's
2. `meta` elements: OpenGraph `article:published_time` and those listed in `data/date_metas.tsv`, then any whose name
   says that it gives the publication and not a change
3. elements marked as the publication's (`time[pubdate]`, microdata, hAtom); then the first `time` of the article
4. the page's address (`/2022/01/21/`)
5. a line near the title that gives a date and nothing else, not as that of a change; a dateline
6. a line between title and prose that gives a date among other things ("Jane Roe / 3 May 2020")
7. a line with the day of a change; a `time` over the title; the only date of the page's first lines
8. htmldate, without its search through the prose
"""

import json
import logging
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import islice, takewhile
from typing import Any

import htmldate
from lxml.html import HtmlElement

from detente.intake import authors, classify, words
from detente.intake.dates import date_beside, date_of_lines, date_of_url, day_first, is_date_line, parse_date
from detente.intake.density import is_prose
from detente.intake.embedded import article_body
from detente.intake.markup import Block

logging.getLogger("htmldate").setLevel(logging.CRITICAL)

# schema.org, Article and its more specific types.
_ARTICLE_TYPE = re.compile(r"(?:Article|Posting|Report|Review|AnalysisNewsArticle|OpinionNewsArticle)$")
_AUTHOR_LEAD = re.compile(r"^(?:(?:written|posted|reported|published|interview|text|story)\s+)?by[:\s]+", re.I)
_PERSONISH = re.compile(r"^[^\W\d_][^\d@/<>|{}:]{1,60}$")
_LONGEST_NAME = 12
_NEAR_TITLE = 25
_HEADLINE = 4
_HEAD = 12
_TIMES = 200
_BESIDE = ("aside", "nav", "footer")
_OTHERS = re.compile(r"comment|related|sidebar|recent|latest|teaser|ticker")
_TITLE_LINES = 200
_PARAGRAPH = 12
_LD_BOUND = 500_000
_PUBLISHED_NAME = re.compile(r"publish(?!er)|pubdate|publication|articledate|released?date|firstpub", re.I)
_MODIFIED_NAME = re.compile(r"modif|updat|edited|expir", re.I)


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the page says of itself; None where it says nothing.

    `titles` are all forms of its title, the best first; `embedded` are the
    lines of the article's text that its JSON-LD gives.
    """

    titles: tuple[str, ...]
    site: str | None
    byline: str | None
    published: date | None
    language: str | None
    url: str | None
    declared: bool
    embedded: tuple[str, ...]
    types: frozenset[str]
    charged: bool


def metadata(root: HtmlElement, lines: list[Block], url: str | None) -> Metadata:
    """What the page under `root` says of itself; `lines` are its blocks."""
    metas = _metas(root)
    nodes = list(_linked_data(root))
    canonical = _first(root.xpath("//link[@rel='canonical']/@href")) or metas.get("og:url")
    address = url or (canonical if canonical and canonical.startswith(("http://", "https://")) else None)
    titles = _titles(root, metas, nodes, lines)
    site = _site(metas, nodes)
    return Metadata(
        titles=titles,
        site=site,
        byline=_byline(root, metas, nodes, lines, titles, site),
        published=_published(root, metas, nodes, lines, titles, address),
        language=_language(root),
        url=address,
        declared=metas.get("og:type", "").lower() == "article"
        or "article:published_time" in metas
        or any(_is_article(n) for n in nodes),
        embedded=article_body(nodes),
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


def _titles(
    root: HtmlElement, metas: dict[str, str], nodes: list[dict[str, Any]], lines: list[Block]
) -> tuple[str, ...]:
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
    if not borne_out:
        # A heading that the markup does not call one: the longest line that is a title's whole beginning or end.
        parts = [line.text for line in lines[:_TITLE_LINES] if any(_is_part(t, line.text) for t in known)]
        borne_out = sorted(dict.fromkeys(parts), key=len, reverse=True)[:1]
    # A section's name that a heading carries before the headline is not part of it, where another form is without it.
    heads = [rest for h in borne_out for rest in _without_kicker(h) if any(t.startswith(rest) for t in known)]
    borne_out = [*heads, *borne_out]
    ordered = [*borne_out, *known, *([h for h in headings if h] if len(headings) == 1 or not any(known) else [])]
    return tuple(dict.fromkeys(t for t in ordered if t))


def _is_part(title: str, line: str) -> bool:
    """Whether a line is the beginning or the end of a title, up to a mark that parts it from the rest."""
    if len(line.split()) < _HEADLINE or len(line) >= len(title):
        return False
    if title.endswith(line):
        return bool(re.search(r"(?:[:|»]|\s[-–—•/])\s*$", title[: -len(line)]))
    return title.startswith(line) and bool(re.match(r"\s*(?:[|«]|[-–—•/]+\s)", title[len(line) :]))


def _without_kicker(heading: str) -> list[str]:
    cuts = re.finditer(r"\s*[|»/]\s+", heading)
    return [rest for cut in cuts if len((rest := heading[cut.end() :]).split()) >= _HEADLINE]


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
    root: HtmlElement,
    metas: dict[str, str],
    nodes: list[dict[str, Any]],
    lines: list[Block],
    titles: tuple[str, ...],
    site: str | None,
) -> str | None:
    head = _head(root, lines, titles)
    by_id = {n["@id"]: n for n in nodes if isinstance(n.get("@id"), str) and _name(n)}
    stated = next((names for n in _article_first(nodes) if (names := _names(_resolved(_author_of(n), by_id)))), [])
    publishers = {s.casefold() for s in (site, *(_name(n.get("publisher")) for n in nodes)) if s}
    publishers |= {name.casefold() for n in nodes if _is_article(n) for name in _organisations(n.get("author"))}
    shown = [name for name in authors.hinted(head) if name.casefold() not in publishers]
    # A publisher that is called the author of its own page says nothing: who is named on the page does.
    persons = [name for name in stated if name.casefold() not in publishers]
    if metas.get("twitter:label1", "").lower() == "written by":
        metas = {**metas, "author": metas.get("author") or metas.get("twitter:data1", "")}
    declared = next((names for key in _AUTHOR_METAS if (names := _names((metas.get(key) or "").split(", ")))), [])
    linked = _linked_authors(root, head)
    for names in (persons, declared, linked):
        if names:
            # Where the page shows more authors than its metadata has room for, all of them wrote it.
            more = {n.casefold() for n in shown} > {n.casefold() for n in names}
            return ", ".join(shown if more else names)
    near = _near_title(lines, titles)
    by_line = next((name for line in near if (name := classify.byline(line.text))), None)
    labelled = root.xpath("//*[contains(@class, 'byline')]")[:6]
    by_class = next((name for e in labelled if (name := _author(_squeeze(e.text_content())))), None)
    return ", ".join(shown) or by_line or by_class or ", ".join(authors.beside_date(head) or stated) or None


_AUTHOR_METAS = (
    "author", "article:author", "parsely-author", "sailthru.author", "dc.creator", "byl", "cxenseparse:author",
    "citation_author",
)  # fmt: skip


def _linked_authors(root: HtmlElement, head: list[authors.Piece]) -> list[str]:
    """The names in elements whose `rel` or `itemprop` says author: all of those in the head, else the first."""
    around = {above for piece in head for above in (piece.element, *piece.element.iterancestors())}
    marked = root.xpath("//*[@rel='author' or @itemprop='author'][not(self::meta)]")
    found: list[str] = []
    for element in [e for e in marked if e in around] or marked[:6]:
        name = _author(_squeeze(element.text_content()))
        if name and name not in found:
            found.append(name)
            if element not in around:
                break
    return found


def _article_first(nodes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The nodes whose author is the article's: articles', else the page's own."""
    articles = [n for n in nodes if _is_article(n)]
    return articles or [n for n in nodes if n.get("@type") in ("WebPage", "ItemPage")]


def _author_of(node: dict[str, Any]) -> Any:
    return node.get("author") or node.get("creator")


def _resolved(value: Any, by_id: dict[str, dict[str, Any]]) -> list[Any]:
    """The authors with those given only by their `@id` looked up among the page's nodes."""
    values = value if isinstance(value, list) else [value]
    return [by_id.get(str(v.get("@id")), v) if isinstance(v, dict) and not v.get("name") else v for v in values]


def _organisations(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [v["name"] for v in values if isinstance(v, dict) and "Organi" in str(v.get("@type")) and _name(v)]


def _head(root: HtmlElement, lines: list[Block], titles: tuple[str, ...]) -> list[authors.Piece]:
    """What stands between the title and the article's first paragraph."""
    at = _title_at(lines, titles)
    if at is None:
        return []
    end = _body_at(lines, at)
    return authors.pieces(root, lines[at].element, lines[end].element if end < len(lines) else None)


def _body_at(lines: list[Block], title: int) -> int:
    """Where the article's prose begins: two paragraphs on end, or the second: the first can be a standfirst."""
    prose = [i for i in range(title + 1, min(len(lines), title + 1 + _NEAR_TITLE)) if is_prose(lines[i], _PARAGRAPH)]
    on_end = [i for i in prose if i + 1 in prose] or prose[1:] or prose
    return min(on_end, default=min(len(lines), title + 1 + _NEAR_TITLE))


def _author(text: str | None) -> str | None:
    """The person or body that a field for the author names; None for addresses, dates and placeholders."""
    name = _AUTHOR_LEAD.sub("", _squeeze(text))
    # A name without a capital is an account's.
    if (
        not name
        or name.islower()
        or len(name.split()) > _LONGEST_NAME
        or name.lower() in words.cues("no-author")
        or is_date_line(name)
    ):
        return None
    return classify.byline(f"By {name}") or (name if _PERSONISH.match(name) and len(name.split()) <= 3 else None)


def _names(value: Any) -> list[str]:
    named: list[Any] = []
    for v in value if isinstance(value, list) else [value]:
        name = v.get("name") if isinstance(v, dict) else v
        named += name if isinstance(name, list) else [name]
    return list(dict.fromkeys(name for n in named if isinstance(n, str) and (name := _author(n))))


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
    named = (metas.get(name) for name in _date_metas())
    alike = (text for name, text in metas.items() if _PUBLISHED_NAME.search(name) and not _MODIFIED_NAME.search(name))
    at = _title_at(lines, titles)
    own, others = _times(root, lines[at].element if at is not None else None)
    over = [line.text for line in lines[max(0, at - 3) : at]] if at is not None else []
    order = day_first((line.text for line in lines), root.get("lang") or "")
    near = [line.text for line in _near_title(lines, titles)]
    head = [line.text for line in lines[at + 1 : _body_at(lines, at)]] if at is not None else []
    return (
        _first_date(stated)
        or _first_date(named)
        or _first_date(alike)
        or _first_date(_marked_times(root))
        or _first_date(own)
        or date_of_url(url)
        or date_of_lines((text for text in near if not _MODIFIED_NAME.search(text)), day_first=order)
        or date_beside(head, day_first=order)
        or date_beside(over, day_first=order)
        or date_of_lines(near, day_first=order)
        or _first_date(others)
        or _only_date(lines)
        or _by_htmldate(root)
    )


def _only_date(lines: list[Block]) -> date | None:
    """The day in the page's first lines where it gives no other; not that of its fetching, which mastheads give too."""
    days = {parse_date(line.text) for line in lines if is_date_line(line.text)}
    head = (parse_date(line.text) for line in lines[:_HEAD] if is_date_line(line.text))
    day = next(head, None)
    return day if day and len(days) == 1 and day < date.today() - timedelta(days=2) else None


@cache
def _date_metas() -> tuple[str, ...]:
    return tuple(row["name"] for row in words.rows("date_metas"))


def _marked_times(root: HtmlElement) -> Iterator[str]:
    """What the elements say that are marked as the day of publication."""
    marked = root.xpath(
        "//time[@pubdate or contains(@class, 'publish')] | //*[@itemprop='datePublished'][not(self::meta)]"
        " | //abbr[contains(@class, 'published')][@title]"
    )
    return map(_time_of, marked)


def _times(root: HtmlElement, title: HtmlElement | None) -> tuple[list[str], list[str]]:
    """What the other time elements say: the article's, and those that may be another's, over the title."""
    placed = [
        t
        for t in islice(root.iter("time"), _TIMES)
        if not any(a.tag in _BESIDE or _OTHERS.search(a.get("class") or "") for a in t.iterancestors())
    ]
    if title is not None:
        around = next((a for a in title.iterancestors() if a.tag in ("article", "main")), title)
        before = [t for t in takewhile(lambda e: e is not title, root.iter("time", title.tag)) if t.tag == "time"]
        over = set(before) - set(around.iter("time"))
    else:
        over = set()
    own = [t for t in placed if t not in over]
    inside = [t for t in own if any(a.tag in ("article", "main") for a in t.iterancestors())]
    return [_time_of(t) for t in [*inside[:1], *own[:1]]], [_time_of(t) for t in placed if t in over][:1]


def _time_of(element: HtmlElement) -> str:
    return str(element.get("datetime") or element.get("content") or element.get("title") or element.text_content())


def _near_title(lines: list[Block], titles: tuple[str, ...]) -> list[Block]:
    """The lines close under the title and just over it."""
    at = _title_at(lines, titles)
    return [] if at is None else [*lines[at + 1 : at + 1 + _NEAR_TITLE], *lines[max(0, at - 3) : at]]


def _title_at(lines: list[Block], titles: tuple[str, ...]) -> int | None:
    """Where the title stands: the line that gives it, a heading before any other; else the first heading."""
    known = set(titles)
    headings = [i for i, line in enumerate(lines) if line.element.tag == "h1"]
    titled = [i for i, line in enumerate(lines) if line.text in known]
    best = [i for i in titled if lines[i].text == titles[0]]
    found = [i for i in headings if lines[i].text in known] or best or headings or titled
    return found[0] if found else None


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
