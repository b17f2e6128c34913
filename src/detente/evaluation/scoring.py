"""Counts what of a gold reading was found, article by article and figure by figure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from detente.evaluation.gold import Gold
from detente.evaluation.matching import Fits, G, Line, R, assign, bare, mended, plain, same_line
from detente.model import Reading

FIELDS = (
    *("events.type", "events.parties", "events.auxiliary", "events.when", "events.claimed_by", "events.full"),
    *("statements", "commitments", "meetings", "published", "site", "related", "dropped", "repairs"),
)
"""The figures by field, in the order in which they are told."""
BY = "events.parties"
"""The figure that is told by type and by kind of article."""


@dataclass(frozen=True, slots=True)
class Count:
    """`hit` of `owed` gold items; `given` items read, of which `spare` fit optional gold."""

    hit: int = 0
    owed: int = 0
    given: int = 0
    spare: int = 0

    def __add__(self, other: Count) -> Count:
        return Count(self.hit + other.hit, self.owed + other.owed, self.given + other.given, self.spare + other.spare)

    @property
    def counted(self) -> int:
        """The items read that are held against the owed ones."""
        return self.given - self.spare

    @property
    def precision(self) -> float:
        """Hits a counted item; 1 where nothing was owed nor read."""
        return self.hit / self.counted if self.counted else float(not self.owed)

    @property
    def recall(self) -> float:
        """Hits an owed item; 1 where nothing was owed."""
        return self.hit / self.owed if self.owed else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@dataclass(frozen=True, slots=True)
class Scores:
    """One article's counts: by field, by event type (of `BY`), and of the traps those that were coded."""

    fields: dict[str, Count]
    types: dict[str, Count]
    traps: int
    coded: int


def count(golds: Sequence[G], read: Sequence[R], fits: Callable[[G, R], bool]) -> Count:
    """How far the items read are those of the gold."""
    taken = assign(golds, read, fits)
    hits = sum(not golds[g].optional for g in taken.values())
    return Count(hits, sum(not g.optional for g in golds), len(read), len(taken) - hits)


def right_events(gold: Gold, reading: Reading) -> set[str]:
    """The ids of the events whose type, parties and auxiliary a gold event, owed or optional, bears out."""
    return {reading.events[r].id for r in right_places(gold, reading)}


def right_places(gold: Gold, reading: Reading) -> set[int]:
    """The places of those events in the reading, whose records from elsewhere may repeat an id."""
    return set(assign(gold.events, reading.events, Fits(reading).auxiliary))


def score(gold: Gold, reading: Reading) -> Scores:
    """The counts of one article; a section that its gold leaves out has none."""
    fits, article = Fits(reading), reading.article
    fields = {
        f"events.{name}": count(gold.events, reading.events, fit)
        for name, fit in (
            ("type", fits.type),
            ("parties", fits.parties),
            ("auxiliary", fits.auxiliary),
            ("when", fits.when),
            ("claimed_by", fits.claimed_by),
            ("full", fits.full),
        )
    }
    if gold.statements is not None:
        fields["statements"] = count(gold.statements, reading.statements, fits.statement)
    if gold.commitments is not None:
        fields["commitments"] = count(gold.commitments, reading.commitments, fits.commitment)
    if gold.meetings is not None:
        fields["meetings"] = count(gold.meetings, reading.meetings, fits.meeting)
    if gold.published is not None:
        fields["published"] = _single(article.published in gold.published, article.published)
    if gold.site is not None:
        fields["site"] = _single((article.site or "").casefold() == gold.site.casefold(), article.site)
    if gold.related is not None:
        fields["related"] = count(*headlines(gold, reading), same_line)
    if gold.dropped is not None:
        gone = len(gold.dropped) - len(kept_lines(gold, reading))
        fields["dropped"] = Count(gone, len(gold.dropped), len(gold.dropped))
    if gold.repairs is not None:
        fields["repairs"] = count(gold.repairs, article.repairs, mended)
    return Scores(fields, _by_type(gold, reading, fits), len(gold.forbidden), len(coded_traps(gold, reading, fits)))


def headlines(gold: Gold, reading: Reading) -> tuple[list[Line], list[Line]]:
    """The headlines of other pages, owed and found."""
    owed = [Line(bare(title)) for title in gold.related or ()]
    return owed, [Line(bare(related.title)) for related in reading.article.related]


def kept_lines(gold: Gold, reading: Reading) -> list[str]:
    """The lines that should have been dropped and still stand in the article."""
    return [line for line in gold.dropped or () if plain(line) in plain(reading.article.text)]


def coded_traps(gold: Gold, reading: Reading, fits: Fits) -> list[int]:
    """Which of the gold's forbidden items were read as events."""
    return [n for n, trap in enumerate(gold.forbidden) if any(fits.trap(trap, e) for e in reading.events)]


def _single(right: bool, value: object) -> Count:
    given = int(value is not None)
    return Count(int(right and bool(given)), 1, given)


def _by_type(gold: Gold, reading: Reading, fits: Fits) -> dict[str, Count]:
    """Where a gold event allows several types, it is owed as what it was read as, or else as the first of them.

    So the rows add up to the figure of all types.
    """
    taken = assign(gold.events, reading.events, fits.parties)
    read_as = {g: reading.events[r].type for r, g in taken.items()}
    hit, owed, spare = Counter[str](), Counter[str](), Counter[str]()
    for number, item in enumerate(gold.events):
        kind = read_as.get(number, item.type[0])
        if not item.optional:
            owed[kind] += 1
            hit[kind] += number in read_as
        elif number in read_as:
            spare[kind] += 1
    given = Counter[str](event.type for event in reading.events)
    return {kind: Count(hit[kind], owed[kind], given[kind], spare[kind]) for kind in sorted(owed | given)}
