"""Floor 1: bytes become an `Article`.

`sources` walks what the caller names, with `archives` (WARC) and `rows` (tables), and gives each page as it came;
`article` puts one page together out of `decode` (bytes → text), `html` or `plain` (text → lines, title, date) and
`clean` (the article's own lines from the foreign) and `kinds` (whether it is an article at all). `relevance` tells,
without a parse, whether an article is about what detente reads.
"""

from detente.intake.article import InputFormat, article_from_bytes, article_from_text, article_of
from detente.intake.raw import RawPage
from detente.intake.sources import articles, expected, pages, raw_pages
from detente.intake.tally import Tally

__all__ = [
    "InputFormat",
    "RawPage",
    "Tally",
    "article_from_bytes",
    "article_from_text",
    "article_of",
    "articles",
    "expected",
    "pages",
    "raw_pages",
]
