"""What a reader of names relies on: each word means one state, and the usual ones are there."""

import re

import pytest

from detente.ontology import states as table
from detente.ontology.states import by_form, states, territories, territory


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Russia", "RUS"), ("the Soviet Union", "RUS"), ("USSR", "RUS"), ("Kremlin", "RUS"), ("Russians", "RUS"),
        ("U.S.", "USA"), ("the States", "USA"), ("Foggy Bottom", "USA"), ("Pentagon", "USA"), ("Washington", "USA"),
        ("Britain", "GBR"), ("Downing Street", "GBR"), ("Scotland", "GBR"), ("Britons", "GBR"),
        ("Kiev", "UKR"), ("Kyiv", "UKR"), ("Bankova", "UKR"), ("Yugoslavia", "SRB"), ("Burma", "MMR"), ("DRC", "COD"),
        ("UAE", "ARE"), ("Emiratis", "ARE"), ("Turks", "TUR"), ("Türkiye", "TUR"), ("West Germany", "DEU"),
        ("Élysée", "FRA"), ("Elysee", "FRA"), ("Zhongnanhai", "CHN"), ("Blue House", "KOR"), ("Holy See", "VAT"),
        ("Kosovar", "XKX"), ("Palestinians", "PSE"), ("Taipei", "TWN"), ("Hong Kong", "HKG"), ("Nigerien", "NER"),
    ],
)  # fmt: skip
def test_usual_words_stand_for_their_state(text: str, code: str) -> None:
    state = by_form(text)
    assert state is not None
    assert state.code == code


def test_apostrophes_may_be_curly() -> None:
    assert by_form("Quai d’Orsay") is states()["FRA"]
    assert by_form("Côte d’Ivoire") is states()["CIV"]


@pytest.mark.parametrize("text", ["Korea", "Korean", "us", "turkey", "the West", "Europe", "Brussels", "", "Victoria"])
def test_open_or_unknown_words_stand_for_none(text: str) -> None:
    assert by_form(text) is None


def test_no_word_stands_for_two() -> None:
    seen: dict[str, str] = {}
    for state in states().values():
        for word in state.words():
            assert seen.setdefault(word, state.code) == state.code, word
    for entity in territories():
        for word in (entity.name, *entity.forms, *entity.adjectives, *entity.people):
            assert seen.setdefault(word, entity.name) == entity.name, word


def test_rows_are_whole() -> None:
    assert len(states()) >= 197
    for state in states().values():
        assert re.fullmatch("[A-Z]{3}", state.code)
        assert state.adjectives or state.code == "DMA", state.code
    for entity in territories():
        assert entity.country in states(), entity.name
        assert entity.sector in (None, "PRE")
    assert list(states()) == sorted(states())


def test_entities_go_to_the_state_that_the_manual_names() -> None:
    named = {"Transnistria": "MDA", "Abkhazia": "GEO", "Somaliland": "SOM", "Western Sahara": "MAR"}
    for name, code in named.items():
        entity = territory(name)
        assert entity is not None
        assert (entity.country, entity.sector) == (code, "PRE")
    greenland = territory("Greenlanders")
    assert greenland is not None
    assert (greenland.country, greenland.sector) == ("DNK", None)
    assert territory("Bavaria") is None


def test_tables_cannot_be_changed_by_a_caller() -> None:
    with pytest.raises(TypeError):
        table.states()["XXX"] = None  # type: ignore[index]
