"""Whether a second reader codes by the definitions that it is given, or by names and places that it is used to.

The same sentences are asked under a codebook whose meaning stays and whose form is changed, as language models were
tried for political event coding in arXiv 2606.06781: types in another order, under names that say nothing, and under
each other's names. A coder that follows the definitions answers the same each time. Modes and contexts are not asked
for, as their names would give the types away.
"""

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import cast

from detente.model import EventType, Noun
from detente.ontology.plover import types
from detente.ontology.tables import parse
from detente.reading.coder.answers import answered
from detente.reading.coder.endpoint import Endpoint, Reply
from detente.reading.coder.prompt import Codebook, plain
from detente.reading.coder.spec import Coder

MAX_SENTENCES = 500
"""Sentences of one probe; each is asked once a variant."""
_SEED = 2606


class Case(Noun):
    """A sentence to probe with, and the type of the act that it tells where that is known."""

    text: str
    type: EventType | None = None


class Variant(Noun):
    """How the answers under one variant of the codebook compare with those under the codebook as it is.

    `compared` sentences were answered under both, with an event under the plain one. Of them `same` gave the same types
    by their definitions; `by_name` the same names, `by_place` the types at the same places of the list: None where
    that cannot be told apart from the same definitions. `faults` counts sentences without a usable answer.
    """

    name: str
    compared: int
    same: int
    by_name: int | None
    by_place: int | None
    faults: int


class ProbeReport(Noun):
    """What a probe found: of `sentences` asked under the codebook as it is `coded` gave an event and `faults` failed.

    Of those `known` to tell an act of some type, `right` were given it.
    """

    coder: str
    sentences: int
    coded: int
    faults: int
    known: int
    right: int
    variants: tuple[Variant, ...]
    requests: int
    prompt_tokens: int
    completion_tokens: int
    seconds: float
    cost: float | None


@dataclass(frozen=True, slots=True)
class _Asked:
    """Types by sentence under one codebook, None where no usable answer came; and the replies they come from."""

    book: Codebook
    found: list[frozenset[EventType] | None]
    replies: list[Reply]

    @property
    def faults(self) -> int:
        return sum(types is None for types in self.found)

    def names(self, n: int) -> frozenset[str]:
        shown = dict(self.book.entries)
        return frozenset(shown[kind] for kind in self.found[n] or ())

    def places(self, n: int) -> frozenset[int]:
        at = {kind: place for place, (kind, _) in enumerate(self.book.entries)}
        return frozenset(at[kind] for kind in self.found[n] or ())


@cache
def own_cases() -> tuple[Case, ...]:
    """The packaged sentences, two a type."""
    text = (files("detente.reading") / "data" / "coder_probes.tsv").read_text(encoding="utf-8")
    return tuple(Case(text=row["text"], type=cast(EventType, row["type"])) for row in parse(text))


@cache
def variants() -> dict[str, Codebook]:
    """The codebooks that a probe asks under, beside the plain one."""
    own = [(kind, str(kind)) for kind in types()]
    shuffled = own.copy()
    random.Random(_SEED).shuffle(shuffled)
    # Each definition under the name of one far from it in the list: the list goes from cooperation to conflict.
    half = len(own) // 2
    swapped = [(kind, own[(n + half) % len(own)][1]) for n, (kind, _) in enumerate(own)]
    generic = [(kind, f"TYPE_{n}") for n, (kind, _) in enumerate(own, 1)]
    books = {"asked again": own, "reversed": own[::-1], "shuffled": shuffled, "generic": generic, "swapped": swapped}
    return {name: Codebook(tuple(entries), detailed=False) for name, entries in books.items()}


def _ask(endpoint: Endpoint, book: Codebook, cases: Sequence[Case]) -> _Asked:
    replies = endpoint.ask([book.prompt(case.text) for case in cases])
    found: list[frozenset[EventType] | None] = []
    for reply in replies:
        answer = answered(reply.text or "", book)
        usable = reply.text is not None and answer.formed and not answer.faults
        found.append(frozenset(event.type for event in answer.events) if usable else None)
    return _Asked(book, found, replies)


def _variant(name: str, first: _Asked, other: _Asked) -> Variant:
    both = [n for n, kinds in enumerate(first.found) if kinds and other.found[n] is not None]
    renamed = {name for _, name in first.book.entries} == {name for _, name in other.book.entries} and (
        dict(first.book.entries) != dict(other.book.entries)
    )
    moved = [kind for kind, _ in first.book.entries] != [kind for kind, _ in other.book.entries]
    return Variant(
        name=name,
        compared=len(both),
        same=sum(first.found[n] == other.found[n] for n in both),
        by_name=sum(first.names(n) == other.names(n) for n in both) if renamed else None,
        by_place=sum(first.places(n) == other.places(n) for n in both) if moved else None,
        faults=other.faults,
    )


def probe(coder: Coder, cases: Sequence[Case]) -> ProbeReport:
    """Ask about the cases (at most MAX_SENTENCES) under each codebook, and compare.

    Raises UsageError where the environment's key cannot be sent; faults of the address are counted.
    """
    cases = cases[:MAX_SENTENCES]
    endpoint = Endpoint(coder)
    begun = time.monotonic()
    book = Codebook(plain().entries, detailed=False)
    first = _ask(endpoint, book, cases)
    others = {name: _ask(endpoint, variant, cases) for name, variant in variants().items()}
    replies = [reply for asked in (first, *others.values()) for reply in asked.replies]
    prompted = sum(reply.prompt_tokens for reply in replies)
    completed = sum(reply.completion_tokens for reply in replies)
    known = [n for n, case in enumerate(cases) if case.type is not None]
    return ProbeReport(
        coder=coder.name,
        sentences=len(cases),
        coded=sum(bool(kinds) for kinds in first.found),
        faults=first.faults,
        known=len(known),
        right=sum(cases[n].type in (first.found[n] or ()) for n in known),
        variants=tuple(_variant(name, first, other) for name, other in others.items()),
        requests=sum(reply.requests for reply in replies),
        prompt_tokens=prompted,
        completion_tokens=completed,
        seconds=time.monotonic() - begun,
        cost=coder.cost(prompted, completed),
    )
