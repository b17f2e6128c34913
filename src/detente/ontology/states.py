"""States, their names and what stands for them in news, and entities that belong to one.

Parties of states are ISO 3166-1 alpha-3 codes; Kosovo, which has none, is XKX as GeoNames codes it. Dependencies
and partially recognised entities carry the code of a state, as PLOVER's manual has it ("Country names").
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from detente.ontology.tables import items, rows


@dataclass(frozen=True, slots=True)
class State:
    """A state. `forms` are its other names; `seats` the palaces, ministries and streets that stand for its government.

    `adjectives` go before a noun ("Russian"), `people` are nouns for its inhabitants ("Russians").
    """

    code: str
    name: str
    forms: tuple[str, ...]
    adjectives: tuple[str, ...]
    people: tuple[str, ...]
    capitals: tuple[str, ...]
    seats: tuple[str, ...]

    def words(self) -> Iterator[str]:
        """All words that stand for the state, its name first; a word can come twice ("Chinese")."""
        yield self.name
        for group in (self.forms, self.adjectives, self.people, self.capitals, self.seats):
            yield from group


@dataclass(frozen=True, slots=True)
class Territory:
    """An entity whose party is a state's code: a dependency (`sector` null) or a partially recognised one (PRE)."""

    name: str
    forms: tuple[str, ...]
    adjectives: tuple[str, ...]
    people: tuple[str, ...]
    country: str
    sector: str | None


def _cell(row: Mapping[str, str], column: str) -> tuple[str, ...]:
    return tuple(items(row.get(column, "")))


@cache
def states() -> Mapping[str, State]:
    """All states by their code, in the order of the codes. Read-only."""
    return MappingProxyType(
        {
            row["code"]: State(
                row["code"],
                row["name"],
                *(_cell(row, column) for column in ("forms", "adjectives", "people", "capital", "seats")),
            )
            for row in rows("states")
        }
    )


@cache
def territories() -> tuple[Territory, ...]:
    """Dependencies, then partially recognised entities, each with the code of the state that it is counted to."""
    return tuple(
        Territory(
            name=row["name"],
            forms=_cell(row, "forms"),
            adjectives=_cell(row, "adjectives"),
            people=_cell(row, "people"),
            country=row["country"],
            sector=row.get("sector") or None,
        )
        for table in ("dependencies", "partial")
        for row in rows(table)
    )


@cache
def _by_form() -> dict[str, State]:
    return {word: state for state in states().values() for word in state.words()}


@cache
def _territory_by_form() -> dict[str, Territory]:
    return {word: t for t in territories() for word in (t.name, *t.forms, *t.adjectives, *t.people)}


def _straight(text: str) -> str:
    # Newspapers print the apostrophe of N'Djamena or Quai d'Orsay both ways.
    return text.replace("’", "'")


def by_form(text: str) -> State | None:
    """The state that a name, adjective, people, capital or seat stands for: exact, case-sensitive; None where open."""
    return _by_form().get(_straight(text))


def territory(text: str) -> Territory | None:
    """The dependency or partially recognised entity of that name or adjective; exact and case-sensitive."""
    return _territory_by_form().get(_straight(text))
