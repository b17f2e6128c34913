"""trafilatura's lines and the page's blocks → the article's lines, with what was lost mended and what is foreign named.

The lines are found again in the page's own tree. Three opinions on the body stand beside each other: trafilatura's,
the densest element's, and the text that the page's JSON-LD gives; trafilatura's counts unless another holds far more
and bears it out. Then, block by block:

1. what stands under a publisher's mark of furniture (`marks`) is not kept
2. a paragraph comes back that stands where kept ones stand, or that the JSON-LD has
3. a heading, a list's item or a table's cell comes back before what is kept

All else of the article's element is handed on as not kept, so that its headlines and reasons can still be told.
"""

import re

from lxml.html import HtmlElement

from detente.intake.density import densest, is_prose
from detente.intake.marks import Marks
from detente.intake.markup import Block
from detente.intake.page import Line

_ITEM = re.compile(r"^- (?=\S)")
_LEAD_WORDS = 8
# Of a line that is one link, a bullet or a label may stand outside it.
_WHOLE = 0.85
_FEW_LINKS = 0.5
_LOOK_AHEAD = 400
_LOOK_BACK = 60
_SURE = 60
_START = 12
# How much more prose another opinion must have: a teaser or a caption more is no reason to leave trafilatura's.
_FAR_MORE = 1.5
_BORNE_OUT = 0.5
_NO_ARTICLE = 5
_NEARLY_ALL = 0.75
_BESIDE = ("heading", "item", "cell", "quote")


def article_lines(root: HtmlElement, page: list[Block], kept: list[str], embedded: tuple[str, ...]) -> list[Line]:
    """The page's lines from the article's first to its last; all of it, none kept, where no opinion finds an article.

    `page` are the blocks under `root`, `kept` trafilatura's lines, `embedded` those of the JSON-LD `articleBody`.
    """
    kept = _in_page_order(kept, page)
    places = _places(kept, page)
    chosen = [p for place in places for p in place]
    dense = densest(root, page)
    if _is_better(page, dense, chosen) or _is_run_together(kept, places, page, dense):
        kept, places, chosen = [page[i].text for i in dense], [range(i, i + 1) for i in dense], dense
    # Without a place in the page the lines are trafilatura's own reading of the JSON-LD, its paragraphs run together.
    more = not chosen or sum(map(len, embedded)) > _FAR_MORE * sum(map(len, kept))
    if embedded and more and _is_start_of(kept, embedded):
        return [Line(text) for text in embedded]
    if not kept:
        return [_line(block, kept=False) for block in page]
    if not chosen:
        return [Line(text) for text in kept]
    return _mended(kept, places, page, _below(root, page, dense, chosen), _key(" ".join(embedded)))


def _size(page: list[Block], at: list[int]) -> int:
    return sum(len(page[i].text) for i in at if is_prose(page[i]))


def _is_better(page: list[Block], dense: list[int], chosen: list[int]) -> bool:
    """Whether the densest element has far more of the article, rather than the readers' comments or other articles.

    It must have most of what is chosen, and its paragraphs must look like those in the markup, unless so little is
    chosen that this is no article at all.
    """
    size, whole, both = _size(page, chosen), _size(page, dense), set(dense) & set(chosen)
    shapes = {_shape(page[i].element) for i in chosen if is_prose(page[i])}
    alike = _size(page, [i for i in dense if _shape(page[i].element) in shapes])
    return (
        whole > _FAR_MORE * size
        and _size(page, list(both)) >= _BORNE_OUT * size
        and (alike > _FAR_MORE * size or whole > _NO_ARTICLE * size)
    )


def _is_run_together(kept: list[str], places: list[range], page: list[Block], dense: list[int]) -> bool:
    """Whether most of the kept text is in lines that the page does not have: cells of a layout told as one row."""
    lost = sum(len(text) for text, place in zip(kept, places, strict=True) if not place)
    return lost > _BORNE_OUT * sum(map(len, kept)) and _size(page, dense) >= _BORNE_OUT * lost


def _is_start_of(kept: list[str], embedded: tuple[str, ...]) -> bool:
    """Whether the JSON-LD's text is the article that the page shows the start of, or nothing at all."""
    whole = _key(" ".join(embedded))
    shown = [line for line in kept if len(line.split()) >= _LEAD_WORDS]
    inside = sum(len(line) for line in shown if _key(line) in whole)
    return inside >= _BORNE_OUT * sum(map(len, shown)) or not shown


def _below(root: HtmlElement, page: list[Block], dense: list[int], chosen: list[int]) -> set[int]:
    """The chosen blocks below the densest element that look unlike its own: a publisher's or an author's notes.

    None where that element holds too little of what is chosen to be the article.
    """
    inside = set(dense)
    if not dense or _size(page, [i for i in chosen if i in inside]) < _NEARLY_ALL * _size(page, chosen):
        return set()
    below = [i for i in chosen if i > dense[-1] and is_prose(page[i], 1)]
    if not below:
        return set()
    depth: dict[HtmlElement, int] = {}
    for element in root.iter():
        depth[element] = depth.get(element.getparent(), 0) + 1
    forms = {(_shape(page[i].element), depth[page[i].element]) for i in dense}
    return {i for i in below if (_shape(page[i].element), depth[page[i].element]) not in forms}


def _mended(kept: list[str], places: list[range], page: list[Block], below: set[int], embedded: str) -> list[Line]:
    """The kept lines in order, and among them what the page has there besides."""
    matched = [p for place in places for p in place]
    marks = Marks(page[p] for p in matched)
    container = _container([page[p].element for p in matched])
    first, last = matched[0], matched[-1]
    # Outside an element of the article's own, the page's menus and footers would all be told as dropped.
    if container.tag not in ("body", "html"):
        within = set(container.iter())
        while first > 0 and page[first - 1].element in within:
            first -= 1
        while last + 1 < len(page) and page[last + 1].element in within:
            last += 1
    menus = {cell for place in places for cell in _menus([page[p] for p in place])}
    known = {_key(line) for line in kept}
    own = {p for p in matched if p not in below and not marks.foreign(page[p]) and _cell(page[p]) not in menus}
    own |= _lost(page, range(first, last + 1), own, known, marks, embedded)

    def told(start: int, end: int) -> list[Line]:
        return [_line(page[i], kept=i in own) for i in range(start, end) if i in own or _key(page[i].text) not in known]

    lines: list[Line] = []
    at = first
    for text, place in zip(kept, places, strict=True):
        if not place:
            lines.append(Line(_ITEM.sub("", text), kind="item" if _ITEM.match(text) else "text"))
            continue
        lines.extend(told(at, place[0]))
        lines.extend(_line(page[p], kept=p in own) for p in place)
        at = place[-1] + 1
    lines.extend(told(at, last + 1))
    return lines


def _lost(page: list[Block], span: range, own: set[int], known: set[str], marks: Marks, embedded: str) -> set[int]:
    """The article's own among the blocks of `span` that were left out."""
    homes = {page[p].element.getparent() for p in own if page[p].element.tag == "p"}
    shapes: dict[tuple[str, ...], int] = {}
    for p in own:
        if is_prose(page[p], _LEAD_WORDS):
            shape = _shape(page[p].element)
            shapes[shape] = shapes.get(shape, 0) + 1
    open_ = [
        i
        for i in span
        if i not in own
        and _key(page[i].text) not in known
        and page[i].linked < _FEW_LINKS
        and not marks.foreign(page[i])
        and _is_shown(page[i].element)
    ]
    found: set[int] = set()
    for i in open_:
        element = page[i].element
        placed = (element.tag == "p" and element.getparent() in homes) or shapes.get(_shape(element), 0) > 1
        words = len(page[i].text.split())
        if (placed and is_prose(page[i], _LEAD_WORDS)) or (words >= _LEAD_WORDS and _key(page[i].text) in embedded):
            found.add(i)
    prose = [i for i in own | found if is_prose(page[i], _LEAD_WORDS)]
    start = min(prose, default=span.stop)
    for i in reversed(open_):
        below = next((j for j in range(i + 1, span.stop) if not marks.foreign(page[j])), None)
        if i > start and below is not None and (below in own or below in found) and page[i].kind in _BESIDE:
            found.add(i)
    return found


def _shape(element: HtmlElement) -> tuple[str, ...]:
    """What the markup calls an element and the two around it: paragraphs of one article are alike in that."""
    shape = []
    above: HtmlElement | None = element
    for _ in range(3):
        if above is not None:
            shape += [above.tag, above.get("class") or ""]
            above = above.getparent()
    return tuple(shape)


def _is_shown(element: HtmlElement) -> bool:
    return (
        "none" not in (element.get("style") or "")
        and element.get("aria-hidden") != "true"
        and element.get("hidden") is None
    )


def _in_page_order(kept: list[str], page: list[Block]) -> list[str]:
    """The lines in the page's order: of a page with several articles trafilatura gives one before the other.

    A line that the page has once leads those before it.
    """
    where: dict[str, list[int]] = {}
    for index, block in enumerate(page):
        where.setdefault(_key(block.text), []).append(index)
    order: list[int] = []
    for text in reversed(kept):
        found = where.get(_key(text), []) if len(_key(text)) >= _SURE else []
        order.append(found[0] if len(found) == 1 else order[-1] if order else len(page))
    order.reverse()
    return [text for _, text in sorted(zip(order, kept, strict=True), key=lambda pair: pair[0])]


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


def _container(elements: list[HtmlElement]) -> HtmlElement:
    """The innermost element around nearly all of the kept lines (one stray match must not widen it to the page)."""
    root = elements[0].getroottree().getroot()
    counts: dict[HtmlElement, int] = {}
    for element in elements:
        if (around := element.getparent()) is not None:
            counts[around] = counts.get(around, 0) + 1
    # Backwards, so that each element has all that stands in it before its parent is asked.
    for element in reversed(list(root.iter())):
        count = counts.get(element, 0)
        if count >= 0.9 * len(elements):
            return element
        if count and (around := element.getparent()) is not None:
            counts[around] = counts.get(around, 0) + count
    return root


def _key(text: str) -> str:
    return "".join(_ITEM.sub("", text).split()).replace("|", "")
