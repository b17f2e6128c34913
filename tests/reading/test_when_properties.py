"""What holds of times in any text at all."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from detente.reading.calendar.conflict import weekday_conflict
from detente.reading.calendar.expressions import find
from detente.reading.calendar.resolve import resolve
from detente.reading.calendar.words import table

_MARKS = ["the", ",", ".", "-", "(", ")", "'s"]
_NUMBERS = ["1990", "1990s", "'90s", "21", "31", "21st", "3", "p.m.", "6pm", "10:30", "2022-01-21"]
_WORDS = [row["word"] for row in table("time_words")] + _MARKS + _NUMBERS
_SOUP = st.lists(st.sampled_from(_WORDS), max_size=9).map(" ".join)
_TEXTS = st.one_of(st.text(max_size=120), _SOUP, _SOUP.map(str.title))
_DAYS = st.dates(date(1900, 1, 1), date(2090, 12, 31))
_TENSES = st.sampled_from(["past", "future", None])


@given(_TEXTS)
@settings(max_examples=300, deadline=None)
def test_found_spans_are_in_order_inside_the_text_and_hold_its_words(text: str) -> None:
    at = 0
    for expression in find(text):
        assert at <= expression.start < expression.end <= len(text)
        assert text[expression.start : expression.end] == expression.text
        at = expression.end


@given(
    _TEXTS, st.one_of(_DAYS, st.none()), _TENSES, st.one_of(_DAYS, st.none()), st.sampled_from(["interval", "value"])
)
@settings(max_examples=600, deadline=None)
def test_any_words_resolve_to_nothing_or_to_days_in_order(text, published, tense, anchor, convention) -> None:  # type: ignore[no-untyped-def]
    when = resolve(text, published, tense, anchor, convention=convention)
    assert when is None or (when.start <= when.end and when.text == text)


@given(_TEXTS, st.one_of(_DAYS, st.none()))
@settings(max_examples=200, deadline=None)
def test_a_weekday_is_held_against_its_date_or_not_at_all(text: str, published: date | None) -> None:
    found = weekday_conflict(text, published)
    if found is not None:
        assert found.agree == (found.day.weekday() == found.weekday)
        assert found.candidates[-1] == found.day
        assert found.agree or found.candidates[0].weekday() == found.weekday


@given(
    _DAYS,
    _TENSES,
    st.sampled_from(
        [
            "Friday",
            "last Monday",
            "next week",
            "yesterday",
            "two weeks ago",
            "the weekend",
            "since Sunday",
            "within ten days",
        ]
    ),
)
def test_a_week_later_the_same_words_mean_a_week_later(day: date, tense, words: str) -> None:  # type: ignore[no-untyped-def]
    now, then = resolve(words, day, tense), resolve(words, day + timedelta(days=7), tense)
    assert now is not None
    assert then is not None
    assert then.start - now.start == then.end - now.end == timedelta(days=7)
