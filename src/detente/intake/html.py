"""HTML → `Page`: the article's lines by trafilatura, with what it loses mended, and what the page says of itself."""

import logging

import trafilatura
from lxml.html import HtmlElement

from detente.intake.body import article_lines
from detente.intake.markup import blocks, parse
from detente.intake.metadata import metadata
from detente.intake.page import Page
from detente.intake.signs import signs

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)


def read_html(html: str, *, source: str, url: str | None = None) -> Page:
    """The page that an HTML text holds.

    Where no article's text is found, all lines of the page are there, none of them `kept`. Raises TooLarge beyond the
    bounds of `limits`, NoArticle for what has no element.
    """
    root = parse(html, source=source)
    page_blocks = list(blocks(root))
    about = metadata(root, page_blocks, url)
    shown = signs(root, types=about.types, charged=about.charged)
    lines = article_lines(root, page_blocks, _extracted(root), about.embedded)
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
