"""Finds the names that the tables know in a text: states, organisations, groups, bodies, persons, places.

One automaton over all tables, built at the first call. Names are compared with their case, since "May", "Turkey"
and "us" are other words without it; headlines' capitals are accepted for names of four letters and more.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any, Literal, cast

import ahocorasick

from detente.ontology import places
from detente.ontology.sectors import singular
from detente.ontology.states import states, territories
from detente.ontology.tables import Row, items, rows
from detente.ontology.text import fold

Kind = Literal[
    "state", "adjective", "people", "capital", "seat", "partial", "dependency",
    "organisation", "group", "body", "person", "surname", "place",
]  # fmt: skip

# Which kind a word is first, where it is several: a capital before the person of its name, a body ("the Pentagon",
# LEG "Capitol Hill") before the seat of a government, which tells less.
_ORDER: tuple[Kind, ...] = (
    "state", "partial", "dependency", "organisation", "group", "adjective", "people", "capital", "body", "seat",
    "person", "surname", "place",
)  # fmt: skip
_PRIORITY = {kind: rank for rank, kind in enumerate(_ORDER)}
_BODIES = {"body", "organisation", "group"}
_NATIONAL = {"state", "adjective", "people", "capital", "partial", "dependency"}
_GEOGRAPHIC = {"state", "capital", "place"}
_OFFICIAL = {"GOV", "LEG", "MIL", "JUD", "COP", "SPY", "PTY", "LAB"}
_SHORTEST_CAPITALS = 4
# Smaller towns' names are too often other words and persons' names to be read without a look at what stands around.
_CITY = 100_000


@dataclass(frozen=True, slots=True)
class Sense:
    """What a name stands for. `party` is null where it is open; `country` is the home state of a group or body."""

    kind: Kind
    party: str | None = None
    sector: str | None = None
    name: str | None = None
    country: str | None = None
    beyond: bool = False
    in_power: str | None = None

    def rules(self, on: date) -> bool:
        """Whether a group holds its country's government on that day."""
        return self.in_power is not None and any(_covers(term, on) for term in self.in_power.split("|"))


def _covers(term: str, on: date) -> bool:
    first, _, last = term.partition("/")
    # ISO dates compare as text; a year alone covers its days.
    return first <= on.isoformat() and (not last or on.isoformat()[: len(last)] <= last)


@dataclass(frozen=True, slots=True)
class Named:
    """A name in a text, characters `start` to `end` (end exclusive), with its first sense; `others` are the further.

    A group that is known beyond its country, and one of no country, is its own party; any other has its country's.
    A person's party and sector are those of the latest office in the tables: `holders.by_name` tells those of a day.
    """

    start: int
    end: int
    text: str
    kind: Kind
    party: str | None = None
    sector: str | None = None
    name: str | None = None
    country: str | None = None
    beyond: bool = False
    others: tuple[Sense, ...] = ()


def _cell(row: Row, column: str) -> list[str]:
    return items(row.get(column, ""))


def _national() -> Iterator[tuple[str, Sense]]:
    for state in states().values():
        groups: tuple[tuple[Kind, Iterable[str], str | None], ...] = (
            ("state", (state.name, *state.forms), None),
            ("adjective", state.adjectives, None),
            ("people", state.people, None),
            ("capital", state.capitals, "GOV"),
            ("seat", state.seats, "GOV"),
        )
        for kind, forms, sector in groups:
            for form in forms:
                yield form, Sense(kind, state.code, sector, state.name, state.code)
    for territory in territories():
        kind = "partial" if territory.sector == "PRE" else "dependency"
        for form in (territory.name, *territory.forms):
            yield form, Sense(kind, territory.country, territory.sector, territory.name, territory.country)
        for form in territory.adjectives:
            yield form, Sense("adjective", territory.country, territory.sector, territory.name, territory.country)
        for form in territory.people:
            yield form, Sense("people", territory.country, territory.sector, territory.name, territory.country)
    for row in _optional("peoples"):
        countries: list[str | None] = [*_cell(row, "country")]
        for country in countries or [None]:
            for form in _cell(row, "adjectives"):
                yield form, Sense("adjective", country, None, row["name"], country)
            for form in (row["name"], *_cell(row, "forms")):
                yield form, Sense("people", country, "CVL", row["name"], country)


@cache
def shared_names() -> dict[str, tuple[Kind, tuple[str, ...]]]:
    """Words that stand for one of several states, which only the page around them can tell: shared.tsv."""
    return {row["word"]: (cast(Kind, row["kind"]), tuple(items(row["countries"]))) for row in rows("shared")}


def _optional(table: str) -> tuple[Row, ...]:
    try:
        return rows(table)
    except FileNotFoundError:
        return ()


def _bodies() -> Iterator[tuple[str, Sense]]:
    for row in rows("organisations"):
        for form in (row["name"], *_cell(row, "forms")):
            yield form, Sense("organisation", row["party"], row["sector"], row["name"])
    for row in _optional("groups"):
        country, beyond = row["country"] or None, row["beyond"] == "yes"
        party = row["name"] if beyond or country is None else country
        for form in (row["name"], *_cell(row, "forms")):
            sector, in_power = row["sector"] or None, row["in_power"] or None
            yield form, Sense("group", party, sector, row["name"], country, beyond, in_power)
    for row in _optional("bodies"):
        country = row["country"] or None
        for form in (row["name"], *_cell(row, "forms")):
            yield form, Sense("body", country, row["sector"] or None, row["name"], country)
    for row in _optional("regions"):
        for form in (row["name"], *_cell(row, "forms")):
            yield form, Sense("place", row["country"], None, row["name"], row["country"])


_PARTICLES = {
    "al", "el", "de", "da", "di", "do", "dos", "du", "del", "della", "la", "le", "van", "von", "der", "den", "ter",
    "ten", "bin", "ben", "ibn", "abu", "ould", "of", "the",
}  # fmt: skip


def _bare(form: str) -> bool:
    """Whether a person's form is a last name alone: one word, with or without the particles before it."""
    *before, _ = form.split()
    return all(word.lower() in _PARTICLES for word in before)


@cache
def ambiguous() -> frozenset[str]:
    """Surnames that are ordinary words or common names, and so need the full name or a title near: ambiguous.tsv."""
    return frozenset(fold(row["word"]) for row in rows("ambiguous"))


def _persons() -> Iterator[tuple[str, Sense]]:
    latest: dict[str, Row] = {}
    forms: dict[str, dict[str, None]] = defaultdict(dict)
    for row in _optional("holders"):
        person = row["person"]
        kept = latest.get(person)
        if kept is None or (not kept["end"], kept["start"]) <= (not row["end"], row["start"]):
            latest[person] = row
        forms[person].update(dict.fromkeys((person, *_cell(row, "forms"))))
    for person, row in latest.items():
        for form in forms[person]:
            kind: Kind = "person" if form == person or not _bare(form) else "surname"
            yield form, Sense(kind, row["party"] or None, row["sector"] or None, person, row["party"] or None)


def _places() -> Iterator[tuple[str, Sense]]:
    taken = ambiguous() | _given() | {row["words"].title() for row in rows("sectors")}
    for name, spot in places.forms():
        if spot.country is None or len(name) < _SHORTEST_CAPITALS or fold(name) in taken:
            continue
        if spot.population is None or spot.population >= _CITY:
            yield name, Sense("place", spot.country, None, spot.name, spot.country)


def _spellings(form: str) -> Iterator[str]:
    plain = fold(form)
    yield plain
    if len(plain) >= _SHORTEST_CAPITALS and plain != plain.upper():
        yield plain.upper()
    if "æ" in plain or "ß" in plain or "œ" in plain:
        yield plain.replace("æ", "ae").replace("ß", "ss").replace("œ", "oe")


@cache
def _automaton() -> Any:
    senses: dict[str, list[Sense]] = defaultdict(list)
    for source in (_national, _bodies, _persons, _places):
        for form, sense in source():
            if sense.kind in {"surname", "place"} and len(form) < 2:
                continue
            for spelling in _spellings(form):
                if sense not in senses[spelling]:
                    senses[spelling].append(sense)
    automaton = ahocorasick.Automaton()
    for spelling, found in senses.items():
        if spelling.startswith("the "):
            # "the Kremlin" of one table and "Kremlin" of another are one name.
            found += [sense for sense in senses.get(spelling[4:], ()) if sense not in found]
        automaton.add_word(spelling, (len(spelling), tuple(sorted(found, key=lambda s: _PRIORITY[s.kind]))))
    automaton.make_automaton()
    return automaton


_BEFORE = re.compile(r"([^\W\d_][\w.'-]*) $")
_AFTER = re.compile(r" ([A-Z][\w'-]*)")
# Words with a capital that go before a surname without being a first name.
_NO_FIRST_NAME = {
    "a", "after", "and", "as", "at", "but", "by", "for", "from", "if", "in", "like", "on", "or", "since", "than",
    "that", "the", "then", "to", "under", "until", "when", "where", "while", "with", "mr", "mrs", "ms", "miss",
    "sir", "lord", "lady", "dame", "dr", "madame", "comrade", "monday", "tuesday", "wednesday", "thursday", "friday",
    "saturday", "sunday", "former", "ex", "although", "though", "because", "before", "both", "did", "does", "has",
    "how", "is", "it", "meanwhile", "however", "what", "who", "why", "will", "would", "today", "yesterday",
    "also", "not", "only", "even", "now", "once", "still", "earlier", "later", "said",
}  # fmt: skip


@cache
def _title_ends() -> frozenset[str]:
    ends = {row["title"].replace("-", " ").split()[-1].strip(".") for row in rows("titles")}
    return frozenset(ends | {f"{word}s" for word in ends})


_COURTESY = {"mr", "mrs", "ms", "miss", "dr", "sir", "lord", "lady", "dame"}


def _titled(before: str) -> bool:
    word = singular(before.lower().strip("."))
    return word in _title_ends() or word in _COURTESY


@cache
def _given() -> frozenset[str]:
    """Words that begin the names of at least two persons of the tables: given names, so ambiguous as surnames."""
    firsts: Counter[str] = Counter()
    for person in {row["person"] for row in _optional("holders")}:
        if " " in person:
            firsts[fold(person).split()[0]] += 1
    return frozenset(word for word, count in firsts.items() if count > 1)


def _no_first_name(word: str, senses: tuple[Sense, ...]) -> bool:
    """Whether a capitalised word before a surname leaves it bare: a title, a country, a weekday, the bearer's name."""
    lower = word.lower().strip(".")
    if lower in _NO_FIRST_NAME or _titled(word):
        return True
    if any(lower in fold(sense.name or "").lower().split() for sense in senses):
        return True
    known = _automaton().get(word, None)
    return known is not None and known[1][0].kind not in {"surname", "person", "place"}


def _bearers(
    text: str, start: int, end: int, senses: tuple[Sense, ...], full: set[str]
) -> tuple[Sense, ...]:  # fmt: skip
    """The persons whom a bare surname may name, given who is named in full; empty where it names none."""
    match = _BEFORE.search(text[max(0, start - 40) : start])
    before = match.group(1) if match else ""
    foreign = before[:1].isupper() and not before.isupper() and not before.endswith("'s")
    if foreign and not _no_first_name(before, senses):
        return ()
    behind = _AFTER.match(text[end : end + 40])
    if behind and not behind.group(1).isupper() and behind.group(1).lower() not in _NO_FIRST_NAME:
        return ()
    present = tuple(sense for sense in senses if sense.name in full)
    if present:
        return present
    spelling = text[start:end]
    if spelling in ambiguous() or spelling.title() in ambiguous() or spelling in _given():
        return senses if before and _titled(before) and before.lower().strip(".") not in _COURTESY else ()
    return senses


def _inside_word(text: str, start: int, end: int) -> bool:
    # "CAN$8" is money.
    return (start > 0 and text[start - 1].isalnum()) or (end < len(text) and (text[end].isalnum() or text[end] == "$"))


def _in_light_of(named: Named, before: Named, between: str, behind: str) -> Named:
    """A body's name read with the name before it: "Burundi's National Security Council", "Estonian Forces (EDF)"."""
    if named.kind not in _BODIES or named.text.startswith("the "):
        return named
    if between == " (" and behind == ")" and named.text.isupper() and before.kind in _BODIES:
        return replace(before, start=named.start, end=named.end, text=named.text)
    owned = between in {" ", "'s ", "' "} and before.kind in _NATIONAL and before.party is not None
    if not owned or named.kind != "body" or named.party == before.party:
        return named
    fitting = next((sense for sense in named.others if sense.party == before.party), None)
    if fitting is not None:
        return replace(
            named, kind=fitting.kind, party=fitting.party, sector=fitting.sector, name=fitting.name,
            country=fitting.country, others=(),
        )  # fmt: skip
    if named.sector in _OFFICIAL and " " in named.text:
        # A name of common words is borne by the bodies of many states.
        return replace(named, party=before.party, name=named.text, country=before.party, others=())
    return named


def _as_surname(text: str, start: int, end: int) -> bool:
    """Whether a single place name follows a given name: "Michael Jordan", "Jack London"."""
    if " " in text[start:end]:
        return False
    match = _BEFORE.search(text[max(0, start - 40) : start])
    return match is not None and match.group(1) in _given() and not _titled(match.group(1))


def find(text: str, on: date | None = None) -> list[Named]:
    """All names of the tables in the text, in order, longest first and without overlap.

    With a day, a group that then holds its country's government is that state's (the Taliban since August 2021).

    A name stands between word boundaries. A bare surname counts only without another first name before it; one
    that is an ordinary word, only where its bearer is named in full in the text or a title stands before it.
    """
    plain = fold(text)
    matches: list[tuple[int, int, tuple[Sense, ...]]] = []
    full: set[str] = set()
    for last, (size, senses) in _automaton().iter(plain):
        start = last + 1 - size
        if _inside_word(plain, start, last + 1):
            continue
        matches.append((start, -last - 1, senses))
        full.update(sense.name for sense in senses if sense.kind == "person" and sense.name)
    matches.sort(key=lambda match: match[:2])
    found: list[Named] = []
    reached = 0
    for start, negative_end, senses in matches:
        if start < reached:
            continue
        end = -negative_end
        if any(sense.kind == "surname" for sense in senses):
            bare = tuple(sense for sense in senses if sense.kind == "surname")
            rest = tuple(sense for sense in senses if sense.kind != "surname")
            bearers = _bearers(plain, start, end, bare, full)
            # Who is named in full just before is meant by the surname, even where a town has the same name.
            senses = bearers + rest if any(b.name in full for b in bearers) else rest + bearers
            if not senses:
                continue
        first = senses[0]
        if first.kind in _GEOGRAPHIC and _as_surname(plain, start, end):
            continue
        if on is not None and first.kind == "group" and first.rules(on):
            first = replace(first, party=first.country, sector="GOV")
        found.append(
            Named(
                start, end, text[start:end], first.kind, first.party, first.sector, first.name, first.country,
                first.beyond, senses[1:],
            )
        )  # fmt: skip
        if len(found) > 1:
            before = found[-2]
            found[-1] = _in_light_of(found[-1], before, plain[before.end : start], plain[end : end + 1])
        reached = end
    return found
