from datetime import date

import pytest

from detente.intake.dates import date_of_lines, date_of_url, is_date_line, parse_date

DAY = date(2022, 1, 21)


@pytest.mark.parametrize(
    "text",
    [
        "2022-01-21", "2022-01-21T16:40:12Z", "2022/01/21", "20220121", "21 January 2022", "21 Jan 2022",
        "January 21, 2022",
        "Jan. 21, 2022", "Fri, 21 Jan 2022 10:00:00 GMT", "21.01.2022", "21/01/2022", "01/21/2022",
        "21st of January 2022",
        "Friday, January 21st, 2022", "21-Jan-2022",
    ],
)  # fmt: skip
def test_full_dates_are_read(text: str) -> None:
    assert parse_date(text) == DAY


@pytest.mark.parametrize(
    "text",
    [
        "",
        "January 2022",
        "3/4/2022",
        "2022-02-30",
        "yesterday",
        "Friday",
        "1.2.3",
        "12345678",
        "0000-00-00",
        "2222-01-01",
    ],
)
def test_what_is_no_full_or_no_certain_date_is_none(text: str) -> None:
    assert parse_date(text) is None


@pytest.mark.parametrize(
    "line",
    [
        "Published: 21 Jan 2022", "Posted on January 21, 2022 at 3:15 pm", "January 21, 2022",
        "Friday, January 21, 2022 | 5 min read",
        "Updated 10:15 AM ET, Fri January 21, 2022", "21 January 2022 - 10:30",
        "Published 21 January 2022, Updated 22 January 2022",
    ],
)  # fmt: skip
def test_lines_that_give_a_date_and_nothing_else(line: str) -> None:
    assert is_date_line(line)


@pytest.mark.parametrize(
    "line",
    ["On January 21, 2022 talks began", "January 21, 2022 was cold", "In 2022", "21", "1" * 70 + " 2022-01-21 x"],
)
def test_lines_that_say_more_are_no_date_lines(line: str) -> None:
    assert not is_date_line(line)


def test_published_comes_before_updated_and_both_before_the_dateline() -> None:
    dateline = "GENEVA, January 20, 2022 (Reuters) - The two ministers met."
    assert date_of_lines([dateline]) == date(2022, 1, 20)
    assert date_of_lines(["Updated: January 22, 2022", dateline]) == date(2022, 1, 22)
    assert date_of_lines(["Updated: January 22, 2022", "Published: January 21, 2022", dateline]) == DAY


def test_a_chronology_s_dates_are_not_the_page_s() -> None:
    days = [
        "January 10, 2022",
        "The talks began.",
        "January 12, 2022",
        "They went on.",
        "January 21, 2022",
        "They ended.",
    ]
    assert date_of_lines(days) is None
    assert date_of_lines(["Published: January 31, 2022", *days]) == date(2022, 1, 31)
    assert date_of_lines(["The talks began."] * 20 + ["January 10, 2022"]) is None


def test_a_date_told_in_the_prose_is_not_the_page_s() -> None:
    assert date_of_lines(["On Friday (January 22, 2022) the ministers agreed to go on."]) is None


@pytest.mark.parametrize(
    "url",
    [
        "https://a.example/2022/01/21/talks", "https://a.example/world/2022/jan/21/talks",
        "https://a.example/talks-2022-01-21",
        "https://a.example/20220121-talks.html", "https://a.example/2022-1-21/talks",
    ],
)  # fmt: skip
def test_addresses_that_carry_a_day(url: str) -> None:
    assert date_of_url(url) == DAY


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "https://a.example/talks",
        "https://a.example/2022/01/talks",
        "https://20220121.example/talks",
        "https://a.example/id-9920220199",
    ],
)
def test_addresses_that_carry_none(url: str | None) -> None:
    assert date_of_url(url) is None
