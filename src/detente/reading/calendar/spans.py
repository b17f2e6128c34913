"""Days and the calendar units that hold them: weeks from Monday, quarters, halves, seasons, decades, centuries."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

from detente.model import Precision


@dataclass(frozen=True, slots=True)
class Interval:
    """Days `start` to `end`, both inclusive, and the unit they are known to."""

    start: date
    end: date
    precision: Precision


PRECISION: dict[str, Precision] = {
    "day": "day", "session": "day", "weekend": "day", "week": "week", "fortnight": "week", "month": "month",
    "quarter": "season", "half": "season", "season": "season", "year": "year", "decade": "vague", "century": "vague",
}  # fmt: skip
_MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12, "decade": 120, "century": 1200}
_DAYS = {"day": 1, "session": 1, "week": 7, "weekend": 7, "fortnight": 14}


def day(when: date) -> Interval:
    """One day as an interval."""
    return Interval(when, when, "day")


def length_of(year: int, month: int) -> int:
    """The number of days of a month."""
    return calendar.monthrange(year, month)[1]


def months(year: int, month: int, count: int, precision: Precision) -> Interval:
    """`count` whole months from the first of the given one; `month` may lie outside 1–12."""
    first = year * 12 + month - 1
    last = first + count - 1
    end_year, end_month = divmod(last, 12)
    start_year, start_month = divmod(first, 12)
    return Interval(
        date(start_year, start_month + 1, 1),
        date(end_year, end_month + 1, length_of(end_year, end_month + 1)),
        precision,
    )


def unit_of(when: date, unit: str) -> Interval:
    """The calendar unit that holds the day. Weeks run Monday to Sunday; a weekend is that of the day's week."""
    precision = PRECISION[unit]
    if unit in ("day", "session"):
        return day(when)
    monday = when - timedelta(days=when.weekday())
    if unit == "weekend":
        return Interval(monday + timedelta(days=5), monday + timedelta(days=6), precision)
    if unit in ("week", "fortnight"):
        return Interval(monday, monday + timedelta(days=6), precision)
    size = _MONTHS[unit]
    index = when.year * 12 + when.month - 1
    first = index - index % size
    return months(first // 12, first % 12 + 1, size, precision)


def shift(when: date, unit: str, count: int) -> date:
    """The day `count` units later. In a month too short, its last day. Raises OverflowError beyond year 1–9999."""
    if unit in _DAYS:
        return when + timedelta(days=count * _DAYS[unit])
    year, month = divmod(when.year * 12 + when.month - 1 + count * _MONTHS[unit], 12)
    if not date.min.year <= year <= date.max.year:
        raise OverflowError(f"year {year}")
    return date(year, month + 1, min(when.day, length_of(year, month + 1)))


def decade(first: int) -> Interval:
    """Ten years from `first`: the 1990s are 1990 to 1999."""
    return months(first, 1, 120, "vague")


def century(number: int) -> Interval:
    """The hundred years that share their leading digits: the 20th century is 1900 to 1999, as news has it."""
    return months((number - 1) * 100 or 1, 1, 1200 if number > 1 else 1188, "vague")


def season(year: int, month: int) -> Interval:
    """The three months from `month` (3, 6, 9 or 12): a winter is named by the year of its December."""
    return months(year, month, 3, "season")


def easter(year: int) -> date:
    """Easter Sunday by the Gregorian computus (anonymous algorithm of Meeus, Jones and Butcher)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    el = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 19 * el) // 433
    month = (h + el - 7 * m + 90) // 25
    return date(year, month, (h + el - 7 * m + 33 * month + 19) % 32)


def orthodox_easter(year: int) -> date:
    """Easter Sunday by the Julian computus (Meeus), as a Gregorian day; 13 days apart from 1900-03-14 to 2100-02-27."""
    d = (19 * (year % 19) + 15) % 30
    e = (2 * (year % 4) + 4 * (year % 7) - d + 34) % 7
    month, dom = divmod(d + e + 114, 31)
    return date(year, month, dom + 1) + timedelta(days=13)


def nth_weekday(year: int, month: int, nth: int, weekday: int) -> date:
    """The `nth` given weekday (Monday 0) of a month, from 1; -1 the last. Raises ValueError where there is none."""
    if nth < 0:
        last = date(year, month, length_of(year, month))
        return last - timedelta(days=(last.weekday() - weekday) % 7 - 7 * (nth + 1))
    first = date(year, month, 1)
    found = first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))
    if found.month != month:
        raise ValueError(f"no {nth}th such day in {year}-{month:02d}")
    return found
