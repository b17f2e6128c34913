"""What changed between two versions of a page, where, and whether the page says why."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.intake.revisions import difference

OLD = (
    "Envoys of Chad and Sudan met in Doha on Monday.\n\n"
    "They agreed to reopen the border in 30 days. Qatar will send observers.\n\n"
    "Talks go on next week."
)
WORDS = [
    "Talks opened.",
    "Envoys left at dawn.",
    "Chad and Sudan signed.",
    "\n\n",
    "  ",
    "“We agree,” she said.",
    "…",
    "30",
]
a_text = st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join) | st.text(max_size=120)


def told(old: str, new: str) -> list[tuple[str, str | None, str | None]]:
    return [
        (c.kind, old[slice(*c.old)] if c.old else None, new[slice(*c.new)] if c.new else None)
        for c in difference(old, new).changes
    ]


def test_added_gone_and_changed_with_their_places() -> None:
    new = (
        "Envoys of Chad and Sudan met in Doha on Monday.\n\n"
        "They agreed to reopen the border in 60 days.\n\n"
        "Talks go on next week. Libya asked to join them."
    )
    assert told(OLD, new) == [
        ("changed", "They agreed to reopen the border in 30 days.", "They agreed to reopen the border in 60 days."),
        ("gone", "Qatar will send observers.", None),
        ("added", None, "Libya asked to join them."),
    ]


def test_white_space_is_no_change() -> None:
    assert told(OLD, OLD.replace("\n\n", "\n").replace("Monday.", "Monday. ")) == []


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Correction: the border reopens in 60 days, not 30.", "correction"),
        ("An earlier version of this article gave a wrong number of days.", "correction"),
        ("This article was amended on 4 May to give the right number.", "correction"),
        ("Editor’s note: the third paragraph was corrected.", "correction"),
        ("(Corrects number of days in second paragraph)", "correction"),
        ("UPDATE 2- Adds reaction from Libya.", "update"),
        ("(Updates with quotes, background)", "update"),
        ("This is a developing story.", "update"),
        ("Update: Libya has joined the talks.", "update"),
        ("Libya said that a correction of the map was owed.", None),
        ("The ministry issued an update on the border.", None),
        ("Corrections officers guard the delegates at the hotel.", None),
        ("Adds Libya to the list, the draft does, and nobody objects.", None),
    ],
)
def test_the_page_says_why_it_changed(line: str, kind: str | None) -> None:
    found = difference(OLD, f"{OLD}\n\n{line}")
    assert found.kind == kind
    assert [m.text for m in found.marks] == ([line] if kind else [])


def test_a_mark_that_stood_there_before_tells_nothing() -> None:
    marked = "Correction: an envoy's name.\n\n" + OLD
    assert difference(marked, marked + " Libya joined.").kind is None


def test_a_mark_in_the_title_counts() -> None:
    found = difference(OLD, OLD, old_title="Border to reopen", new_title="UPDATE 1-Border to reopen")
    assert found.kind == "update"
    assert found.marks[0].start is None
    assert found.changes == ()


@settings(max_examples=150, deadline=None)
@given(a_text, a_text)
def test_changes_account_for_all_that_differs(old: str, new: str) -> None:
    found = difference(old, new).changes
    for text, spans in ((old, [c.old for c in found if c.old]), (new, [c.new for c in found if c.new])):
        assert all(0 <= start < end <= len(text) and text[start:end].strip() for start, end in spans)
        assert all(a[1] <= b[0] for a, b in pairwise(spans))
    # What no change names is the same in both.
    assert rest(old, [c.old for c in found]) == rest(new, [c.new for c in found])


def rest(text: str, spans: list[tuple[int, int] | None]) -> str:
    for span in reversed([s for s in spans if s]):
        text = text[: span[0]] + " " + text[span[1] :]
    return "".join(c for c in text if not c.isspace() and c not in "\"'”’»)]")


@settings(max_examples=50, deadline=None)
@given(a_text)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    assert difference(text, text).changes == ()


def test_hostile_texts_are_bounded() -> None:
    many = " ".join(f"a{n}." for n in range(20_000))
    others = " ".join(f"b{n}." for n in range(20_000))
    (change,) = difference(f"Same. {many} Same.", f"Same. {others} Same.").changes
    assert change.kind == "changed"
    (change,) = difference("a" * 900_000, "b" * 900_000).changes[:1]
    assert change.kind == "gone"
    assert difference("", many).changes[0].kind == "added"
