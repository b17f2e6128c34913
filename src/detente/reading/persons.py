"""Persons at a day: what a name, a misspelt name or a bare surname resolves to, from the tables of office holders."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from rapidfuzz import fuzz, process

from detente.ontology.holders import Holding, by_name, by_surname, holdings
from detente.ontology.sectors import Title, title_of
from detente.ontology.states import states
from detente.ontology.text import fold

# Whoever left one of these belongs to the elite: "former government officials" (PLOVER manual, ELI).
OFFICIAL = {"GOV", "MIL", "LEG", "JUD", "COP", "SPY", "PTY", "ELI"}
_CLOSE_ENOUGH = 92  # ratio of rapidfuzz at which a long personal name is taken for a misspelt one of the tables
_LONG_NAME = 10
# Who takes up the next office of a sector within this time has not left it: a general between two commands.
_GAP = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Clue:
    """What a reading of the mention came to."""

    party: str | None = None
    sector: str | None = None
    name: str | None = None
    role: str | None = None


@cache
def _full_names() -> dict[str, str]:
    return {
        fold(form).lower(): holding.person
        for holding in holdings()
        for form in (holding.person, *holding.forms)
        if len(form) >= _LONG_NAME and " " in form
    }


def sector_of_holding(holding: Holding) -> str:
    """The holding's sector; REL for the heads of churches, also where a state goes with the office (the pope)."""
    title = title_of(holding.office)
    return "REL" if title is not None and title.sector == "REL" else holding.sector


def is_state(party: str | None) -> bool:
    """Whether a party is a state's code and no organisation or group."""
    return party is not None and party in states()


def person_on(name: str, on: date | None) -> Clue:
    """A person of the tables on a day: in office, or after all offices among the elite."""
    own = [h for h in by_name(name, on) if h.person == name]
    if not own:
        return Clue(name=name)
    if on is None:
        current = next((h for h in own if h.end is None), own[0])
        return Clue(current.party, sector_of_holding(current), name, current.office)
    active = [h for h in own if h.active(on)]
    if active:
        # A legislator who also sits in the cabinet acts as the latter.
        first = next((h for h in active if h.sector != "LEG"), active[0])
        return Clue(first.party, sector_of_holding(first), name, first.office)
    begun = [h for h in own if h.start <= on]
    if not begun:
        return Clue(own[0].party, None, name, None)
    # The nearest comes first; who served an organisation is still of a state where the tables know one.
    last = next((h for h in begun if is_state(h.party)), begun[0])
    soon = next((h for h in own if on < h.start <= on + _GAP and h.sector == last.sector), None)
    if soon is not None:
        return Clue(last.party, sector_of_holding(last), name, None)
    sector = "ELI" if last.sector in OFFICIAL or last.sector == "IGO" else sector_of_holding(last)
    return Clue(last.party, sector, name, f"former {last.office}")


def similar(text: str) -> str | None:
    """The person whose long name a mention misspells; None where none is close enough."""
    if len(text) < _LONG_NAME or " " not in text:
        return None
    found = process.extractOne(fold(text).lower(), _full_names().keys(), scorer=fuzz.ratio, score_cutoff=_CLOSE_ENOUGH)
    return _full_names()[found[0]] if found else None


def bearer_of(called: str, title: Title | None, party: str | None, on: date) -> Holding | None:
    """Who in office on the day is called by that surname alone; None where several are, or none of such an office."""
    if not called[:1].isupper() or " " in called:
        return None
    active = [h for h in by_surname(called, on) if h.active(on) and party in {h.party, None}]
    if title is not None:
        active = [h for h in active if h.sector == title.sector and title.office == kind_of(h.office)]
    return active[0] if active and len({h.person for h in active}) == 1 else None


def kind_of(office: str) -> str:
    """The office that an office's own title names: foreign minister for a secretary of state."""
    title = title_of(office.removeprefix("former "))
    return title.office if title else office
