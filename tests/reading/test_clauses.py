"""What the classifier is shown of a sentence: one clause, with its parties in its words."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.intake import article_from_text
from detente.reading.clauses import clauses
from detente.reading.draft import Draft
from detente.reading.pipeline import STEPS


def drafted(text: str) -> Draft:
    draft = Draft(article=article_from_text(text, title=None, url=None, published=None), published=date(2012, 12, 1))
    for name, step in STEPS:
        if name == "events" or draft.unread is not None:
            break
        step(draft)
    return draft


def shown(text: str) -> dict[str, list[tuple[str, str | None, str | None]]]:
    """By trigger: the words shown, and of them the actor's and the recipient's, for each pair."""
    found: dict[str, list[tuple[str, str | None, str | None]]] = {}
    for clause in clauses(drafted(text), set()):
        for _, _, (words, actor, recipient) in clause.pairs:
            marked = [words[slice(*span)] if span else None for span in (actor, recipient)]
            found.setdefault(clause.trigger.text, []).append((words, marked[0], marked[1]))
    return found


def test_each_of_two_acts_is_shown_alone() -> None:
    found = shown("Uganda rejects the findings of the panel, and Kenya has recalled its envoy to Rwanda.")
    assert "Kenya" not in found["rejects"][0][0]
    assert "Uganda" not in found["recalled"][0][0]
    assert found["recalled"][0][1] == "Kenya"


def test_a_pronoun_is_shown_by_the_name_that_it_stands_for() -> None:
    found = shown("Uganda rejects the findings. It has threatened Rwanda with war.")
    assert found["threatened"][0] == ("Uganda has threatened Rwanda with war.", "Uganda", "Rwanda")


def test_a_subject_that_stands_elsewhere_leads() -> None:
    found = shown("Peru closed its embassy in Quito and expelled two Ecuadorean diplomats.")
    words, actor, recipient = found["expelled"][0]
    assert words.startswith("Peru expelled")
    assert (actor, recipient) == ("Peru", "two Ecuadorean diplomats")


def test_of_a_passive_without_its_doer_the_sufferer_is_marked() -> None:
    found = shown("Guinea was suspended from the African Union on Friday.")
    assert found["suspended"][0][1:] == ("the African Union", "Guinea")
    assert found["suspended"][-1][1:] == (None, "Guinea")


def test_a_noun_with_its_doers() -> None:
    found = shown("Talks between Sudan and Chad opened in Tripoli.")
    assert found["Talks"][0][1] == "Sudan"


@pytest.mark.parametrize("text", ["The weather was fine.", "Nobody knows.", "“Why?”", "-", "1. 2. 3."])
def test_where_no_party_acts_nothing_is_shown(text: str) -> None:
    assert not shown(text)


WORDS = (
    "Russia accused Ukraine of shelling , it said was by talks between and the ministers both countries . “ ” if that"
)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from([*WORDS.split(), "which", "has", "not"]), min_size=1, max_size=30))
def test_marks_lie_within_the_words_shown(words: list[str]) -> None:
    for clause in clauses(drafted(" ".join(words)), set()):
        for actors, recipients, (text, actor, recipient) in clause.pairs:
            assert (actor is not None) == bool(actors)
            assert (recipient is not None) == bool(recipients)
            for span in filter(None, (actor, recipient)):
                assert 0 <= span[0] < span[1] <= len(text)
