"""The overlay of repairs: what is parsed, and the way back to the page's own characters."""

from hypothesis import given, settings
from hypothesis import strategies as st

from detente.model import Repair
from detente.reading.overlay import Overlay

TEXT = "Antony Blink (HOW) met Lavrov."


def mend(start: int, end: int, now: str, text: str = TEXT) -> Repair:
    return Repair(start=start, end=end, was=text[start:end], now=now, kind="name", reason="a test")


BLINKEN = mend(0, 12, "Antony Blinken")
ARTIFACT = mend(13, 19, "")


def test_without_repairs_the_text_is_parsed_as_it_stands() -> None:
    overlay = Overlay(TEXT)
    assert overlay.mended == TEXT
    assert overlay.source(7, 12) == (7, 12)


def test_repairs_are_laid_over_the_text_and_change_nothing_of_it() -> None:
    overlay = Overlay(TEXT, [ARTIFACT, BLINKEN])
    assert overlay.mended == "Antony Blinken met Lavrov."
    assert overlay.text == TEXT


def test_what_follows_a_repair_leads_back_to_its_own_characters() -> None:
    overlay = Overlay(TEXT, [BLINKEN, ARTIFACT])
    at = overlay.mended.index("Lavrov")
    start, end = overlay.source(at, at + 6)
    assert TEXT[start:end] == "Lavrov"


def test_any_part_of_a_mended_name_leads_back_to_the_whole_garbled_name() -> None:
    overlay = Overlay(TEXT, [BLINKEN])
    for start, end in ((0, 14), (0, 6), (7, 14), (9, 10)):
        assert TEXT[slice(*overlay.source(start, end))] == "Antony Blink"


def test_a_stretch_over_a_dropped_artifact_holds_it_in_the_source() -> None:
    overlay = Overlay(TEXT, [BLINKEN, ARTIFACT])
    assert TEXT[slice(*overlay.source(0, overlay.mended.index(" Lavrov")))] == "Antony Blink (HOW) met"


def test_of_two_repairs_of_one_place_the_first_is_kept() -> None:
    overlay = Overlay(TEXT, [BLINKEN, mend(7, 12, "Sergei")])
    assert overlay.mended == "Antony Blinken (HOW) met Lavrov."


def test_a_repair_at_either_end() -> None:
    text = "Blink met Lavro"
    overlay = Overlay(text, [mend(0, 5, "Blinken", text), mend(10, 15, "Lavrov", text)])
    assert overlay.mended == "Blinken met Lavrov"
    assert overlay.source(0, len(overlay.mended)) == (0, len(text))
    assert text[slice(*overlay.source(8, 11))] == "met"


def test_the_empty_text() -> None:
    assert Overlay("").mended == ""
    assert Overlay("").source(0, 0) == (0, 0)


@st.composite
def _mended(draw: st.DrawFn) -> tuple[str, list[Repair]]:
    text = draw(st.text(min_size=1, max_size=40))
    places = draw(st.lists(st.tuples(st.integers(0, len(text)), st.integers(0, 6), st.text(max_size=6)), max_size=5))
    return text, [mend(s, min(s + n, len(text)), now, text) for s, n, now in places if s < len(text) and n]


@settings(max_examples=400, deadline=None)
@given(_mended(), st.data())
def test_any_stretch_leads_back_inside_the_text_and_in_order(
    given_text: tuple[str, list[Repair]], data: st.DataObject
) -> None:
    text, repairs = given_text
    overlay = Overlay(text, repairs)
    start = data.draw(st.integers(0, len(overlay.mended)))
    end = data.draw(st.integers(start, len(overlay.mended)))
    first, last = overlay.source(start, end)
    assert 0 <= first <= last <= len(text)
    # A wider stretch of the mended text never comes from a narrower one of the source.
    assert overlay.source(0, end)[1] >= last or start == end


@settings(max_examples=200, deadline=None)
@given(_mended())
def test_every_character_that_no_repair_touches_leads_back_to_itself(given_text: tuple[str, list[Repair]]) -> None:
    text, repairs = given_text
    overlay = Overlay(text, repairs)
    touched = {i for r in repairs for i in range(r.start, r.end)}
    for at, letter in enumerate(overlay.mended):
        first, last = overlay.source(at, at + 1)
        if last - first == 1 and first not in touched:
            assert text[first] == letter
