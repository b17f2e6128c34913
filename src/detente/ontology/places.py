"""Places that news names: cities, capitals, regions, seas, houses where talks are held.

Cities are GeoNames' (CC BY 4.0; `training/build_places.py` says which), the rest a table made by hand.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from detente.ontology.states import states
from detente.ontology.tables import Row, items, rows


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on the map: `lat`, `lon` in degrees (WGS 84), `country` an ISO 3166-1 alpha-3 code.

    `country` is None for the high seas and for places of several countries; `geonames` and `population` (people)
    are None where the place is no city of GeoNames.
    """

    name: str
    country: str | None
    lat: float
    lon: float
    geonames: int | None
    population: int | None


def _spot(row: Row) -> Spot:
    return Spot(
        name=row["name"],
        country=row["country"] or None,
        lat=float(row["lat"]),
        lon=float(row["lon"]),
        geonames=int(row["geonames"]) if row.get("geonames") else None,
        population=int(row["population"]) if row.get("population") else None,
    )


@cache
def _index() -> dict[str, tuple[Row, ...]]:
    # Rows stay text until they are asked for: of 20,000 places an article names a dozen.
    index: dict[str, tuple[Row, ...]] = {}
    for table in ("places", "extra_places"):
        # Cities come most populous first in their table, and before the places that have no population.
        for row in rows(table):
            names = (row["name"], *items(row["forms"])) if row["forms"] else (row["name"],)
            for name in names:
                index[name] = (*index.get(name, ()), row)
    return index


def lookup(name: str) -> list[Spot]:
    """The places of that name or spelling, most populous first; exact and case-sensitive, curly apostrophes aside."""
    return [_spot(row) for row in _index().get(name.replace("’", "'"), ())]


_SHORTEST_PLAIN = 4
_PLAIN = 5  # how many times its namesakes' inhabitants a town must have to be the one meant


def plain_country(name: str) -> str | None:
    """The country of the town that a name means anywhere, five times as populous as its namesakes abroad; else None.

    "Milan" and "Santiago" are persons' names too, so that this is for a name that stands where only a place can.
    """
    spots = lookup(name)
    first = spots[0] if spots else None
    if first is None or first.population is None or len(name) < _SHORTEST_PLAIN:
        return None
    rivals = [spot.population or 0 for spot in spots if spot.country != first.country]
    return first.country if all(first.population >= _PLAIN * rival for rival in rivals) else None


@cache
def _elsewhere() -> dict[str, str]:
    """Words that stand for a state, with its code: Lebanon is no town of Ohio."""
    return {word: state.code for state in states().values() for word in state.words()}


def forms() -> Iterator[tuple[str, Spot]]:
    """Each name and spelling once, with the most populous place that it stands for: what a finder of names looks for.

    Left out are names that as a rule mean something else (`place_words.tsv`), and the words for a state where no place
    of that name lies in it. `lookup` finds them all.
    """
    other = {row["word"] for row in rows("place_words")}
    spots: dict[int, Spot] = {}
    for name, found in _index().items():
        if name in other or (_elsewhere().get(name, found[0]["country"]) != found[0]["country"]):
            continue
        row = found[0]
        spot = spots.get(id(row)) or spots.setdefault(id(row), _spot(row))
        yield name, spot
