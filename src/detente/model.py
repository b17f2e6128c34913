"""The nouns of detente, as frozen pydantic models.

`Reading` is what one page says happened. Its JSON form is the contract of the command line, of
exports and of the store: `Reading.model_json_schema()` is its schema, and nothing else defines it.

Offsets (`start`, `end`) count characters of `Article.text`, end exclusive. Dates are ISO 8601 days.
Types, modes, contexts, auxiliary modes, quads and scores are those of PLOVER 2.0
(Open Event Data Alliance, 2021); parties of states are ISO 3166-1 alpha-3 codes.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

EventType = Literal[
    "AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT", "REQUEST",
    "ACCUSE", "REJECT", "THREATEN", "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT",
]  # fmt: skip
Auxiliary = Literal["historical", "future", "hypothetical", "negation"]
Quad = Literal["verbal cooperation", "material cooperation", "verbal conflict", "material conflict"]
Precision = Literal["day", "week", "month", "season", "year", "vague"]
RepairKind = Literal["name", "date", "tense", "dateline", "artifact"]
CommitmentKind = Literal["promise", "demand", "threat"]
MeetingStatus = Literal["held", "planned", "possible", "ruled out"]
Medium = Literal["in person", "phone", "video", "writing"]
Level = Literal["leader", "minister", "official"]
Offset = Annotated[int, Field(ge=0)]


class Noun(BaseModel):
    """Base of the nouns: frozen, and closed to fields that it does not name."""

    model_config = ConfigDict(frozen=True, extra="forbid", json_schema_serialization_defaults_required=True)


class Span(Noun):
    """A stretch of `Article.text`: characters `start` to `end`, end exclusive. `text` is what stands there."""

    start: Offset
    end: Offset
    text: str = Field(default="", exclude=True)


class Repair(Noun):
    """An overlay: what the reader takes a damaged place of the text to mean. The text stays as it was."""

    start: Offset
    end: Offset
    was: str
    now: str
    kind: RepairKind
    reason: str


class Related(Noun):
    """The headline of another page that stands among the article's lines."""

    title: str
    url: str | None = None


class Dropped(Noun):
    """A line of the page that is not the article's, and why it was left out."""

    text: str
    reason: str


class Article(Noun):
    """One page's article: its own words, unaltered, and what is known of the page around them."""

    id: str
    url: str | None = None
    site: str | None = None
    title: str | None = None
    byline: str | None = None
    agencies: tuple[str, ...] = ()
    published: date | None = None
    language: str
    text: str
    related: tuple[Related, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    repairs: tuple[Repair, ...] = ()


class Entity(Noun):
    """A party as the text names it. `party` is null where it is not known, never guessed."""

    text: str
    start: Offset | None = None
    end: Offset | None = None
    party: str | None = None
    sector: str | None = None
    name: str | None = None
    role: str | None = None


class When(Noun):
    """A span of days, both ends inclusive; `text` is null where it was taken from the article's date."""

    start: date
    end: date
    text: str | None = None
    precision: Precision = "day"


class Place(Noun):
    """Where something happened. `country` is an ISO 3166-1 alpha-3 code; `geonames` a GeoNames id."""

    text: str
    country: str | None = None
    lat: float | None = None
    lon: float | None = None
    geonames: int | None = None


class Statement(Noun):
    """A stretch of the text given as someone's words or view."""

    speaker: Entity
    addressee: tuple[Entity, ...] = ()
    cue: str = ""
    direct: bool
    text: str
    start: Offset
    end: Offset
    when: When | None = None


class Event(Noun):
    """One act, or one statement that is an act, of a party toward another."""

    id: str
    type: EventType
    mode: tuple[str, ...] = ()
    context: tuple[str, ...] = ()
    actor: tuple[Entity, ...]
    recipient: tuple[Entity, ...] = ()
    auxiliary: Auxiliary | None = None
    claimed_by: Entity | None = None
    when: When | None = None
    where: Place | None = None
    cameo: str | None = None
    score: float
    quad: Quad
    evidence: Span
    confidence: Annotated[float, Field(ge=0, le=1)]


class Commitment(Noun):
    """What a party has undertaken, asked for or threatened, and that can later be checked."""

    kind: CommitmentKind
    by: tuple[Entity, ...]
    to: tuple[Entity, ...] = ()
    what: str
    condition: str | None = None
    due: When | None = None
    event: str


class Meeting(Noun):
    """A meeting held, planned, spoken of as possible, or ruled out. `minutes` is its length."""

    participants: tuple[Entity, ...]
    status: MeetingStatus
    medium: Medium | None = None
    level: Level | None = None
    when: When | None = None
    where: Place | None = None
    minutes: float | None = None
    event: str | None = None


class Reading(Noun):
    """What one article says happened, each line pinned to its words."""

    format: Literal[1] = Field(default=1, serialization_alias="schema", validation_alias="schema")
    article: Article
    statements: tuple[Statement, ...] = ()
    events: tuple[Event, ...] = ()
    commitments: tuple[Commitment, ...] = ()
    meetings: tuple[Meeting, ...] = ()
    unread: str | None = None
    """Why the page was kept without being read, where it was."""

    def to_json(self) -> str:
        """The record as one line of JSON, as `detente read --format jsonl` prints it."""
        return self.model_dump_json(by_alias=True)

    def to_dict(self) -> dict[str, Any]:
        """The record as plain JSON-ready values."""
        return self.model_dump(mode="json", by_alias=True)

    def to_rows(self) -> list[dict[str, Any]]:
        """The events as flat rows, one an event, ready for `pandas.DataFrame(reading.to_rows())`."""

        def codes(entities: tuple[Entity, ...]) -> str:
            return "+".join(e.party or e.text for e in entities)

        return [
            {
                "article": self.article.id,
                "published": self.article.published,
                "event": e.id,
                "type": e.type,
                "mode": "+".join(e.mode),
                "context": "+".join(e.context),
                "actor": codes(e.actor),
                "recipient": codes(e.recipient),
                "auxiliary": e.auxiliary,
                "claimed_by": (e.claimed_by.party or e.claimed_by.text) if e.claimed_by else None,
                "start": e.when.start if e.when else None,
                "end": e.when.end if e.when else None,
                "country": e.where.country if e.where else None,
                "cameo": e.cameo,
                "score": e.score,
                "quad": e.quad,
                "confidence": e.confidence,
                "evidence": e.evidence.text,
            }
            for e in self.events
        ]
