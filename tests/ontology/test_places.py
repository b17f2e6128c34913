"""That the places of diplomacy are found where they are."""

import math
import subprocess
import sys

import pytest

from detente.ontology.places import Spot, forms, lookup
from detente.ontology.states import states, territories
from detente.ontology.tables import rows


def kilometres(a: Spot, b: Spot) -> float:
    """Great-circle distance."""
    lat1, lon1, lat2, lon2 = map(math.radians, (a.lat, a.lon, b.lat, b.lon))
    half = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 12742 * math.asin(math.sqrt(half))


@pytest.mark.parametrize(
    ("name", "country"),
    [
        ("Geneva", "CHE"), ("Vienna", "AUT"), ("Brussels", "BEL"), ("The Hague", "NLD"), ("Kyiv", "UKR"),
        ("Kiev", "UKR"),
        ("Davos", "CHE"), ("Camp David", "USA"), ("Donetsk", "UKR"), ("Lugansk", "UKR"), ("Gaza", "PSE"),
        ("Gaza Strip", "PSE"), ("Sharm el-Sheikh", "EGY"), ("Raqqa", "SYR"), ("Idlib", "SYR"), ("Donbas", "UKR"),
        ("Crimea", "UKR"), ("Xinjiang", "CHN"), ("Tigray", "ETH"), ("Darfur", "SDN"), ("Panmunjom", "KOR"),
        ("Bakhmut", "UKR"), ("Sana'a", "YEM"), ("Sana’a", "YEM"), ("São Paulo", "BRA"), ("Sao Paulo", "BRA"),
        ("New York", "USA"), ("Washington", "USA"), ("Bombay", "IND"), ("Pristina", "XKX"), ("Nuuk", "GRL"),
        ("Strait of Hormuz", None), ("South China Sea", None), ("Kashmir", None),
    ],
)  # fmt: skip
def test_a_usual_name_is_found_in_its_country(name: str, country: str | None) -> None:
    assert lookup(name)[0].country == country


def test_the_most_populous_place_comes_first() -> None:
    tripolis = lookup("Tripoli")
    assert [spot.country for spot in tripolis][:2] == ["LBY", "LBN"]
    sizes = [spot.population or 0 for spot in lookup("Washington")]
    assert sizes == sorted(sizes, reverse=True)


def test_a_city_carries_its_geonames_id_and_a_region_none() -> None:
    geneva = lookup("Geneva")[0]
    assert geneva.geonames == 2660646
    assert (round(geneva.lat, 1), round(geneva.lon, 1)) == (46.2, 6.1)
    assert lookup("Donbas")[0].geonames is None


def test_unknown_names_give_nothing() -> None:
    assert lookup("Middle-earth") == []
    assert lookup("") == []
    assert lookup("geneva") == []


def test_every_capital_is_a_place_of_its_state() -> None:
    for state in states().values():
        if state.capitals:
            known = {spot.country for capital in state.capitals for spot in lookup(capital)}
            assert state.code in known, state.code


def test_every_place_is_on_the_globe_and_in_a_country_that_exists() -> None:
    codes = set(states()) | {
        row["source"][11:14] for row in rows("dependencies") if row["source"].startswith("ISO 3166-1 ")
    }
    codes |= {"ESH", "ATA"}
    assert territories()
    for _, spot in forms():
        assert -90 <= spot.lat <= 90
        assert -180 <= spot.lon <= 180
        assert spot.country is None or spot.country in codes, spot


def test_places_made_by_hand_lie_by_cities_of_their_country() -> None:
    cities = [spot for _, spot in forms() if spot.geonames]
    # Islands and wildernesses, whose own country's cities are far away.
    remote = {"Rarotonga", "Falkland Islands", "Svalbard", "Greenland", "Chagos Islands"}
    remote |= {"Antarctica", "Chukotka", "Kuril Islands", "Pine Gap", "Socotra", "Manus Island"}
    for row in rows("extra_places"):
        spot = next(s for s in lookup(row["name"]) if s.geonames is None)
        if spot.country and spot.name not in remote:
            nearest = min(kilometres(spot, city) for city in cities if city.country == spot.country)
            assert nearest < 500, spot


def test_no_place_made_by_hand_comes_twice() -> None:
    names = [row["name"] for row in rows("extra_places")]
    assert len(names) == len(set(names))
    assert len(names) >= 150


def test_forms_give_each_name_once_with_its_largest_place() -> None:
    found = list(forms())
    names = [name for name, _ in found]
    assert len(names) == len(set(names))
    assert dict(found)["Tripoli"].country == "LBY"


def test_forms_leave_out_what_means_something_else() -> None:
    found = dict(forms())
    for name in ("Police", "Of", "Union", "Bush", "Lebanon", "Jordan"):
        assert lookup(name), name
        assert name not in found
    assert found["Mexico City"].country == "MEX"
    assert found["Singapore"].country == "SGP"


def test_the_index_loads_fast() -> None:
    # 150 ms is the aim on a quiet machine; the bound leaves room for a busy one.
    code = (
        "import time; from detente.ontology import places; began = time.perf_counter(); "
        "places.lookup('Geneva'); print(time.perf_counter() - began)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert float(run.stdout) < 0.6
