"""JSON-LD `articleBody` → its lines: the text that a page gives machines where it shows readers none, or the start."""

import re
from collections.abc import Iterable
from html import unescape
from typing import Any

from lxml import etree
from lxml.html import HTMLParser, document_fromstring

from detente.intake.limits import MAX_CHARACTERS
from detente.intake.markup import blocks

_MARKUP = re.compile(r"<(?:p|div|br|h[1-6]|li)\b[^>]*>", re.I)


def article_body(nodes: Iterable[dict[str, Any]]) -> tuple[str, ...]:
    """The lines of the first `articleBody` among JSON-LD nodes; none where there is none or it is out of bounds."""
    for node in nodes:
        body = node.get("articleBody")
        if isinstance(body, str) and body.strip() and len(body) <= MAX_CHARACTERS:
            return _lines(body)
    return ()


def _lines(body: str) -> tuple[str, ...]:
    text = body if _MARKUP.search(body) else unescape(body)
    if not _MARKUP.search(text):
        return tuple(squeezed for line in text.split("\n") if (squeezed := " ".join(line.split())))
    try:
        root = document_fromstring(text.encode("utf-8", "replace"), parser=HTMLParser(encoding="utf-8"))
    except (etree.ParserError, ValueError):
        return ()
    return tuple(block.text for block in blocks(root))
