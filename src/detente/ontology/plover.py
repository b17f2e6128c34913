"""PLOVER 2.0's types, modes, contexts, sectors and scores, and the CAMEO code that goes with an event.

Source: Open Event Data Alliance, PLOVER manual (2021); what is read differently is said in `data/plover.toml`
and `data/cameo.tsv`. Unknown types raise KeyError; unknown modes and contexts are passed over.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import takewhile
from types import MappingProxyType
from typing import cast

from detente.model import Auxiliary, EventType, Quad
from detente.ontology.tables import items, rows


@dataclass(frozen=True, slots=True)
class Mode:
    """A way in which an event of its type is done. `context` is one that the mode always brings with it."""

    name: str
    score: float
    meaning: str
    context: str | None = None


@dataclass(frozen=True, slots=True)
class Type:
    """One of the 16 types. `score` is -10 (conflict) to 10 (cooperation); `recipient` whether it owes one."""

    name: EventType
    quad: Quad
    recipient: bool
    score: float
    meaning: str
    modes: Mapping[str, Mode]


@dataclass(frozen=True, slots=True)
class _Cameo:
    code: str
    mode: str
    # Each alternative is a set of contexts that are needed together.
    contexts: tuple[frozenset[str], ...]

    def fit(self, contexts: frozenset[str]) -> int:
        """How many contexts the code asks for and the event has; -1 where the event lacks one."""
        return max((len(need) if need <= contexts else -1 for need in self.contexts), default=0)


@cache
def _manual() -> dict[str, dict[str, dict[str, object]]]:
    text = (files("detente.ontology") / "data" / "plover.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def types() -> Mapping[EventType, Type]:
    """The 16 types by name, in the manual's order. Read-only."""

    def mode(name: str, row: Mapping[str, str | float]) -> Mode:
        context = row.get("context")
        return Mode(name, float(row["score"]), str(row["meaning"]), str(context) if context else None)

    found: dict[EventType, Type] = {}
    for key, row in _manual()["types"].items():
        name = cast(EventType, key)
        modes = cast(Mapping[str, Mapping[str, str | float]], row.get("modes", {}))
        found[name] = Type(
            name=name,
            quad=cast(Quad, row["quad"]),
            recipient=bool(row["recipient"]),
            score=float(cast(float, row["score"])),
            meaning=str(row["meaning"]),
            modes=MappingProxyType({key: mode(key, value) for key, value in modes.items()}),
        )
    return MappingProxyType(found)


def quad(type: EventType) -> Quad:
    """The quad category of a type."""
    return types()[type].quad


def score(type: EventType, modes: Iterable[str] = ()) -> float:
    """The conflict-cooperation score, -10 to 10: the mode's, else the type's.

    Of several modes the one farthest from zero counts, as the manual leaves it open and an act is as grave as its
    gravest part.
    """
    known = types()[type].modes
    scores = [known[mode].score for mode in modes if mode in known]
    return max(scores, key=abs) if scores else types()[type].score


def modes(type: EventType) -> tuple[str, ...]:
    """The modes that a type can have, in the manual's order."""
    return tuple(types()[type].modes)


def needs_recipient(type: EventType) -> bool:
    """Whether the manual requires a recipient."""
    return types()[type].recipient


@cache
def contexts() -> Mapping[str, str]:
    """All contexts, each with its meaning in a line. Read-only."""
    return MappingProxyType({name: str(meaning) for name, meaning in _manual()["contexts"].items()})


@cache
def sectors() -> Mapping[str, str]:
    """All sectors, each with its meaning in a line. Read-only."""
    return MappingProxyType({name: str(meaning) for name, meaning in _manual()["sectors"].items()})


@cache
def _cameo() -> Mapping[str, tuple[_Cameo, ...]]:
    table: dict[str, list[_Cameo]] = {}
    for row in rows("cameo"):
        needs = tuple(frozenset(item.split("+")) for item in items(row["context"]))
        table.setdefault(row["type"], []).append(_Cameo(row["cameo"], row["mode"], needs))
    return {type: tuple(codes) for type, codes in table.items()}


def _shared(codes: Iterable[str]) -> str:
    """The code that all the given ones fall under: themselves where one, else their parent or cue category."""
    distinct = sorted(set(codes))
    if len(distinct) == 1:
        return distinct[0]
    common = "".join(
        a for a, _ in takewhile(lambda pair: pair[0] == pair[1], zip(distinct[0], distinct[-1], strict=False))
    )
    # A cue category of two digits is written with a final zero.
    return common if len(common) >= 3 else common[:2].ljust(3, "0")


# What CAMEO calls an expressed intent; PLOVER has it as the cooperative type with the auxiliary "future".
# Source: CAMEO cue category 03, Express intent to cooperate.
_INTENT: Mapping[tuple[str, str], str] = {
    ("CONSULT", ""): "036",
    ("SUPPORT", ""): "032",
    ("COOPERATE", ""): "031",
    ("AID", ""): "033",
    ("CONCEDE", ""): "035",
    ("RETREAT", ""): "035",
    ("RETREAT", "release"): "0353",
    ("RETREAT", "access"): "0355",
    ("RETREAT", "withdraw"): "0356",
    ("RETREAT", "disarm"): "0356",
    ("RETREAT", "ceasefire"): "0356",
}


def cameo(
    type: EventType, modes: Iterable[str] = (), contexts: Iterable[str] = (), auxiliary: Auxiliary | None = None
) -> str | None:
    """The most specific CAMEO code that goes with an event.

    A code with the event's mode goes before one without, then the one that names most of its contexts; where several
    codes fit alike it is the code above them, in the end the cue category's general one. CAMEO codes what happened,
    and of what is to come only intents to cooperate: None for a negated, a hypothetical and any other future event.
    """
    if auxiliary in ("negation", "hypothetical"):
        return None
    given = [mode for mode in modes if mode in types()[type].modes]
    if auxiliary == "future" and type != "AGREE":
        intents = {_INTENT[type, mode] for mode in given if (type, mode) in _INTENT}
        return _shared(intents) if intents else _INTENT.get((type, ""))
    table = _cameo()[type]
    around = frozenset(contexts)
    candidates = [c for c in table if c.mode and c.mode in given] or [c for c in table if not c.mode]
    fits = [(c.fit(around), c.code) for c in candidates]
    best = max((fit for fit, _ in fits), default=-1)
    # Where each code of the mode asks for a context that the event lacks, all of them are open.
    return _shared(code for fit, code in fits if fit == best)
