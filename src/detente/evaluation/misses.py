"""What was missed and what was read wrongly, in words, so that a figure can be followed to the page."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from detente.evaluation.gold import Gold, GoldCommitment, GoldEvent, GoldMeeting, GoldRepair, GoldStatement
from detente.evaluation.matching import (
    Fits,
    G,
    R,
    assign,
    codes,
    mended,
    same_claim,
    same_days,
    same_line,
    same_sides,
)
from detente.evaluation.scoring import headlines, kept_lines
from detente.model import Commitment, Event, Meeting, Reading, Repair, Statement


@dataclass(frozen=True, slots=True)
class Miss:
    """One error: an owed item that was `missed`, or a `wrong` one read. `words` are the page's."""

    sort: Literal["missed", "wrong"]
    what: str
    says: str
    words: str


def misses(gold: Gold, reading: Reading) -> tuple[Miss, ...]:
    """The errors of one article: events first, then the other sections."""
    return tuple(_misses(gold, reading))


def _misses(gold: Gold, reading: Reading) -> Iterator[Miss]:
    fits, article = Fits(reading), reading.article
    yield from _events(gold, reading, fits)

    def evidence(id: str | None) -> str:
        return next((_words(reading, e) for e in reading.events if e.id == id), "")

    if gold.statements is not None:
        yield from _items(
            "statement", gold.statements, reading.statements, fits.statement,
            lambda g: (_gold_statement(g), g.quote), lambda s: (_statement(s), s.text),
        )  # fmt: skip
    if gold.commitments is not None:
        yield from _items(
            "commitment", gold.commitments, reading.commitments, fits.commitment,
            lambda g: (_gold_commitment(g), g.quote), lambda c: (_commitment(c), evidence(c.event)),
        )  # fmt: skip
    if gold.meetings is not None:
        yield from _items(
            "meeting", gold.meetings, reading.meetings, fits.meeting,
            lambda g: (_gold_meeting(g), g.quote), lambda m: (_meeting(m), evidence(m.event)),
        )  # fmt: skip
    if gold.repairs is not None:
        yield from _items(
            "repair", gold.repairs, article.repairs, mended,
            lambda g: (_repair(g), g.was), lambda r: (_repair(r), r.was),
        )  # fmt: skip
    if gold.related is not None:
        yield from _items(
            "headline", *headlines(gold, reading), same_line, lambda g: ("", g.words), lambda r: ("", r.words)
        )
    for line in kept_lines(gold, reading):
        yield Miss("wrong", "line", "kept in the article", line)
    if gold.published is not None and article.published not in gold.published:
        owed = " or ".join(map(str, gold.published))
        yield Miss("wrong", "published", f"{article.published or 'no day'}, owed {owed}", "")
    if gold.site is not None and (article.site or "").casefold() != gold.site.casefold():
        yield Miss("wrong", "site", f"{article.site or 'none'}, owed {gold.site}", "")


def _events(gold: Gold, reading: Reading, fits: Fits) -> Iterator[Miss]:
    """Whole events are paired first; of what is left, two of one type in one sentence are one act read wrongly."""
    whole = assign(gold.events, reading.events, fits.full)
    for r, g in whole.items():
        if not gold.events[g].optional and not same_claim(gold.events[g], reading.events[r]):
            yield Miss(
                "wrong", "event", _differing(gold.events[g], reading.events[r]), _words(reading, reading.events[r])
            )
    paired = set(whole.values())
    owed = [g for n, g in enumerate(gold.events) if n not in paired]
    read = [e for n, e in enumerate(reading.events) if n not in whole]
    alike = assign(owed, read, fits.type)
    for r, g in sorted(alike.items(), key=lambda pair: pair[1]):
        says = _differing(owed[g], read[r]) + _trap(gold, read[r], fits)
        yield Miss("wrong", "event", says, _words(reading, read[r]))
    for n, item in enumerate(owed):
        if not item.optional and n not in alike.values():
            yield Miss("missed", "event", _gold_event(item), item.quote)
    for n, event in enumerate(read):
        if n not in alike:
            yield Miss("wrong", "event", _event(event) + _trap(gold, event, fits), _words(reading, event))


def _trap(gold: Gold, event: Event, fits: Fits) -> str:
    why = next((trap.why or "forbidden" for trap in gold.forbidden if fits.trap(trap, event)), None)
    return f"; a trap: {why}" if why else ""


def _differing(gold: GoldEvent, event: Event) -> str:
    """An event that is of an allowed type, and what of it is not the gold's."""
    parts = []
    if not same_sides(gold, event):
        parts.append(f"parties {_sides(codes(event.actor), codes(event.recipient))}, owed {_owed_sides(gold)}")
    if event.auxiliary not in gold.auxiliary:
        parts.append(f"status {event.auxiliary or 'happened'}, owed {_statuses(gold)}")
    if not same_days(gold, event):
        days = _days(event.when.start, event.when.end) if event.when else "no day"
        parts.append(f"day {days}, owed {_days(gold.start, gold.end)}")
    if not same_claim(gold, event):
        by = event.claimed_by
        parts.append(f"on the word of {(by.party or by.text) if by else 'nobody'}, owed {gold.claimed_by or 'nobody'}")
    return f"{event.type}: {'; '.join(parts)}"


def _items(
    what: str,
    golds: Sequence[G],
    read: Sequence[R],
    fits: Callable[[G, R], bool],
    told: Callable[[G], tuple[str, str]],
    tell: Callable[[R], tuple[str, str]],
) -> Iterator[Miss]:
    taken = assign(golds, read, fits)
    for n, gold in enumerate(golds):
        if not gold.optional and n not in taken.values():
            yield Miss("missed", what, *told(gold))
    for n, item in enumerate(read):
        if n not in taken:
            yield Miss("wrong", what, *tell(item))


# -- items in words ------------------------------------------------------------------------------------------------


def _words(reading: Reading, event: Event) -> str:
    return reading.article.text[event.evidence.start : event.evidence.end]


def _names(parties: Sequence[str] | set[str]) -> str:
    return "+".join(sorted(parties)) or "–"


def _sides(actor: Sequence[str] | set[str], recipient: Sequence[str] | set[str]) -> str:
    return f"{_names(actor)} → {_names(recipient)}"


def _owed_sides(gold: GoldEvent) -> str:
    return _names({*gold.actor, *gold.recipient}) if gold.symmetric else _sides(gold.actor, gold.recipient)


def _statuses(gold: GoldEvent) -> str:
    return " or ".join(a or "happened" for a in gold.auxiliary)


def _days(start: date | None, end: date | None) -> str:
    return str(start) if end in {None, start} else f"{start} to {end}"


def _gold_event(gold: GoldEvent) -> str:
    return f"{'/'.join(gold.type)} {'any parties' if gold.parties_free else _owed_sides(gold)} ({_statuses(gold)})"


def _event(event: Event) -> str:
    return f"{event.type} {_sides(codes(event.actor), codes(event.recipient))} ({event.auxiliary or 'happened'})"


def _said(party: str | None, direct: bool) -> str:
    return f"{party or 'unknown'}, {'direct' if direct else 'reported'}"


def _gold_statement(gold: GoldStatement) -> str:
    return _said(gold.speaker, gold.direct)


def _statement(said: Statement) -> str:
    return _said(said.speaker.party, said.direct)


def _gold_commitment(gold: GoldCommitment) -> str:
    due = f", due {_days(*gold.due)}" if gold.due else ""
    return f"{gold.kind} {_sides(gold.by, gold.to)}{f', if “{gold.condition}”' if gold.condition else ''}{due}"


def _commitment(made: Commitment) -> str:
    due = f", due {_days(made.due.start, made.due.end)}" if made.due else ""
    condition = f", if “{made.condition}”" if made.condition else ""
    return f"{made.kind} {_sides(codes(made.by), codes(made.to))}{condition}{due}"


def _repair(repair: GoldRepair | Repair) -> str:
    return f"{repair.kind}: {repair.now or '(nothing)'}"


def _gold_meeting(gold: GoldMeeting) -> str:
    day = f", {_days(gold.start, gold.end)}" if gold.start else ""
    return f"{'/'.join(gold.status)} {_names(gold.participants)}{day}"


def _meeting(meeting: Meeting) -> str:
    day = f", {_days(meeting.when.start, meeting.when.end)}" if meeting.when else ""
    return f"{meeting.status} {_names(codes(meeting.participants))}{day}"
