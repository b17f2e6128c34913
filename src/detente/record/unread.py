"""An error, or a reading that says why it is empty → the reason why a page is kept without being read."""

from dataclasses import dataclass
from typing import Literal

from detente.errors import NoArticle, SourceError
from detente.model import Article, Reading

Kind = Literal["no article", "paywall", "not relevant", "copy", "language", "error"]


@dataclass(frozen=True, slots=True)
class Unread:
    """Why a page is not read: `kind` for counting, `words` for people. `article` where one was found all the same."""

    kind: Kind
    words: str
    article: Article | None = None


def of_error(error: SourceError) -> Unread:
    """The reason that an error gives."""
    if isinstance(error, NoArticle):
        return Unread("paywall" if error.kind == "paywall" else "no article", error.message)
    return Unread("error", error.message)


def of_reading(reading: Reading) -> Unread | None:
    """The reason that a reading gives, None where the page was read. The only one that readings know is language."""
    return Unread("language", reading.unread, reading.article) if reading.unread is not None else None
