"""The page's blocks and those kept → which blocks the publisher's own marks (tags, roles, classes, ids) call foreign.

A mark is believed only where it is about a part of the page: themes put "share", "comments-open" or "sidebar" on what
holds the article too.
"""

import re
from collections.abc import Iterable
from functools import cache, lru_cache

from lxml.html import HtmlElement

from detente.intake import words
from detente.intake.markup import Block

_ATTRIBUTES = ("class", "id", "data-component", "data-testid", "data-type", "itemprop")
_PIECES = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_COMMENT = "comment"
# Of the kept text: one marked element may hold so much of it, all elements of one mark together so much. Measured on
# the development half of `tests/intake/layouts`; the readers' comments are often longer than what they comment on.
_ONE, _ALL = 0.34, 0.5
_COMMENTS = 0.8
# The nearest marks are enough: a hostile page nests hundreds, and each would be counted for each block.
_CHAIN = 24


class Marks:
    """Which blocks of one page stand under a mark of what is not the article."""

    def __init__(self, kept: Iterable[Block]) -> None:
        self._own: dict[HtmlElement, tuple[str, ...]] = {}
        # Each element's chain of marked ones around it, built from its parent's: pages nest up to a thousand deep.
        self._chains: dict[HtmlElement, tuple[HtmlElement, ...]] = {}
        blocks = list(kept)
        total = sum(len(block.text) for block in blocks) or 1
        held: dict[HtmlElement, int] = {}
        for block in blocks:
            for element in self._marked(block.element):
                held[element] = held.get(element, 0) + len(block.text)
        self._wide = {
            element for element, size in held.items() if size > total * (_COMMENTS if self._comments(element) else _ONE)
        }
        of_word: dict[str, int] = {}
        for block in blocks:
            for word in self._words(block.element):
                of_word[word] = of_word.get(word, 0) + len(block.text)
        self._void = {w for w, size in of_word.items() if size > total * (_COMMENTS if w == _COMMENT else _ALL)}

    def foreign(self, block: Block) -> bool:
        """Whether the block stands under a mark that is believed."""
        return not self._words(block.element) <= self._void

    def _comments(self, element: HtmlElement) -> bool:
        return _COMMENT in self._own[element]

    def _words(self, element: HtmlElement) -> set[str]:
        return {word for above in self._marked(element) if above not in self._wide for word in self._own[above]}

    def _marked(self, element: HtmlElement) -> tuple[HtmlElement, ...]:
        """The element and those around it that carry a mark, below `body`."""
        climbed: list[HtmlElement] = []
        above: HtmlElement | None = element
        while above is not None and above not in self._chains and above.tag not in ("body", "html"):
            climbed.append(above)
            above = above.getparent()
        chain = self._chains.get(above, ()) if above is not None else ()
        for below in reversed(climbed):
            named = " ".join(below.get(name) or "" for name in _ATTRIBUTES)
            if own := _marks_of(below.tag, below.get("role") or "", named):
                self._own[below] = own
                chain = (*chain, below)[-_CHAIN:]
            self._chains[below] = chain
        return chain


@lru_cache(maxsize=16_384)
def _marks_of(tag: str, role: str, named: str) -> tuple[str, ...]:
    found = [word for word in (f"<{tag}>", f"role={role}") if word in _table()]
    for name in named.split()[:40]:
        pieces = [piece.lower() for piece in _PIECES.findall(name)[:20]]
        found += [piece for piece in pieces if piece in _table()]
        squashed = "".join(pieces)
        found += _parts().findall(squashed)
    # A paragraph that is called a teaser is as often the article's own lead.
    return tuple(dict.fromkeys(word for word in found if not (tag == "p" and word == "teaser")))


@cache
def _table() -> frozenset[str]:
    forms = {"tag": "<{}>", "role": "role={}", "word": "{}"}
    return frozenset(forms[r["where"]].format(r["word"]) for r in words.rows("marks") if r["where"] in forms)


@cache
def _parts() -> re.Pattern[str]:
    return re.compile("|".join(re.escape(row["word"]) for row in words.rows("marks") if row["where"] == "part"))
