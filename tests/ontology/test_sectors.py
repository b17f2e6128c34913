import pytest

from detente.ontology.sectors import roles, sector_of, singular, title_of, titles
from detente.ontology.tables import rows

SECTORS = {
    "COP", "GOV", "JUD", "LEG", "MIL", "PRM", "PTY", "REB", "SPY", "UAF", "AGR", "BUS", "CRM", "CVL", "EDU", "ELI",
    "JRN", "LAB", "MED", "REF", "OPP", "PRE", "REL", "SOC", "NGO", "IGO",
}  # fmt: skip


@pytest.mark.parametrize(
    ("phrase", "sector"),
    [
        ("the Syrian rebels", "REB"),
        ("an opposition lawmaker", "LEG"),
        ("army spokesman", "MIL"),
        ("police officers", "COP"),
        ("former intelligence chiefs", "SPY"),
        ("migrant workers", "CVL"),
        ("factory workers", "LAB"),
        ("university students", "EDU"),
        ("hospital director", "MED"),
        ("antiwar protesters", "OPP"),
        ("military intelligence agency", "SPY"),
        ("opposition leader", "OPP"),
        ("rebel spokesman", "REB"),
        ("policemen", "COP"),
        ("masked gunmen", "UAF"),
        ("drug-trafficking gangs", "CRM"),
        ("attorneys general", "JUD"),
        ("members of parliament", "LEG"),
    ],
)
def test_sector_of_a_phrase(phrase: str, sector: str) -> None:
    assert sector_of(phrase) == sector


def test_words_that_tell_no_sector_tell_none() -> None:
    assert sector_of("three large green things") is None
    assert title_of("the weather") is None


@pytest.mark.parametrize(
    ("phrase", "office", "sector", "level"),
    [
        ("U.S. Secretary of State", "foreign minister", "GOV", "minister"),
        ("Foreign Secretary", "foreign minister", "GOV", "minister"),
        ("external affairs chief", "foreign minister", "GOV", "minister"),
        ("the prime ministers", "prime minister", "GOV", "leader"),
        ("Lt. Gen.", "general", "MIL", "official"),
        ("Deputy Minister of Defense Colonel-General", "deputy defence minister", "GOV", "official"),
        ("permanent secretary", "deputy minister", "GOV", "official"),
        ("chargé d’affaires", "ambassador", "GOV", "official"),
    ],
)
def test_title_of_a_phrase(phrase: str, office: str, sector: str, level: str) -> None:
    title = title_of(phrase)
    assert title is not None
    assert (title.office, title.sector, title.level) == (office, sector, level)


def test_offsets_of_roles_and_titles_count_the_phrase() -> None:
    phrase = "the Défense Minister and two border guards"
    assert [phrase[t.start : t.end] for t in titles(phrase)] == ["Défense Minister"]
    assert phrase[roles(phrase)[-1].start : roles(phrase)[-1].end] == "border guards"


def test_singulars() -> None:
    assert [singular(w) for w in ("parties", "churches", "gunmen", "police", "rebels", "census")] == [
        "party", "church", "gunman", "police", "rebel", "census",
    ]  # fmt: skip


def test_tables_hold_known_sectors_levels_and_no_word_twice() -> None:
    table = rows("sectors")
    assert len(table) >= 400
    assert {row["sector"] for row in table} <= SECTORS
    assert {row["rank"] for row in table} <= {"1", "2", "3"}
    assert len({row["words"] for row in table}) == len(table)
    offices = rows("titles")
    assert {row["sector"] for row in offices} <= SECTORS
    assert {row["level"] for row in offices} == {"leader", "minister", "official"}
    assert len({row["title"] for row in offices}) == len(offices)
    assert all(row["source"] for row in (*table, *offices))
