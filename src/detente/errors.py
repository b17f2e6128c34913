"""The errors that detente raises on purpose.

    DetenteError
    ├── SourceError          one source could not be read; the others go on
    │   ├── NotFound         no such file, folder or address
    │   ├── NotPublic        an address that is not of the public web
    │   ├── Forbidden        the site's robots.txt, or the site itself, does not let it be fetched
    │   ├── TooBusy          the site asks to come back later
    │   ├── TooSlow          no page within the bound of time, or a site that wants more time between pages
    │   ├── Unreachable      no connection, one that broke off, or a server that fails
    │   ├── Empty            no bytes, or no words in them
    │   ├── NotText          bytes that are no text and no HTML
    │   ├── TooLarge         more bytes, or deeper nesting, than the bounds allow
    │   ├── NoArticle        a page that holds no article; `kind` says what it is instead
    │   ├── NoFeed           bytes that are no feed and no sitemap
    │   ├── BadSource        a table of the list of sources that is none, or lacks what it owes
    │   ├── BadLine          a JSON line or a table's row that is none, or lacks what it owes
    │   ├── BadRecord        a record of an archive that is damaged or cut off
    │   └── BadGold          a gold file that lacks what it owes, or does not fit its page
    ├── RecordError          the record could not be opened, asked or written
    │   └── NewerRecord      the record was made by a newer detente
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

    def __reduce__(self) -> tuple[type["SourceError"], tuple[str, str]]:
        # So that a process that reads for another can send it.
        return type(self), (self.source, self.message)

    def renamed(self, source: str) -> "SourceError":
        """The same error under another name of its source."""
        return type(self)(source, self.message)


class NotFound(SourceError):
    """No such file, folder or address."""


class NotPublic(SourceError):
    """The address is not of the public web: private, local, or a machine's own."""


class Forbidden(SourceError):
    """The site's robots.txt, or the site itself, does not let the address be fetched."""


class TooBusy(SourceError):
    """The site asks to come back later, in `retry_after` seconds; None where it does not say when."""

    def __init__(self, source: str, message: str, retry_after: float | None = None) -> None:
        super().__init__(source, message)
        self.retry_after = retry_after


class TooSlow(SourceError):
    """No page came within the bound of time, or the site wants more time between pages than is waited."""


class Unreachable(SourceError):
    """No connection, one that broke off or cannot be trusted, or a server that fails."""


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


class NoFeed(SourceError):
    """The bytes are neither a feed nor a sitemap."""


class BadSource(SourceError):
    """A table of the list of sources is none, or lacks what it owes."""


class BadLine(SourceError):
    """A JSON line or a table's row is none, or lacks what it owes."""


class BadRecord(SourceError):
    """A record of an archive is damaged or cut off."""


class BadGold(SourceError):
    """A gold file lacks what it owes, or does not fit its page."""


class RecordError(DetenteError):
    """The record could not be opened, asked or written; what was kept before stays whole."""


class NewerRecord(RecordError):
    """The record was made by a newer detente, whose tables this one does not know."""


class UsageError(DetenteError):
    """The call itself is wrong."""
