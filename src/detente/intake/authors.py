"""Who wrote a page's article, from what stands between its title and its prose.

What is read are the pieces of text of that stretch: publishers seldom write "By", but name the element `author`, or
set the name beside the date.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from lxml.html import HtmlElement

from detente.intake import classify, words
from detente.intake.dates import parse_date

_LEAD = re.compile(
    r"^\W*(?:(?:written|posted|reported|published|submitted|interview|text|story|words|report|author|reporter|questions)s?"
    r"\s*(?:by\b|:)|by\b)[:\s]*",
    re.I,
)
_HINT = re.compile(
    r"author|writer|byline|reporter|journalist|contributor|creator|credits?(?![a-z])|(?<![a-z])(?:by|who|auth|autor|sig)(?![a-z])|"
    r"storyby|by-line",
    re.I,
)
_AND = re.compile(r"\s*(?:[,;/|&·•]|\s(?:and|with)\s)\s*", re.I)
_DETAILS = re.compile(r"(?<![a-z])(?:meta|infos?|details?)(?![a-z])", re.I)
_PARTED = re.compile(r"\s*(?:\||//|•|·|\s[-–—]\s)\s*")
_PARTICLES = frozenset(
    {"de", "da", "di", "du", "del", "der", "den", "van", "von", "bin", "al", "el", "la", "le", "dos", "y"}
)
_HINT_DEPTH = 3
_LONGEST = 200
_MOST_WORDS = 5
_STRETCH = 150


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text inside one element; `hinted` where the element, or one close around it, is named after authors."""

    text: str
    element: HtmlElement
    hinted: bool


def pieces(root: HtmlElement, start: HtmlElement, end: HtmlElement | None) -> list[Piece]:
    """The runs of text after the element `start` and before `end`, in order; at most some hundred."""
    found: list[Piece] = []
    begun = False
    for element in root.iter():
        if element is end or len(found) >= _STRETCH:
            break
        if element is start:
            begun = True
        elif begun and isinstance(element.tag, str) and element.tag not in ("script", "style", "noscript"):
            for text, around in ((element.text, element), (element.tail, element.getparent())):
                squeezed = " ".join((text or "").split())
                if squeezed and len(squeezed) <= _LONGEST and around is not None:
                    found.append(Piece(squeezed, around, _hinted(around)))
    return found


def names_in(text: str) -> list[str]:
    """The persons or agencies that a piece names, and nothing before them: "By A. Roe and B. Poe, Vienna"."""
    text = _LEAD.sub("", text).strip(" ,;|/-–—·•")
    found: list[str] = []
    for part in _AND.split(text):
        if not _is_name(part):
            break
        found.append(part)
    return found


def hinted(found: Iterable[Piece]) -> list[str]:
    """The names in the elements that are named after authors, each once."""
    return _unique(name for piece in found if piece.hinted for name in names_in(piece.text))


def beside_date(found: list[Piece]) -> list[str]:
    """The names in a part of a piece that holds nothing else, beside a date or in an element of the page's details."""
    parts = [(text, piece) for piece in found for text in _PARTED.split(piece.text) if text]
    for one, next_one in pairwise([*parts, ("", None)]):
        for (text, piece), (other, _) in ((one, next_one), (next_one, one)):
            names = names_in(text)
            whole = len(names) == len(_AND.split(_LEAD.sub("", text).strip()))
            if names and whole and (parse_date(other) or (piece is not None and _named(piece.element, _DETAILS))):
                return names
    return []


def _hinted(element: HtmlElement) -> bool:
    return _named(element, _HINT)


def _named(element: HtmlElement, pattern: re.Pattern[str]) -> bool:
    """Whether the element, or one close around it, has a class or the like that the pattern is found in."""
    above: HtmlElement | None = element
    for _ in range(_HINT_DEPTH):
        if above is None or above.tag in ("body", "main", "article"):
            return False
        if pattern.search(" ".join(above.get(name) or "" for name in ("class", "id", "rel", "itemprop"))):
            return True
        above = above.getparent()
    return False


def _is_name(text: str) -> bool:
    tokens = text.split()
    if text in words.originals("agencies", "form") or (len(tokens) in (2, 3, 4) and tokens[-1] == "Agency"):
        return True
    if not 2 <= len(tokens) <= _MOST_WORDS or any(c.isdigit() for c in text) or classify.furniture(text):
        return False
    barred = words.cues("section") | words.cues("role") | words.cues("no-name") | words.cues("no-person")
    return all(
        (token[0].isupper() and not re.search(r"[^\w'’.-]", token)) or token.lower() in _PARTICLES for token in tokens
    ) and not any(token.lower().strip(".") in barred for token in tokens)


def _unique(names: Iterable[str]) -> list[str]:
    found: dict[str, str] = {}
    for name in names:
        found.setdefault(name.casefold(), name)
    return list(found.values())
