"""What passes between the steps of intake: lines of a page, and what the page says of itself."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

Kind = Literal["text", "heading", "item", "quote", "cell", "caption"]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page, without its line end.

    `kind` is what the markup says it is; plain text is all `text`. `href` is the address of the line's first link;
    `linked` is true where the whole line is links. `kept` is false for a line that the extraction took for the
    page's furniture: such a line never becomes text, but its headline or reason is still told. `blank_before`
    counts the blank lines of plain text before it.
    """

    text: str
    kind: Kind = "text"
    href: str | None = None
    linked: bool = False
    kept: bool = True
    blank_before: int = 0


@dataclass(frozen=True, slots=True)
class Signs:
    """What the markup alone tells of a page's kind.

    `types` are its schema.org types and its og:type, in lower case; `password` and `email` say that it asks for
    them; `players` and `pictures` count what it shows; `charged` says that it declares itself not free to read.
    """

    types: frozenset[str] = frozenset()
    password: bool = False
    email: bool = False
    players: int = 0
    pictures: int = 0
    charged: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """One page taken apart: its lines in order, and what it says of itself; None where it says nothing.

    `titles` are all forms of the title that it gives, for telling a repetition of it among the lines;
    `declared` says that its metadata call it an article. Where no article's text was found in a page, none of its
    lines is `kept`.
    """

    lines: tuple[Line, ...]
    title: str | None = None
    site: str | None = None
    byline: str | None = None
    published: date | None = None
    language: str | None = None
    url: str | None = None
    titles: tuple[str, ...] = ()
    declared: bool = False
    signs: Signs = Signs()
