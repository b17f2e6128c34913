"""HTML → `Page`: the article's lines by trafilatura, with what it loses mended.

trafilatura decides what the article is. Its lines are then found again in the page's own tree, which shows
what it left out between and beside them. A prose paragraph that stands in the same container as a kept one,
under no mark of furniture, is the article's own and comes back (trafilatura drops, for one, leads whose class
says "teaser"); all else that it left out there is handed on as not kept, so that its headlines and reasons
can still be told.
"""

import logging
import re

import trafilatura
from lxml.html import HtmlElement

from detente.intake.markup import Block, blocks, parse
from detente.intake.metadata import metadata
from detente.intake.page import Line, Page
from detente.intake.signs import signs

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)

_ITEM = re.compile(r"^- (?=\S)")
# Words of ids and classes by which publishers mark what is not the article.
_FURNITURE = re.compile(
    r"related|share|social|newsletter|promo|advert|sponsor|cookie|consent|comment|footer|caption|credit|byline|author|"
    r"breadcrumb|copyright|disclaimer|subscribe|signup|popular|trending|recommend|read-?more|timestamp|hidden|sr-only|"
    r"screen-reader|paywall|toolbar|correction|(?:^|[-_ ])(?:ads?|tags?|meta|date|info)(?:[-_ ]|$)",
    re.I,
)
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*$")
_LEAD_WORDS = 8
# Of a line that is one link, a bullet or a label may stand outside it.
_WHOLE = 0.85
_LOOK_AHEAD = 400
_LOOK_BACK = 60
_SURE = 60
_START = 12


def read_html(html: str, *, source: str, url: str | None = None) -> Page:
    """The page that an HTML text holds.

    Where no article's text is found, all lines of the page are there, none of them `kept`. Raises TooLarge beyond the
    bounds of `limits`, NoArticle for what has no element.
    """
    root = parse(html, source=source)
    page_blocks = list(blocks(root))
    about = metadata(root, page_blocks, url)
    shown = signs(root, types=about.types, charged=about.charged)
    kept = _extracted(root)
    lines = _mended(kept, page_blocks) if kept else [_line(block, kept=False) for block in page_blocks]
    return Page(
        lines=tuple(lines),
        title=about.titles[0] if about.titles else None,
        titles=about.titles,
        site=about.site,
        byline=about.byline,
        published=about.published,
        language=about.language,
        url=about.url,
        declared=about.declared,
        signs=shown,
    )


def _extracted(root: HtmlElement) -> list[str]:
    """The article's lines as trafilatura finds them."""
    document = trafilatura.bare_extraction(root, include_comments=False, with_metadata=False)
    text = getattr(document, "text", None) or ""
    return [line.strip() for line in text.split("\n") if line.strip()]


def _mended(kept: list[str], page: list[Block]) -> list[Line]:
    """The kept lines in order, and among them what the page has there besides."""
    places = _places(kept, page)
    matched = [p for place in places for p in place]
    if not matched:
        return [Line(text) for text in kept]
    homes = {page[p].element.getparent() for p in matched if page[p].element.tag == "p"}
    container = _container([page[p].element for p in matched])
    first, last = matched[0], matched[-1]
    # Outside an element of the article's own, the page's menus and footers would all be told as dropped.
    if container.tag not in ("body", "html"):
        while first > 0 and _inside(page[first - 1].element, container):
            first -= 1
        while last + 1 < len(page) and _inside(page[last + 1].element, container):
            last += 1
    known = {_key(line) for line in kept}

    def left_out(start: int, end: int) -> list[Line]:
        found = []
        for block in page[start:end]:
            if _key(block.text) not in known:
                found.append(_line(block, kept=_is_lost(block, homes)))
        return found

    lines: list[Line] = []
    at = first
    for text, place in zip(kept, places, strict=True):
        if not place:
            lines.append(Line(_ITEM.sub("", text), kind="item" if _ITEM.match(text) else "text"))
            continue
        lines.extend(left_out(at, place[0]))
        menus = _menus([page[p] for p in place])
        lines.extend(_line(page[p], kept=_cell(page[p]) not in menus) for p in place)
        at = place[-1] + 1
    lines.extend(left_out(at, last + 1))
    return lines


def _places(kept: list[str], page: list[Block]) -> list[range]:
    """For each kept line the blocks that it is made of, in ascending order; empty where they are not found.

    A line is one block, or several that follow each other (a table's row, an article that trafilatura ran together).
    """
    keys = [_key(block.text) for block in page]
    where: dict[str, list[int]] = {}
    starts: dict[str, list[int]] = {}
    for index, key in enumerate(keys):
        where.setdefault(key, []).append(index)
        starts.setdefault(key[:_START], []).append(index)
    wanted = [_key(text) for text in kept]
    # A paragraph that the page has once shows where the article is, and keeps a short first line ("Ukraine") from
    # being found in the menus.
    sure = [where[key][0] for key in wanted if len(key) >= _SURE and len(where.get(key, [])) == 1]
    places: list[range] = []
    at = max(0, min(sure, default=0) - _LOOK_BACK)
    # A far jump is a chance match (a headline repeated in the page's footer), and would pass over the article.
    limit = len(page)
    for key in wanted:
        place = next((range(i, i + 1) for i in where.get(key, []) if at <= i < limit), range(0))
        place = place or _run(key, keys, starts, range(at, limit))
        places.append(place)
        if place:
            at, limit = place.stop, place.stop + _LOOK_AHEAD
    return places


def _run(key: str, keys: list[str], starts: dict[str, list[int]], within: range) -> range:
    """The blocks that begin `within` a range and whose texts together are `key`."""
    for length in range(min(_START, len(key)), 0, -1):
        for start in starts.get(key[:length], []):
            rest, index = key, start
            while start in within and rest and index < len(keys) and keys[index] and rest.startswith(keys[index]):
                rest = rest[len(keys[index]) :]
                index += 1
            if not rest and index > start:
                return range(start, index)
    return range(0)


def _menus(row: list[Block]) -> set[HtmlElement]:
    """The cells of a table's row that hold two or more links and nothing else: menus of pages laid out by tables."""
    cells: dict[HtmlElement, list[bool]] = {}
    for block in row:
        if (cell := _cell(block)) is not None:
            cells.setdefault(cell, []).append(block.linked > _WHOLE)
    return {cell for cell, linked in cells.items() if len(linked) > 1 and all(linked)}


def _cell(block: Block) -> HtmlElement | None:
    element = block.element
    return element if element.tag == "td" else next(element.iterancestors("td"), None)


def _line(block: Block, *, kept: bool) -> Line:
    return Line(block.text, kind=block.kind, href=block.href, linked=block.linked > _WHOLE, kept=kept)


def _is_lost(block: Block, homes: set[HtmlElement | None]) -> bool:
    """Whether a block that was left out is a prose paragraph of the article."""
    element = block.element
    return (
        element.tag == "p"
        and element.getparent() in homes
        and block.linked < 0.5
        and len(block.text.split()) >= _LEAD_WORDS
        and bool(_SENTENCE_END.search(block.text))
        and not _FURNITURE.search(f"{element.get('class') or ''} {element.get('id') or ''}")
        and "none" not in (element.get("style") or "")
        and element.get("aria-hidden") != "true"
        and element.get("hidden") is None
    )


def _container(elements: list[HtmlElement]) -> HtmlElement:
    """The innermost element that holds nearly all of the kept lines (one stray match must not widen it to the page)."""
    counts: dict[HtmlElement, int] = {}
    for element in elements:
        for above in element.iterancestors():
            counts[above] = counts.get(above, 0) + 1
    enough = 0.9 * len(elements)
    holding = [e for e, n in counts.items() if n >= enough]
    return (
        max(holding, key=lambda e: sum(1 for _ in e.iterancestors()))
        if holding
        else elements[0].getroottree().getroot()
    )


def _inside(element: HtmlElement, container: HtmlElement) -> bool:
    return element is container or any(above is container for above in element.iterancestors())


def _key(text: str) -> str:
    return "".join(_ITEM.sub("", text).split()).replace("|", "")
