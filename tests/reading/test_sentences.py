"""Sentences told by their typography, good and bad, before anything is parsed."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.reading.sentences import dateline_ends, sentence_starts


def sentences(text: str) -> list[str]:
    starts = [*sentence_starts(text), len(text)]
    return [text[a:b].strip() for a, b in itertools.pairwise(starts)]


@pytest.mark.parametrize(
    "told",
    [
        ["Blinken met Lavrov.", "They agreed to meet again."],
        ["Who ordered it?", "Nobody knows!", "Talks go on…", "Nothing else is known."],
        ["“We will answer in kind.”", "He left at once."],
        pytest.param(
            ["He said: “No.”", "Then he left."],
        ),
        ['"We reject it," he said.', '"It is over."'],
        ["(Russia denies this.)", "Ukraine does not."],
    ],
    ids=lambda told: told[0],
)
def test_sentences_end_where_their_marks_do(told: list[str]) -> None:
    assert sentences(" ".join(told)) == told


@pytest.mark.parametrize(
    "whole",
    [
        "U.S. troops left the base.",
        "Mr. Lavrov met Gen. Milley and Dr. Amsler in St. Gallen.",
        "J. Smith of the U.N. mission spoke.",
        "On Jan. 21 they met at 10 a.m. in Geneva.",
        "The bill of $1.5 billion passed.",
        "Version 2.0 of the plan is out.",
        "“Will you attack?” asked Blinken.",
        "It comes to 3.5 percent, i.e. less than before.",
    ],
)
def test_points_within_a_sentence_end_none(whole: str) -> None:
    assert sentences(whole) == [whole]


@pytest.mark.parametrize(
    "told",
    [
        ["The talks failed.", "Russia walked out."],
        ["He spoke at 10.", "Nobody listened."],
        pytest.param(
            ["“It is over.”", "Lavrov left."],
        ),
    ],
    ids=lambda told: told[0],
)
def test_a_missing_space_runs_no_two_sentences_together(told: list[str]) -> None:
    assert sentences("".join(told)) == told


def test_lines_are_never_one_sentence() -> None:
    assert sentences("A headline without a stop\nRussia met Ukraine\n\n- an item\n") == [
        "A headline without a stop",
        "Russia met Ukraine",
        "- an item",
    ]


def test_what_follows_a_dateline_is_a_sentence_of_its_own() -> None:
    text = "KYIV, Jan. 20 (Agency) — Ukraine asked NATO for help."
    assert sentences(text)[-1] == "Ukraine asked NATO for help."
    assert [text[end:] for end in dateline_ends(text)] == ["Ukraine asked NATO for help."]


def test_no_text_has_no_sentence() -> None:
    assert sentence_starts("") == []


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet=st.sampled_from('aB .!?…\n"“”’)(—-:,1é'), max_size=60) | st.text(max_size=60))
def test_starts_are_in_order_inside_any_text(text: str) -> None:
    starts = sentence_starts(text)
    assert starts == sorted(set(starts))
    assert starts[:1] == ([0] if text else [])
    assert all(0 <= start < len(text) for start in starts)
