import pytest

from detente.ontology.names import find
from detente.ontology.states import states
from detente.ontology.tables import items, rows


@pytest.mark.parametrize(
    ("text", "party", "sector"),
    [
        ("North Atlantic Alliance", "NATO", "IGO"),
        ("UN Security Council", "UN", "IGO"),
        ("European Commission", "EU", "IGO"),
        ("Organization for Security and Cooperation in Europe", "OSCE", "IGO"),
        ("Ecowas", "ECOWAS", "IGO"),
        ("League of Arab States", "Arab League", "IGO"),
        ("International Atomic Energy Agency", "IAEA", "IGO"),
        ("World Bank", "World Bank", "IGO"),
        ("Doctors Without Borders", "MSF", "NGO"),
        ("Amnesty International", "Amnesty International", "NGO"),
    ],
)
def test_an_organisation_by_any_of_its_names(text: str, party: str, sector: str) -> None:
    (named,) = find(text)
    assert (named.kind, named.party, named.sector) == ("organisation", party, sector)


@pytest.mark.parametrize(
    ("text", "country", "sector"),
    [
        ("Riigikogu", "EST", "LEG"),
        ("Verkhovna Rada", "UKR", "LEG"),
        ("Lok Sabha", "IND", "LEG"),
        ("Mossad", "ISR", "SPY"),
        ("Inter-Services Intelligence", "PAK", "SPY"),
        ("SANDF", "ZAF", "MIL"),
        ("Revolutionary Guards", "IRN", "MIL"),
        ("Scotland Yard", "GBR", "COP"),
        ("USAID", "USA", "GOV"),
        ("Xinhua", "CHN", "GOV"),
        ("Le Monde", "FRA", "JRN"),
        ("ZANU-PF", "ZWE", "PTY"),
        ("University of Nairobi", "KEN", "EDU"),
        ("Petrobras", "BRA", "BUS"),
        ("Histadrut", "ISR", "LAB"),
        ("Russian Orthodox Church", "RUS", "REL"),
    ],
)
def test_a_body_with_its_country_and_sector(text: str, country: str, sector: str) -> None:
    (named,) = find(text)
    assert (named.party, named.sector) == (country, sector)


def test_tables_are_wide_and_sound() -> None:
    organisations, bodies = rows("organisations"), rows("bodies")
    assert len({row["party"] for row in organisations}) >= 150
    assert len(bodies) >= 900
    assert {row["sector"] for row in organisations} <= {"IGO", "NGO", "REL"}
    assert {row["country"] for row in bodies} <= set(states()) | {""}
    assert len({row["country"] for row in bodies}) >= 150
    assert all(row["source"] for row in (*organisations, *bodies, *rows("peoples"), *rows("regions")))
    homes = {home for row in (*rows("peoples"), *rows("regions")) for home in row["country"].split("|")}
    assert homes <= set(states()) | {""}


def test_no_body_stands_twice_for_one_country() -> None:
    keys = [(form, row["country"]) for row in rows("bodies") for form in {row["name"], *items(row["forms"])}]
    doubled = {key for key in keys if keys.count(key) > 1} if len(keys) != len(set(keys)) else set()
    assert not doubled
