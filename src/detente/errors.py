"""The errors that detente raises on purpose.

    DetenteError
    ├── SourceError          one source could not be read; the others go on
    │   ├── NotFound         no such file, folder or address
    │   ├── Empty            no bytes, or no words in them
    │   ├── NotText          bytes that are no text and no HTML
    │   ├── TooLarge         more bytes, or deeper nesting, than the bounds allow
    │   ├── NoArticle        a page that holds no article; `kind` says what it is instead
    │   ├── BadLine          a JSON line that is none, or lacks what it owes
    │   └── BadGold          a gold file that lacks what it owes, or does not fit its page
    └── UsageError           the call itself is wrong: a date that is none, an option's value

Each message is one line that says what is wrong and what to do.
"""


class DetenteError(Exception):
    """Base of all errors raised on purpose; its text is one line for people."""


class SourceError(DetenteError):
    """One source could not be read. `source` names it as the caller did."""

    def __init__(self, source: str, message: str) -> None:
        super().__init__(f"{source}: {message}")
        self.source = source
        self.message = message

    def renamed(self, source: str) -> "SourceError":
        """The same error under another name of its source."""
        return type(self)(source, self.message)


class NotFound(SourceError):
    """No such file, folder or address."""


class Empty(SourceError):
    """The source holds no bytes, or no words."""


class NotText(SourceError):
    """The bytes are neither text nor HTML."""


class TooLarge(SourceError):
    """The source is larger, or nested deeper, than the bounds allow."""


class NoArticle(SourceError):
    """The page holds no article. `kind` says what it is: a kind of `intake/data/kinds.tsv`, `empty` where unknown."""

    def __init__(self, source: str, message: str, kind: str = "empty") -> None:
        super().__init__(source, message)
        self.kind = kind

    def renamed(self, source: str) -> "NoArticle":
        """The same error under another name of its source."""
        return NoArticle(source, self.message, self.kind)


class BadLine(SourceError):
    """A JSON line is none, or lacks what it owes."""


class BadGold(SourceError):
    """A gold file lacks what it owes, or does not fit its page."""


class UsageError(DetenteError):
    """The call itself is wrong."""
