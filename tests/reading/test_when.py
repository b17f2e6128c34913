"""What time expressions mean: cases written by hand, and rules that a reader of news relies on."""

import json
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from detente.reading.calendar.conflict import weekday_conflict
from detente.reading.calendar.resolve import resolve

FRIDAY = date(2022, 1, 21)
_LINES = (Path(__file__).parent / "when_cases.jsonl").read_text(encoding="utf-8").splitlines()
_LINES = (Path(__file__).parent / "when_cases.jsonl").read_text(encoding="utf-8").splitlines()
CASES = [json.loads(line) for line in _LINES]

# Accuracy of start, end and precision that no change may undercut, by the group a case's id begins with: i holds the
# narrowest intervals, the others the values an annotator writes. Each group was written before the rules had met it
# and stood, when first tried, at (start and end) a 0.99, b 0.90, i 0.94, c 0.92, d 0.97, f 0.93, g 0.95; then its
# misses were mended.
FLOORS = {"a": 0.99, "b": 0.98, "i": 0.98, "c": 0.98, "d": 0.98, "f": 0.98, "g": 0.98}


def days(expression: str, published: date | None = FRIDAY, tense: Any = None, **more: Any) -> tuple[str, str] | None:
    found = resolve(expression, published, tense, **more)
    return (found.start.isoformat(), found.end.isoformat()) if found else None


def test_cases_stay_above_their_floors() -> None:
    right: dict[str, list[bool]] = defaultdict(list)
    for case in CASES:
        found = resolve(
            case["text"],
            date.fromisoformat(case["published"]),
            case["tense"],
            convention=case.get("convention", "value"),
        )
        got = (found.start.isoformat(), found.end.isoformat(), found.precision) if found else (None, None, None)
        right[case["id"][0]].append(got == (case["start"], case["end"], case["precision"]))
    assert set(right) == set(FLOORS)
    for group, floor in FLOORS.items():
        assert sum(right[group]) / len(right[group]) >= floor, group


def test_the_publication_day_counts_in_both_tenses() -> None:
    assert days("Friday", tense="past") == days("Friday", tense="future") == ("2022-01-21", "2022-01-21")


def test_a_weekday_is_the_last_in_the_past_the_next_in_the_future_the_nearest_without_tense() -> None:
    assert days("Saturday", tense="past") == ("2022-01-15", "2022-01-15")
    assert days("Thursday", tense="future") == ("2022-01-27", "2022-01-27")
    assert days("Saturday") == ("2022-01-22", "2022-01-22")
    assert days("Thursday") == ("2022-01-20", "2022-01-20")


def test_wire_copy_dated_a_day_before_its_weekday_means_that_day() -> None:
    assert days("Saturday", tense="past", wire=True) == ("2022-01-22", "2022-01-22")
    assert days("Sunday", tense="past", wire=True) == ("2022-01-16", "2022-01-16")


def test_anaphoric_words_count_from_the_day_told_before_and_name_nothing_without_it() -> None:
    anchor = date(2021, 11, 4)
    assert days("the day before", anchor=anchor) == ("2021-11-03", "2021-11-03")
    assert days("the following week", anchor=anchor) == ("2021-11-08", "2021-11-14")
    assert days("that day", anchor=anchor) == ("2021-11-04", "2021-11-04")
    assert days("two weeks later", anchor=anchor) == ("2021-11-15", "2021-11-21")
    assert days("the next morning", anchor=anchor) == ("2021-11-05", "2021-11-05")
    assert days("the previous Friday", anchor=anchor) == ("2021-10-29", "2021-10-29")
    for words in ("the day before", "the following week", "that day", "two weeks later", "the next morning"):
        assert days(words) is None, words


def test_without_a_publication_day_only_whole_dates_are_known() -> None:
    assert days("21 January 2022", None) == ("2022-01-21", "2022-01-21")
    assert days("March 1990", None) == ("1990-03-01", "1990-03-31")
    assert days("the 1990s", None) == ("1990-01-01", "1999-12-31")
    assert days("Friday", None) is days("21 January", None) is days("last week", None) is None


@pytest.mark.parametrize(
    "words", ["31 June 2022", "February 30", "0/0/2022", "99/99/9999", "the 45th of March", "in 99999999 years"]
)
def test_days_that_no_calendar_has_name_no_time(words: str) -> None:
    assert days(words) is None


def test_slashed_dates_take_the_order_that_lies_nearer_to_publication() -> None:
    assert days("02/06/1998", date(1998, 2, 6)) == ("1998-02-06", "1998-02-06")
    assert days("02/06/1998", date(1998, 6, 2)) == ("1998-06-02", "1998-06-02")
    assert days("21/01/2022", None) == ("2022-01-21", "2022-01-21")


def test_movable_feasts() -> None:
    # Dates of the calendars printed for those years.
    assert days("Easter Monday 2016", None) == ("2016-03-28", "2016-03-28")
    assert days("Orthodox Easter 2022", None) == ("2022-04-24", "2022-04-24")
    assert days("Thanksgiving 2021", None) == ("2021-11-25", "2021-11-25")
    assert days("Memorial Day 2021", None) == ("2021-05-31", "2021-05-31")


def test_a_weekday_that_contradicts_its_date_gives_both_readings() -> None:
    found = weekday_conflict("Friday (January 22, 2022)")
    assert found is not None
    assert not found.agree
    assert found.candidates == (date(2022, 1, 21), date(2022, 1, 22))
    assert (found.weekday_part.text, found.date_part.text) == ("Friday", "January 22, 2022")


def test_a_weekday_that_agrees_is_no_contradiction() -> None:
    found = weekday_conflict("Friday, 21 January", FRIDAY)
    assert found is not None
    assert found.agree
    assert found.candidates == (FRIDAY,)


@pytest.mark.parametrize(
    "words", ["Friday", "January 22, 2022", "Friday, 21 January", "from Monday, 3 May to 5 June", "", "Friday 1990"]
)
def test_without_weekday_date_and_year_there_is_nothing_to_hold_together(words: str) -> None:
    assert weekday_conflict(words) is None


def test_a_range_lies_whole_on_the_side_of_its_tense() -> None:
    assert days("from January to July", tense="past") == ("2021-01-01", "2021-07-31")
    assert days("from Monday to Wednesday", tense="past") == ("2022-01-17", "2022-01-19")
    assert days("from Monday to Wednesday", tense="future") == ("2022-01-24", "2022-01-26")
    assert days("from 28 December to 3 January", tense="past") == ("2021-12-28", "2022-01-03")


def test_a_february_29_without_year_is_found_in_a_leap_year() -> None:
    assert days("Feb. 29", date(2021, 3, 1), "past") == ("2020-02-29", "2020-02-29")


def test_a_day_written_without_year_is_never_most_of_a_year_away() -> None:
    # "was scheduled for Nov. 12": the clause is past, the day is not.
    assert days("Nov. 12", date(1989, 10, 30), "past") == ("1989-11-12", "1989-11-12")


def test_relative_words_move_with_the_publication_day() -> None:
    for words in (
        "Friday",
        "last week",
        "next Tuesday",
        "two weeks ago",
        "yesterday",
        "the past two weeks",
        "this weekend",
    ):
        for back in range(7):
            day = FRIDAY - timedelta(days=back)
            now, then = resolve(words, day), resolve(words, day + timedelta(days=7))
            assert now is not None
            assert then is not None
            assert then.start - now.start == then.end - now.end == timedelta(days=7), words
