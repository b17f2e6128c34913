from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.ontology.names import ambiguous, find
from detente.ontology.text import fold


def spans(text: str) -> list[tuple[str, str, str | None]]:
    return [(n.text, n.kind, n.party) for n in find(text)]


def test_names_of_every_kind_with_their_party() -> None:
    text = "In Paris the Kremlin, NATO, Hamas and Gazprom met Angela Merkel, Abkhazia, Gibraltar and some Nigerians."
    assert spans(text) == [
        ("Paris", "capital", "FRA"),
        ("the Kremlin", "body", "RUS"),
        ("NATO", "organisation", "NATO"),
        ("Hamas", "group", "Hamas"),
        ("Gazprom", "body", "RUS"),
        ("Angela Merkel", "person", "DEU"),
        ("Abkhazia", "partial", "GEO"),
        ("Gibraltar", "dependency", "GBR"),
        ("Nigerians", "people", "NGA"),
    ]


def test_the_longest_name_wins_and_swallows_what_stands_in_it() -> None:
    assert spans("the UN Security Council and the Russian Orthodox Church") == [
        ("UN Security Council", "organisation", "UN"),
        ("Russian Orthodox Church", "body", "RUS"),
    ]
    assert spans("Nigeria, Niger; Guinea-Bissau") == [
        ("Nigeria", "state", "NGA"),
        ("Niger", "state", "NER"),
        ("Guinea-Bissau", "state", "GNB"),
    ]


def test_names_stand_between_word_boundaries() -> None:
    assert spans("Malians, Iranlike, Chadlike, USAF2") == [("Malians", "people", "MLI")]
    assert spans("Russia-backed forces and Iran's army") == [("Russia", "state", "RUS"), ("Iran", "state", "IRN")]


def test_case_tells_names_from_words_but_headlines_may_shout() -> None:
    assert spans("we told us who may turkey") == []
    assert spans("CANBERRA (Reuters)")[0] == ("CANBERRA", "capital", "AUS")
    assert spans("WASHINGTON – RUSSIA")[1] == ("RUSSIA", "state", "RUS")


def test_accents_apostrophes_and_line_breaks_do_not_matter_and_offsets_stay_exact() -> None:
    text = "Éthiopie… Côte d’Ivoire, Cote d'Ivoire and the North\nAtlantic Alliance"
    found = find(text)
    assert [n.party for n in found] == ["CIV", "CIV", "NATO"]
    assert all(text[n.start : n.end] == n.text for n in found)


def test_a_bare_surname_is_its_bearer_but_not_another_person_of_that_name() -> None:
    assert spans("Lavrov said") == [("Lavrov", "surname", "RUS")]
    assert spans("President Putin said") == [("Putin", "surname", "RUS")]
    assert [n.name for n in find("Michelle Obama spoke")] == []
    assert [n.name for n in find("Simon McDonald spoke")] == []


def test_a_surname_that_is_a_word_needs_a_title_or_the_full_name() -> None:
    assert "May" in ambiguous()
    assert find("May is a month") == []
    assert [n.name for n in find("Prime Minister May said")] == ["Theresa May"]
    assert [n.name for n in find("Theresa May spoke. Later May said no.")] == ["Theresa May", "Theresa May"]


def test_a_name_of_several_bodies_keeps_all_its_senses() -> None:
    congress = find("Congress")[0]
    assert congress.party == "USA"
    assert "IND" in {sense.party for sense in congress.others}


def test_a_group_in_power_is_the_state_on_those_days() -> None:
    assert find("Taliban", date(2015, 1, 1))[0].party == "Taliban"
    assert find("Taliban", date(2022, 6, 1))[0].party == "AFG"


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=80))
def test_folding_keeps_the_length_and_finding_keeps_order_and_words(text: str) -> None:
    assert len(fold(text)) == len(text)
    reached = 0
    for named in find(f"Iran {text} the UN"):
        assert named.start >= reached
        reached = named.end


@pytest.mark.parametrize("text", ["", "   ", "\x00", "…"])
def test_nothing_in_nothing(text: str) -> None:
    assert find(text) == []


def test_a_body_of_many_states_is_that_of_the_state_before_it() -> None:
    assert [n.party for n in find("Burundi's National Security Council")] == ["BDI", "BDI"]
    assert [n.party for n in find("the Ghanaian National Guard")] == ["GHA", "GHA"]
    assert [n.party for n in find("Estonian Defence Forces (EDF)")] == ["EST", "EST"]
    assert [n.party for n in find("the French EDF")] == ["FRA", "FRA"]


def test_money_and_months_are_no_names() -> None:
    assert find("on March 8 for CAN$8 million") == []


def test_a_place_after_a_given_name_is_a_surname() -> None:
    assert find("Michael Jordan played") == []
    assert [n.party for n in find("King Abdullah of Jordan; Jordan")][-2:] == ["JOR", "JOR"]
