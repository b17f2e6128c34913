"""Two readings of one page → the events added, gone, and changed in type, parties or auxiliary."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import fuzz

from detente.model import Entity, Event, Reading

Aspect = Literal["type", "parties", "auxiliary"]

ALIKE = 60
"""rapidfuzz's ratio (0 to 100) from which two pieces of evidence are one sentence, mended."""

MOST_PAIRS = 10_000
"""Pairs of events whose evidence is compared; beyond it events are only added or gone."""


@dataclass(frozen=True, slots=True)
class EventChange:
    """One event as it was and as it is, and in what it changed."""

    old: Event
    new: Event
    aspects: tuple[Aspect, ...]


@dataclass(frozen=True, slots=True)
class ReadingDifference:
    """What differs between two readings, in the order of their events; events that agree in all three are left out."""

    added: tuple[Event, ...]
    gone: tuple[Event, ...]
    changed: tuple[EventChange, ...]


def reading_difference(old: Reading, new: Reading) -> ReadingDifference:
    """What `new` says other than `old` of what happened: by type, parties and auxiliary, never by place in the text.

    Events that agree in all three are the same, one for one. Then an event that keeps type and parties has changed its
    auxiliary; one that keeps two of the three otherwise, with evidence that is alike, has changed the third.
    """
    was, now = list(old.events), list(new.events)
    _paired(was, now, lambda e: (e.type, _parties(e), e.auxiliary))
    changes = [EventChange(a, b, _aspects(a, b)) for a, b in _paired(was, now, lambda e: (e.type, _parties(e)))]
    if len(was) * len(now) <= MOST_PAIRS:
        alike = _alike(old.article.text, new.article.text)
        changes += [EventChange(a, b, _aspects(a, b)) for a, b in _mended(was, now, alike)]
    place = {id(event): at for at, event in enumerate(old.events)}
    return ReadingDifference(tuple(now), tuple(was), tuple(sorted(changes, key=lambda c: place[id(c.old)])))


def _codes(entities: tuple[Entity, ...]) -> tuple[str, ...]:
    return tuple(sorted(entity.party or entity.text.casefold() for entity in entities))


def _parties(event: Event) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return _codes(event.actor), _codes(event.recipient)


def _aspects(a: Event, b: Event) -> tuple[Aspect, ...]:
    pairs: tuple[tuple[Aspect, bool], ...] = (
        ("type", a.type != b.type),
        ("parties", _parties(a) != _parties(b)),
        ("auxiliary", a.auxiliary != b.auxiliary),
    )
    return tuple(aspect for aspect, differs in pairs if differs)


def _paired(was: list[Event], now: list[Event], key: Callable[[Event], Hashable]) -> list[tuple[Event, Event]]:
    """Takes out of both lists the events that agree by `key`, one for one in their order, and gives them."""
    waiting: dict[Hashable, list[Event]] = {}
    for event in now:
        waiting.setdefault(key(event), []).append(event)
    pairs = [(event, waiting[key(event)].pop(0)) for event in was if waiting.get(key(event))]
    _take_out(was, now, pairs)
    return pairs


def _alike(old: str, new: str) -> Callable[[Event, Event], float]:
    """How alike the evidence of two events is, by the texts: a stored event has no words of its own."""

    def ratio(a: Event, b: Event) -> float:
        return fuzz.ratio(old[a.evidence.start : a.evidence.end], new[b.evidence.start : b.evidence.end])

    return ratio


def _mended(was: list[Event], now: list[Event], alike: Callable[[Event, Event], float]) -> list[tuple[Event, Event]]:
    """The same, of events that differ in one aspect alone and have like evidence; the likest are paired first."""
    likest = sorted(
        (
            (-ratio, i, j)
            for i, a in enumerate(was)
            for j, b in enumerate(now)
            if len(_aspects(a, b)) == 1 and (ratio := alike(a, b)) >= ALIKE
        )
    )
    pairs: list[tuple[Event, Event]] = []
    seen_old: set[int] = set()
    seen_new: set[int] = set()
    for _, i, j in likest:
        if i not in seen_old and j not in seen_new:
            seen_old.add(i)
            seen_new.add(j)
            pairs.append((was[i], now[j]))
    _take_out(was, now, pairs)
    return pairs


def _take_out(was: list[Event], now: list[Event], pairs: list[tuple[Event, Event]]) -> None:
    old, new = {id(a) for a, _ in pairs}, {id(b) for _, b in pairs}
    was[:] = [event for event in was if id(event) not in old]
    now[:] = [event for event in now if id(event) not in new]
