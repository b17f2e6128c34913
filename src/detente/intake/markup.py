"""An HTML tree as lines: the text of each block, in the order of the page."""

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from detente.errors import NoArticle, TooLarge
from detente.intake.limits import MAX_DEPTH, MAX_ELEMENTS
from detente.intake.page import Kind

_SKIPPED = frozenset({
    "script", "style", "noscript", "template", "svg", "math", "head", "iframe", "object", "select", "option",
    "textarea", "canvas", "audio", "video",
})  # fmt: skip
_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "button", "caption", "center", "dd", "details", "div",
    "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6",
    "header", "hr", "html", "input", "label", "legend", "li", "main", "nav", "ol", "p", "pre", "section",
    "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
})  # fmt: skip
_KINDS: dict[str, Kind] = {
    **{f"h{n}": "heading" for n in range(1, 7)},
    "li": "item", "dt": "item", "dd": "item", "blockquote": "quote",
    "td": "cell", "th": "cell", "caption": "caption", "figcaption": "caption",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Block:
    """One line of text of the tree: white space squeezed, as a browser shows it.

    `element` is the innermost block element around it; `linked` the share of its characters inside links;
    `href` the first link's address.
    """

    text: str
    element: HtmlElement
    linked: float
    href: str | None

    @property
    def kind(self) -> Kind:
        """What the markup says it is, by the nearest element around that says so."""
        element = self.element
        while element is not None and element.tag not in ("article", "main", "body"):
            if element.tag in _KINDS:
                return _KINDS[element.tag]
            element = element.getparent()
        return "text"


def parse(html: str, *, source: str) -> HtmlElement:
    """The tree of an HTML text. Raises TooLarge beyond the bounds of `limits`, NoArticle for what has no element."""
    try:
        # Re-encoded, so that a charset named in the page cannot overrule what `decode` found out.
        root = document_fromstring(html.encode("utf-8", "replace"), parser=HTMLParser(encoding="utf-8", huge_tree=True))
    except (etree.ParserError, ValueError) as error:
        raise NoArticle(source, "no HTML that can be read: give the page as a browser saved it") from error
    elements = depth = deepest = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        if event == "start":
            elements += 1
            depth += 1
            deepest = max(deepest, depth)
        else:
            depth -= 1
        if elements > MAX_ELEMENTS:
            raise TooLarge(
                source, f"more than {MAX_ELEMENTS:,} HTML elements: give the article's own page, or its text"
            )
        if deepest > MAX_DEPTH:
            raise TooLarge(source, f"HTML elements nested more than {MAX_DEPTH} deep: give the article's text")
    return root


def blocks(root: HtmlElement) -> Iterator[Block]:
    """The lines of the tree under `root`, in order; scripts, styles and what else is never shown left out."""
    open_blocks: list[HtmlElement] = []
    skipping = 0
    links: list[str | None] = []
    href: str | None = None
    pieces: list[tuple[str, bool]] = []

    def flush() -> Iterator[Block]:
        nonlocal href
        text = " ".join("".join(piece for piece, _ in pieces).split())
        if text and open_blocks:
            solid = sum(len("".join(piece.split())) for piece, _ in pieces)
            inside = sum(len("".join(piece.split())) for piece, linked in pieces if linked)
            yield Block(text, open_blocks[-1], inside / max(solid, 1), href)
        pieces.clear()
        # A block inside a link (a card's heading) is linked as the link around it.
        href = links[-1] if links else None

    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        if event in ("comment", "pi"):
            if not skipping and element.tail:
                pieces.append((element.tail, bool(links)))
            continue
        tag = element.tag
        if event == "start":
            if tag in _SKIPPED:
                skipping += 1
            elif not skipping:
                if tag in _BLOCKS:
                    yield from flush()
                    open_blocks.append(element)
                elif tag == "br":
                    yield from flush()
                elif tag == "a":
                    links.append(element.get("href"))
                    href = href or links[-1]
                if element.text:
                    pieces.append((element.text, bool(links)))
        else:
            if tag in _SKIPPED:
                skipping -= 1
            elif not skipping:
                if tag in _BLOCKS:
                    yield from flush()
                    open_blocks.pop()
                elif tag == "a":
                    links.pop()
            if not skipping and element.tail and element is not root:
                pieces.append((element.tail, bool(links)))
    yield from flush()
