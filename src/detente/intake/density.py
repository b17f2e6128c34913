"""The page's blocks → those of the element in which nearly all of its prose stands: a second opinion on the article.

Prose is what has sentences and few links, as in Kohlschütter, Fankhauser and Nejdl, Boilerplate Detection using
Shallow Text Features (2010); the element is found as Readability finds it, from the paragraphs upward.
"""

import re

from lxml.html import HtmlElement

from detente.intake.marks import Marks
from detente.intake.markup import Block

_SENTENCE = re.compile(r"[.!?…][\"'”’)\]]*$")
_PROSE_WORDS = 10
_FEW_LINKS = 0.5
# A child that holds less than this of the prose is a part of the article (a column, a section), not the whole of it.
_NEARLY_ALL = 0.75


def is_prose(block: Block, least: int = _PROSE_WORDS) -> bool:
    """Whether a block is a paragraph: so many words or more, closed as a sentence is, and not mostly links."""
    return (
        block.linked < _FEW_LINKS and len(block.text.split()) >= least and bool(_SENTENCE.search(block.text.rstrip()))
    )


def densest(root: HtmlElement, page: list[Block]) -> list[int]:
    """The indices of the blocks that belong to the page's densest element; none for a page without prose."""
    prose = [block for block in page if is_prose(block)]
    marks = Marks(prose)
    held: dict[HtmlElement, int] = {}
    for block in prose:
        if not marks.foreign(block):
            held[block.element] = held.get(block.element, 0) + len(block.text)
    enough = _NEARLY_ALL * sum(held.values())
    container = root
    # Backwards, so that each element has all that stands in it before its parent is asked: the first that holds
    # nearly all of the prose is the innermost.
    for element in reversed(list(root.iter())):
        size = held.get(element, 0)
        if size and size >= enough:
            container = element
            break
        if size and (parent := element.getparent()) is not None:
            held[parent] = held.get(parent, 0) + size
    within = set(container.iter())
    inside = [i for i, b in enumerate(page) if b.element in within and b.linked < _FEW_LINKS and not marks.foreign(b)]
    ends = [i for i in inside if is_prose(page[i])]
    return [i for i in inside if ends[0] <= i <= ends[-1]] if ends else []
