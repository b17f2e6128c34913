"""Where a text names a time: sentences written for this test, the expressions marked with square brackets."""

import re
import time

import pytest

from detente.reading.calendar.expressions import find
from detente.reading.calendar.words import table

MARKED = """
The ministers met on [Friday (January 22, 2022)] in Geneva and will meet again [early next week].
Officials said on [Thursday evening] that the sides would sign [by 15 October].
[Two weeks ago], in [May 2021], about 2000 troops left.
[Since Monday] talks have been held [every Friday] at noon sharp.
Prime Minister Theresa May may travel to Rome in [March].
The envoy said the March on Washington was a second chance.
[From Monday to Friday], [10-13 January] and [between January 10 and 13] the port was shut.
Profit fell in [the third quarter] and [the first quarter of 2021].
In [the 1990s], and again [late last year], the two fought.
The call came [at 0800 GMT on Monday], [the day after tomorrow] he flies home.
The Good Friday Agreement held through [the fall of 1989], unlike the fall of Kabul.
It must reply [within the next month].
[A year ago today] the bridge fell.
At [the end of March], in [mid-2021] and in [fiscal 1989] exports rose.
He has been president [since 2014], when the war began.
The Sun and the Sunday Times wrote about it on [Sat, 5 June].
Flight 1549 and Resolution 1973 were named, 1,500 people and 2000 soldiers were not.
[Earlier this month] the two met, [last August] they did not.
On [21st January 2022 at 8 a.m.] the guns fell silent.
The [2014-2015] war ended [on Christmas Eve].
The bank said that in [the past two weeks] deposits had shrunk.
Sales in [the week ended Friday] were flat.
She was in her 60s and her son 34-year-old.
They will start on [Tuesday] and end on [March 30].
The [2016] election cost $1990 a head.
[The next year] they parted.
The [Dec. 7] vote and the [July 4, 2010], ceremony were moved to [the second week of March].
[By the end of next year] the troops leave, [later on Tuesday] the tanks.
Jan Egeland and Dec sat with April Glaspie and August Wilson.
He sat down; the second minute of the match brought a goal.
The two-day visit is the first in 16 years.
A decision on the [Oct. 12] plan fell [this past Sunday], [a week earlier] than thought.
"""


def sentences() -> list[str]:
    return [line for line in MARKED.splitlines() if line]


@pytest.mark.parametrize("marked", sentences())
def test_expressions_are_found_where_they_stand(marked: str) -> None:
    wanted = [words.removeprefix("at ").removeprefix("on ") for words in re.findall(r"\[([^\]]+)\]", marked)]
    text = marked.replace("[", "").replace("]", "")
    assert [e.text for e in find(text)] == wanted


@pytest.mark.parametrize("name", [row["name"] for row in table("time_names")])
def test_proper_names_with_a_word_of_time_name_no_time(name: str) -> None:
    assert find(f"They spoke of the {name} and left.") == []


def test_a_page_of_five_kilobytes_is_searched_in_milliseconds() -> None:
    page = (re.sub(r"[\[\]]", "", MARKED) * 4)[:5000]
    find(page)
    best = min(_timed(page) for _ in range(10))
    # 3 ms on an idle machine; the bound leaves room for a busy one and still fails a grammar that has gone quadratic.
    assert best < 0.03


def _timed(page: str) -> float:
    start = time.perf_counter()
    find(page)
    return time.perf_counter() - start


def test_a_long_line_of_numbers_takes_no_longer_than_prose() -> None:
    assert min(_timed("12 " * 2000) for _ in range(3)) < 0.5
    assert min(_timed("the last first of Monday, 3 " * 400) for _ in range(3)) < 0.5
