"""detente reads news pages about diplomacy into an evidence-pinned record of who did what to whom."""

from typing import TYPE_CHECKING, Any

from detente.errors import (
    BadGold,
    BadLine,
    DetenteError,
    Empty,
    NewerRecord,
    NoArticle,
    NotFound,
    NotText,
    RecordError,
    SourceError,
    TooLarge,
    UsageError,
)
from detente.intake.relevance import Relevance, Skipped, relevance
from detente.model import (
    Article,
    Commitment,
    Dropped,
    Entity,
    Event,
    Meeting,
    Place,
    Reading,
    Related,
    Repair,
    Span,
    Statement,
    When,
)
from detente.reader import Reader, read
from detente.reading.coder.report import CoderReport
from detente.reading.coder.spec import Coder

if TYPE_CHECKING:
    from detente.adding import Added, OpenRecord, open_record

__version__ = "0.1.0"

__all__ = [
    "Added",
    "Article",
    "BadGold",
    "BadLine",
    "Coder",
    "CoderReport",
    "Commitment",
    "DetenteError",
    "Dropped",
    "Empty",
    "Entity",
    "Event",
    "Meeting",
    "NewerRecord",
    "NoArticle",
    "NotFound",
    "NotText",
    "OpenRecord",
    "Place",
    "Reader",
    "Reading",
    "RecordError",
    "Related",
    "Relevance",
    "Repair",
    "Skipped",
    "SourceError",
    "Span",
    "Statement",
    "TooLarge",
    "UsageError",
    "When",
    "__version__",
    "open_record",
    "read",
    "relevance",
]


def __getattr__(name: str) -> Any:
    # Who only reads does not wait for what keeps: databases are loaded when a record is asked for.
    if name in ("OpenRecord", "Added", "open_record"):
        from detente import adding

        return getattr(adding, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
