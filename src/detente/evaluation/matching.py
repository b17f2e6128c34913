"""What fits what: a reading's items against gold items of the same sentence, and the pairing of the two."""

import re
from calendar import monthrange
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar

from detente.evaluation.gold import Forbidden, GoldCommitment, GoldEvent, GoldMeeting, GoldRepair, GoldStatement
from detente.model import Commitment, Entity, Event, Meeting, Reading, Repair, Statement, When
from detente.reading.sentences import sentence_starts

_PLAIN = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "\u00a0": " "})


class Owed(Protocol):
    """A gold item: owed, unless it is optional."""

    @property
    def optional(self) -> bool:
        """Neither owed nor an error."""


G = TypeVar("G", bound=Owed)
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is compared by its words alone."""

    words: str
    optional: bool = False


def plain(text: str) -> str:
    """`text` with typewriter quotation marks and dashes, character by character: offsets stay."""
    return text.translate(_PLAIN)


def bare(title: str) -> str:
    """The words of a headline in lower case."""
    return re.sub(r"\W+", " ", plain(title)).strip().lower()


def find(quote: str, text: str) -> tuple[int, int] | None:
    """The characters of `text` where `quote` first stands, whatever its white space and quotation marks."""
    pattern = r"\s+".join(re.escape(word) for word in plain(quote).split())
    found = re.search(pattern, plain(text))
    return found.span() if found else None


def assign(golds: Sequence[G], read: Sequence[R], fits: Callable[[G, R], bool]) -> dict[int, int]:
    """As many pairs (read item: gold item) as can be, the owed golds served first."""
    taken: dict[int, int] = {}
    choices = [[r for r, item in enumerate(read) if fits(gold, item)] for gold in golds]

    def place(g: int, seen: set[int]) -> bool:
        for r in choices[g]:
            if r in seen:
                continue
            seen.add(r)
            if r not in taken or place(taken[r], seen):
                taken[r] = g
                return True
        return False

    for g in sorted(range(len(golds)), key=lambda i: golds[i].optional):
        place(g, set())
    return taken


class Fits:
    """Which items of one reading fit which gold items. Each method: gold item, read item → whether they fit."""

    def __init__(self, reading: Reading) -> None:
        self._text = reading.article.text
        self._starts = [*sentence_starts(self._text), len(self._text)]
        self._sentences: dict[str, tuple[int, int] | None] = {}
        self._events = {event.id: event for event in reading.events}

    def sentence(self, quote: str) -> tuple[int, int] | None:
        """The characters of the sentence or sentences that hold `quote`; None where it stands nowhere."""
        if quote not in self._sentences:
            found = find(quote, self._text)
            self._sentences[quote] = found and (
                max(s for s in self._starts if s <= found[0]),
                min(s for s in self._starts if s >= found[1]),
            )
        return self._sentences[quote]

    def type(self, gold: GoldEvent, event: Event) -> bool:
        """The sentence, and an allowed type."""
        return event.type in gold.type and self._at(gold.quote, event)

    def parties(self, gold: GoldEvent, event: Event) -> bool:
        """Type, and who to whom."""
        return self.type(gold, event) and same_sides(gold, event)

    def auxiliary(self, gold: GoldEvent, event: Event) -> bool:
        """Type, parties, and an allowed auxiliary."""
        return self.parties(gold, event) and event.auxiliary in gold.auxiliary

    def when(self, gold: GoldEvent, event: Event) -> bool:
        """Type, parties, and days within those that the gold sets."""
        return self.parties(gold, event) and same_days(gold, event)

    def claimed_by(self, gold: GoldEvent, event: Event) -> bool:
        """Type, parties, and on whose word: null where the gold names nobody."""
        return self.parties(gold, event) and same_claim(gold, event)

    def full(self, gold: GoldEvent, event: Event) -> bool:
        """Type, parties, auxiliary and days."""
        return self.auxiliary(gold, event) and same_days(gold, event)

    def trap(self, gold: Forbidden, event: Event) -> bool:
        """What the gold forbids to read."""
        return event.type in gold.type and event.auxiliary in gold.auxiliary and self._at(gold.quote, event)

    def statement(self, gold: GoldStatement, said: Statement) -> bool:
        """The sentence, the speaker's party, direct or reported."""
        return (
            self._overlaps(gold.quote, said.start, said.end)
            and codes([said.speaker]) == _upper([gold.speaker] if gold.speaker else ())
            and said.direct == gold.direct
        )

    def commitment(self, gold: GoldCommitment, made: Commitment) -> bool:
        """The sentence of its event, kind, parties, condition and due days."""
        return (
            made.kind == gold.kind
            and self._at(gold.quote, self._events.get(made.event))
            and codes(made.by) == _upper(gold.by)
            and (not gold.to or not codes(made.to) or codes(made.to) == _upper(gold.to))
            and (gold.due is None or (made.due is not None and (made.due.start, made.due.end) == gold.due))
            and plain(gold.condition or "").lower() in plain(made.condition or "").lower()
        )

    def meeting(self, gold: GoldMeeting, meeting: Meeting) -> bool:
        """The sentence of its event, status, participants, and what else the gold sets."""
        country = meeting.where.country if meeting.where else None
        until = gold.end or (gold.start and _month_end(gold.start))
        return (
            meeting.status in gold.status
            and self._at(gold.quote, self._events.get(meeting.event or ""))
            and codes(meeting.participants) == _upper(gold.participants)
            and (not gold.minutes or meeting.minutes == gold.minutes)
            and (not gold.level or meeting.level == gold.level)
            and (not gold.country or country == gold.country)
            and _within(meeting.when, gold.start, until)
        )

    def _at(self, quote: str, event: Event | None) -> bool:
        return event is not None and self._overlaps(quote, event.evidence.start, event.evidence.end)

    def _overlaps(self, quote: str, start: int, end: int) -> bool:
        own = self.sentence(quote)
        return own is not None and own[0] < end and start < own[1]


def mended(gold: GoldRepair, repair: Repair) -> bool:
    """A repair of the owed kind that covers the owed words."""
    return (
        repair.kind == gold.kind
        and plain(gold.was).lower() in plain(repair.was).lower()
        and plain(gold.now).lower() in plain(repair.now).lower()
    )


def same_line(gold: Line, line: Line) -> bool:
    """The same words."""
    return gold.words == line.words


def same_sides(gold: GoldEvent, event: Event) -> bool:
    """Who to whom, with the leave that the gold gives."""
    if gold.parties_free:
        return True
    actor, recipient, owed = codes(event.actor), codes(event.recipient), _upper(gold.recipient)
    if gold.symmetric:
        return _upper(gold.actor) | owed == actor | recipient
    if actor != _upper(gold.actor):
        return False
    return recipient == owed or (gold.recipient_optional and (not recipient or not owed or recipient <= owed))


def same_days(gold: GoldEvent, event: Event) -> bool:
    """Days within those that the gold sets; true where it sets none."""
    return _within(event.when, gold.start, gold.end or gold.start)


def same_claim(gold: GoldEvent, event: Event) -> bool:
    """On whose word."""
    return codes([event.claimed_by] if event.claimed_by else ()) == _upper([gold.claimed_by] if gold.claimed_by else ())


def codes(entities: Sequence[Entity]) -> set[str]:
    """The known party codes, in capitals."""
    return {e.party.upper() for e in entities if e.party}


def _upper(names: Sequence[str]) -> set[str]:
    return {name.upper() for name in names}


def _within(when: When | None, start: date | None, end: date | None) -> bool:
    if start is None or end is None:
        return True
    return when is not None and start <= when.start and when.end <= end


def _month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])
