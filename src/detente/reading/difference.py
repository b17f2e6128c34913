"""Two readings of one page → the events added, gone, and changed in type, parties or auxiliary."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import fuzz

from detente.model import Entity, Event, Reading

Aspect = Literal["type", "parties", "auxiliary"]
_Places = dict[int, Event]
_Pairs = dict[int, tuple[Event, Event]]

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
    was, now = dict(enumerate(old.events)), dict(enumerate(new.events))
    _paired(was, now, lambda e: (e.type, _parties(e), e.auxiliary))
    changes = _paired(was, now, lambda e: (e.type, _parties(e)))
    if len(was) * len(now) <= MOST_PAIRS:
        changes |= _mended(was, now, _alike(old.article.text, new.article.text))
    changed = [EventChange(a, b, _aspects(a, b)) for _, (a, b) in sorted(changes.items())]
    return ReadingDifference(tuple(now.values()), tuple(was.values()), tuple(changed))


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


def _paired(was: _Places, now: _Places, key: Callable[[Event], Hashable]) -> _Pairs:
    """Takes out of both the events that agree by `key`, one for one in their order, and gives them by old place."""
    waiting: dict[Hashable, list[int]] = {}
    for place, event in now.items():
        waiting.setdefault(key(event), []).append(place)
    pairs: _Pairs = {}
    for place, event in list(was.items()):
        if others := waiting.get(key(event)):
            pairs[place] = was.pop(place), now.pop(others.pop(0))
    return pairs


def _alike(old: str, new: str) -> Callable[[Event, Event], float]:
    """How alike the evidence of two events is, by the texts: a stored event has no words of its own."""

    def ratio(a: Event, b: Event) -> float:
        return fuzz.ratio(old[a.evidence.start : a.evidence.end], new[b.evidence.start : b.evidence.end])

    return ratio


def _mended(was: _Places, now: _Places, alike: Callable[[Event, Event], float]) -> _Pairs:
    """The same, of events that differ in one aspect alone and have like evidence; the likest are paired first."""
    likest = sorted(
        (-ratio, i, j)
        for i, a in was.items()
        for j, b in now.items()
        if len(_aspects(a, b)) == 1 and (ratio := alike(a, b)) >= ALIKE
    )
    pairs: _Pairs = {}
    for _, i, j in likest:
        if i in was and j in now:
            pairs[i] = was.pop(i), now.pop(j)
    return pairs
