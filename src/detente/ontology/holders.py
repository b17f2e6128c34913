"""Who held which office when, by name, surname or office and day.

Dates may be coarse in the tables: a start of a year or month is its first day, an end its last.
"""

import calendar
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from anyascii import anyascii

from detente.ontology.tables import Row, items, rows

# A former or coming holder is still named by the surname alone in news near the term.
NEAR = timedelta(days=3 * 365)
# Two terms that overlap by less are a handover with a coarse date, those that overlap longer an office of several.
HANDOVER = timedelta(days=366)
_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")
# Words that belong to the surname that they stand before, and that news may leave off: van der Bellen, al-Sisi.
_PARTICLES = frozenset(
    [
        "al",
        "el",
        "de",
        "da",
        "di",
        "do",
        "dos",
        "du",
        "del",
        "della",
        "la",
        "le",
        "van",
        "von",
        "der",
        "den",
        "ter",
        "ten",
    ]
)
# Words without which the name is another's: bin Salman is not Salman.
_PATRONYMICS = frozenset(["bin", "bint", "ibn", "ben", "abu", "ould"])


@dataclass(frozen=True, slots=True)
class Holding:
    """A person's term in an office; `end`, inclusive, is None while it lasts.

    `party` is a state's ISO 3166-1 alpha-3 code or an organisation's acronym; `office` the title in lower case;
    `sector` a PLOVER sector or IGO.
    """

    person: str
    forms: tuple[str, ...]
    party: str
    office: str
    body: str | None
    sector: str
    start: date
    end: date | None

    def active(self, on: date) -> bool:
        """Whether the term covers the day."""
        return self.start <= on and (self.end is None or on <= self.end)

    def distance(self, on: date) -> timedelta:
        """How far the day is from the term; zero within it."""
        if self.active(on):
            return timedelta(0)
        return self.start - on if on < self.start else on - (self.end or on)


def first_day(text: str) -> date:
    """The first day of a day, month or year in ISO form. Raises ValueError for anything else."""
    year, month, day = _parts(text)
    return date(year, month or 1, day or 1)


def last_day(text: str) -> date:
    """The last day of a day, month or year in ISO form. Raises ValueError for anything else."""
    year, month, day = _parts(text)
    month = month or 12
    return date(year, month, day or calendar.monthrange(year, month)[1])


def _parts(text: str) -> tuple[int, int | None, int | None]:
    match = _DATE.fullmatch(text)
    if match is None:
        raise ValueError(f"not a year, month or day in ISO form: {text!r}")
    year, month, day = match.groups()
    return int(year), int(month) if month else None, int(day) if day else None


def parse(row: Row) -> Holding:
    """A row of the table as a holding. Raises ValueError where a date is none or the end lies before the start."""
    holding = Holding(
        person=row["person"],
        forms=tuple(items(row["forms"])),
        party=row["party"],
        office=row["office"],
        body=row["body"] or None,
        sector=row["sector"],
        start=first_day(row["start"]),
        end=last_day(row["end"]) if row["end"] else None,
    )
    if holding.end is not None and holding.end < holding.start:
        raise ValueError(f"{holding.person}, {holding.office}: ends before it starts")
    return holding


@cache
def holdings() -> tuple[Holding, ...]:
    """All holdings, in the order of the tables."""
    return tuple(parse(row) for row in rows("holders"))


@cache
def fold(name: str) -> str:
    """A name as it is compared: without accents, case, and the marks that spellings differ in."""
    return " ".join(re.sub(r"[^\w\s]+", " ", anyascii(name.replace("’", "'")).replace("'", "")).lower().split())


def _last_names(name: str) -> tuple[str, ...]:
    """The folded last name, with the particles that stand before it and, where that is the same person, without."""
    words = fold(name).split()
    if not words:
        return ()
    start = len(words) - 1
    while start > 0 and (words[start - 1] in _PARTICLES or words[start - 1] in _PATRONYMICS):
        start -= 1
    whole = " ".join(words[start:])
    return (whole,) if words[start] in _PATRONYMICS else (whole, words[-1])


def _called(holding: Holding) -> Iterable[str]:
    for name in (holding.person, *holding.forms):
        yield from _last_names(name)


def _index(keys: Iterable[tuple[str, Holding]]) -> dict[str, tuple[Holding, ...]]:
    index: dict[str, dict[Holding, None]] = {}
    for key, holding in keys:
        index.setdefault(key, {})[holding] = None
    return {key: tuple(found) for key, found in index.items()}


@cache
def _by_name() -> dict[str, tuple[Holding, ...]]:
    return _index((fold(name), h) for h in holdings() for name in (h.person, *h.forms))


@cache
def _by_surname() -> dict[str, tuple[Holding, ...]]:
    return _index((name, h) for h in holdings() for name in _called(h))


@cache
def _titles() -> dict[str, Row]:
    return {row["title"]: row for row in rows("titles")}


def _kind(office: str) -> str:
    """The office that a title names: foreign minister for a secretary of state."""
    row = _titles().get(office)
    return row["office"] if row else office


def _rank(holding: Holding) -> int:
    row = _titles().get(holding.office)
    return {"leader": 0, "minister": 1}.get(row["level"] if row else "", 2)


@cache
def _by_office() -> dict[tuple[str, str], tuple[Holding, ...]]:
    index: dict[tuple[str, str], dict[Holding, None]] = {}
    for holding in holdings():
        index.setdefault((holding.office, holding.party), {})[holding] = None
        # Marked apart, so that an office's own title goes before one of its kind.
        index.setdefault(("=" + _kind(holding.office), holding.party), {})[holding] = None
    return {key: tuple(found) for key, found in index.items()}


def _nearest_first(found: Iterable[Holding], on: date | None) -> list[Holding]:
    # Of several offices held at once news names the highest, then the one taken up last.
    if on is None:
        return sorted(found, key=lambda h: (-h.start.toordinal(), _rank(h)))
    return sorted(found, key=lambda h: (h.distance(on), _rank(h), -h.start.toordinal()))


def by_name(name: str, on: date | None = None) -> list[Holding]:
    """The holdings of who bears that full name or form; case, accents and hyphens do not matter.

    Those that cover the day come first, then the nearest in time; without a day the latest first. A form that several
    persons share (Bush, Kim) gives the holdings of them all.
    """
    return _nearest_first(_by_name().get(fold(name), ()), on)


def by_office(office: str, party: str, on: date) -> Holding | None:
    """Who held the office on the day; at a handover who came.

    An office of that very title goes before one of its kind, as `titles.tsv` has them (foreign minister finds a
    secretary of state). None where no one is known, or where several hold it at once (ambassador, commissioner).
    """
    office = office.lower()
    for key in (office, "=" + _kind(office)):
        active = sorted((h for h in _by_office().get((key, party), ()) if h.active(on)), key=lambda h: h.start)
        if active:
            last = active[-1]
            others = [h for h in active[:-1] if h.person != last.person]
            several = any(h.start == last.start or h.end is None or h.end - last.start > HANDOVER for h in others)
            return None if several else last
    return None


def by_surname(surname: str, on: date) -> list[Holding]:
    """The holdings, within three years of the day, of persons with that last name or short form; nearest first."""
    index = _by_surname()
    found = next((index[name] for name in _last_names(surname) if name in index), ())
    return _nearest_first((h for h in found if h.distance(on) <= NEAR), on)
