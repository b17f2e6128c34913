"""Days and the calendar units that hold them: weeks from Monday, quarters, halves, seasons, decades, centuries."""

import calendar
from dataclasses import dataclass, replace
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


def is_day(year: int, month: int, number: int) -> bool:
    """Whether a month has a day of that number."""
    return 1 <= number <= length_of(year, month)


def nearest(candidates: list[date], to: date) -> date:
    """The candidate nearest to a day; of two as near the earlier."""
    return min(candidates, key=lambda c: (abs((c - to).days), c))


def moved(found: Interval, unit: str, count: int) -> Interval:
    """The interval `count` years or months on, still whole months where it was."""
    start, end = shift(found.start, unit, count), shift(found.end, unit, count)
    if found.precision in ("month", "season", "year", "vague") and found.start.day == 1:
        end = end.replace(day=length_of(end.year, end.month))
    return Interval(start, end, found.precision)


def first_of(end: date, unit: str, count: int) -> date:
    """The first day of `count` units that end on `end`."""
    after = end + timedelta(days=1)
    return shift(after, unit, -count)


def nth_in(inside: Interval, unit: str, nth: int, count: int) -> Interval:
    """The `nth` unit (−1 the last) of an interval, or `count` of them from there; weeks count from the first day."""
    if unit == "half":
        return half_of(inside, nth)
    if nth > 0:
        start = shift(inside.start, unit, (nth - 1) * (count if nth > 1 else 1))
        end = shift(start, unit, count) - timedelta(days=1)
    else:
        end = inside.end
        start = shift(end + timedelta(days=1), unit, -count)
    if start < inside.start or start > inside.end:
        raise ValueError("no such part")
    precision = PRECISION[unit] if count == 1 else "vague"
    return Interval(start, min(end, inside.end), precision)


def half_of(inside: Interval, nth: int) -> Interval:
    """The first or second half: of a year six months, of anything shorter or longer by days."""
    if nth not in (1, 2, -1):
        raise ValueError("no such part")
    if inside.precision == "year" and inside.start.day == 1:
        return months(inside.start.year, inside.start.month + (0 if nth == 1 else 6), 6, "season")
    middle = inside.start + timedelta(days=((inside.end - inside.start).days + 1) // 2)
    if nth == 1:
        return replace(inside, end=max(middle - timedelta(days=1), inside.start))
    return replace(inside, start=middle)


def third(inner: Interval, which: int) -> Interval:
    """The first, middle or last third: of a month days 1–10, 11–20, the rest; of a year four months; else by days."""
    if inner.precision == "month":
        first = inner.start
        starts = [first, first.replace(day=11), first.replace(day=21)]
        ends = [first.replace(day=10), first.replace(day=20), inner.end]
        return Interval(starts[which], ends[which], "month")
    whole = (inner.end.year - inner.start.year) * 12 + inner.end.month - inner.start.month + 1
    if inner.precision in ("year", "season") and inner.start.day == 1 and whole % 3 == 0:
        size = whole // 3
        return months(inner.start.year, inner.start.month + which * size, size, inner.precision)
    if whole == 120 and inner.start.day == 1:
        years, count = ((0, 4), (4, 3), (7, 3))[which]
        return months(inner.start.year + years, 1, 12 * count, "vague")
    days = (inner.end - inner.start).days + 1
    start = inner.start + timedelta(days=days * which // 3)
    return Interval(start, inner.start + timedelta(days=days * (which + 1) // 3 - 1), inner.precision)
