"""Floor 1: bytes become an `Article`.

`sources` walks what the caller names; `article` puts one page together out of `decode` (bytes → text),
`html` or `plain` (text → lines, title, date), `clean` (the article's own lines from the foreign) and `kinds` (whether
it is an article at all). `relevance` tells, without a parse, whether an article is about what detente reads.
"""

from detente.intake.article import InputFormat, article_from_bytes, article_from_text
from detente.intake.sources import articles, expected, pages

__all__ = ["InputFormat", "article_from_bytes", "article_from_text", "articles", "expected", "pages"]
