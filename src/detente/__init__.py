"""detente reads news pages about diplomacy into an evidence-pinned record of who did what to whom."""

from detente.errors import (
    BadGold,
    BadLine,
    DetenteError,
    Empty,
    NoArticle,
    NotFound,
    NotText,
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

__version__ = "0.1.0"

__all__ = [
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
    "NoArticle",
    "NotFound",
    "NotText",
    "Place",
    "Reader",
    "Reading",
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
    "read",
    "relevance",
]
