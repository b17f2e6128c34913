"""What shapes of words mean that count in units: weeks ago, next month, the third quarter, the past two years."""

import re
from datetime import timedelta

from detente.reading.calendar import spans
from detente.reading.calendar.spans import Interval
from detente.reading.calendar.telling import Match, NoTime, Telling

# "A few" is read as three and no more than six: the sense dictionaries give, "more than two but not many".
FEW = (2, 3, 6)


def this_unit(here: Telling, match: Match) -> Interval:
    """This week, the month, the current quarter; "the quarter" is the one reports are of, the last full one."""
    unit = str(next(t.value for t in here.tokens[match.start() :] if t.letter == "U"))
    how = here.letters[match.start() : match.end()].replace("f", "").replace("U", "")
    alone = match.start() == here.lead
    if not how and alone and not here.definite:
        raise NoTime  # "year" as in "year-old"
    if not how and unit in ("quarter", "half") and here.tense != "future" and alone:
        return spans.unit_of(spans.shift(here.today, unit, -1), unit)
    return spans.unit_of(here.today, unit)


def moved_unit(here: Telling, match: Match) -> Interval:
    """Last week, next year, the previous month; with "the", a length of time up to or from now."""
    unit = here.unit(match)
    how = here.letters[match.start() : match.start("U")].replace("f", "").lstrip("i") or "i"
    said_this = here.letters[match.start()] == "i"
    # "The last year" is a length of time, "the last quarter" and "the next fiscal year" are units of the calendar.
    whole = unit in ("quarter", "half", "century", "session") or "f" in match.group()
    length = how == "q" or (how in "LX" and here.article and match.start() == here.lead)
    length = length and not whole and not said_this
    if length and how in "Lq":
        return from_now(here, -1 if how in "Lq" else 1, unit)
    if how == "X" and length:
        if here.anchor is not None:
            return spans.unit_of(spans.shift(here.anchor, unit, 1), unit)
        if unit == "day":
            raise NoTime
        return from_now(here, 1, unit)
    base = (here.anchor or here.today) if how in "lF" else here.today
    if how == "F" and here.anchor is None:
        raise NoTime
    step = -1 if how in "Llq" else 1
    if unit == "session":
        moved = base + timedelta(days=step)
        while moved.weekday() > 4:  # markets rest at the weekend
            moved += timedelta(days=step)
        return spans.day(moved)
    return spans.unit_of(spans.shift(base, unit, step), unit)


def one_off(here: Telling, match: Match) -> Interval:
    """The week before last, the year after next, the Sunday before last."""
    sign = -1 if here.letters[match.end() - 2] == "(" else 1
    if here.letters[match.start()] == "W":
        weekday = here.value(match, "U")
        back = (here.today.weekday() - weekday - 1) % 7 + 8
        ahead = (weekday - here.today.weekday() - 1) % 7 + 8
        return spans.day(here.today + timedelta(days=-back if sign < 0 else ahead))
    unit = here.unit(match)
    return spans.unit_of(spans.shift(here.today, unit, 2 * sign), unit)


def unit_with(here: Telling, match: Match) -> Interval:
    """The week of Oct. 23, the month of March: the unit that holds it."""
    return spans.unit_of(here.part(match, "rest").start, here.unit(match))


def from_now(here: Telling, count: int, unit: str) -> Interval:
    """`count` units from the publication day, or up to it where negative: a length of time, which has no value."""
    if not here.narrow:
        raise NoTime
    other = spans.shift(here.today, unit, count)
    precision = spans.PRECISION[unit] if abs(count) == 1 else "vague"
    return Interval(min(here.today, other), max(here.today, other), precision)


def that_unit(here: Telling, match: Match) -> Interval:
    """That day, the same week."""
    return spans.unit_of(here.told, str(here.tokens[match.end() - 1].value))


def stretch(here: Telling, match: Match) -> Interval:
    """The past two weeks, the next six months."""
    unit = here.unit(match)
    back = here.letters[match.start("how")] in "Llq"
    count = here.count(match)
    return from_now(here, -count if back else count, unit)


def vague_stretch(here: Telling, match: Match) -> Interval:
    """Recent weeks, the past few months, the coming years: three units, precision vague."""
    if not here.narrow:
        raise NoTime
    unit = str(here.tokens[match.end() - 1].value)
    ahead = bool(re.search(r"[xX\[F]", match.group()))
    other = spans.shift(here.today, unit, FEW[1] if ahead else -FEW[1])
    return Interval(min(here.today, other), max(here.today, other), "vague")


def vague_ago(here: Telling, match: Match) -> Interval:
    """A few days ago, months ago: two to six units back."""
    if not here.narrow:
        raise NoTime
    unit = here.unit(match)
    return Interval(spans.shift(here.today, unit, -FEW[2]), spans.shift(here.today, unit, -FEW[0]), "vague")


def ago(here: Telling, match: Match) -> Interval:
    """Two weeks ago: the week; a year ago: the year; four days ago: the day. "Earlier" counts from the anchor."""
    unit = here.unit(match)
    base = here.today if here.letters[match.end() - 1] == "g" else (here.anchor or here.today)
    return spans.unit_of(spans.shift(base, unit, -here.count(match)), unit)


def ago_from(here: Telling, match: Match) -> Interval:
    """A year ago today, two years ago this month, the year-earlier quarter, a week ago Friday."""
    unit, count = here.unit(match), here.count(match)
    then = spans.shift(here.today, unit, -count)
    rest = here.letters[match.start("rest") : match.end("rest")]
    if rest == "U":
        inner = here.unit(match, "rest")
        if inner == "quarter":
            return spans.unit_of(spans.shift(then, "quarter", -1), inner)
        return spans.unit_of(then, inner)
    if rest == "W" and unit == "week":
        # On a Wednesday "a week ago Sunday" is the Sunday before the last one.
        since = (here.today.weekday() - here.value(match, "rest")) % 7
        return spans.day(then - timedelta(days=since))
    if unit in ("year", "decade", "month"):
        found = here.part(match, "rest")
        return spans.moved(found, unit, -count)
    return here.at(then).part(match, "rest")


def later(here: Telling, match: Match) -> Interval:
    """Two days later: from the anchor. Two weeks from now, hence: from publication."""
    unit = here.unit(match)
    base = here.today if here.letters[match.end() - 1] in "hR" else here.told
    return spans.unit_of(spans.shift(base, unit, here.count(match)), unit)


def ahead(here: Telling, match: Match) -> Interval:
    """In three days, in two months, of what is to come; else it is how long something took."""
    if not here.lead or here.tense != "future" or match.start() != here.lead:
        raise NoTime
    unit = here.unit(match)
    return spans.unit_of(spans.shift(here.today, unit, here.count(match)), unit)


def within(here: Telling, match: Match) -> Interval:
    """Within three days, within the next month, within weeks."""
    if here.has(match, "v"):
        return vague_stretch(here, match)
    if not here.narrow:
        raise NoTime
    end = spans.shift(here.today, here.unit(match), here.count(match))
    return Interval(here.today, end, "vague" if here.unit(match) != "day" else "day")


def beside(here: Telling, match: Match) -> Interval:
    """The day before, two days before Christmas, the day after tomorrow, a week from Monday."""
    unit, count = here.unit(match), here.count(match)
    sign = -1 if here.letters[match.start("side")] == "(" else 1
    found = None
    if here.has(match, "rest"):
        found = here.part(match, "rest")
        base = found.start if sign < 0 else found.end
    else:
        # "Up from the year before" is told from the article's own year; a day or week before is the story's.
        base = here.anchor or (here.today if unit in ("year", "quarter") and sign < 0 else here.told)
    moved = spans.shift(base, unit, sign * count)
    if here.letters[match.start("side")] == "=" and found and found.precision == "day":
        return spans.day(moved)
    return spans.unit_of(moved, unit)


def nth_unit(here: Telling, match: Match) -> Interval:
    """The third quarter (of 1989), the first week of March, the 20th century, the last month of the year."""
    unit = here.unit(match)
    last = here.letters[match.start("O")] == "L"
    nth = -1 if last else here.value(match, "O")
    if unit == "century":
        return spans.century(nth)
    if not here.has(match, "rest"):
        if unit not in ("quarter", "half"):
            raise NoTime
        size = 3 if unit == "quarter" else 6
        if not 1 <= nth <= 12 // size:
            raise NoTime
        return here.in_years(lambda year: spans.months(year, (nth - 1) * size + 1, size, "season"))
    return spans.nth_in(here.part(match, "rest"), unit, nth, 1)


def nth_units(here: Telling, match: Match) -> Interval:
    """The first nine months (of 1989), the last (three) days of March: a length, an interval all the same."""
    if not here.narrow:
        raise NoTime
    unit, count = here.unit(match), here.count(match) if here.has(match, "n") else FEW[1]
    nth = -1 if here.letters[match.start("O")] == "L" else here.value(match, "O")
    inside = here.part(match, "rest") if here.has(match, "rest") else spans.unit_of(here.today, "year")
    if not here.has(match, "rest") and (unit != "month" or count > 12 or nth != 1):
        raise NoTime
    return spans.nth_in(inside, unit, nth, count)


def same_unit(here: Telling, match: Match) -> Interval:
    """The same quarter last year, the same month of 1988, the same period a year ago."""
    year = here.part(match, "rest")
    if not here.has(match, "U"):
        return year
    unit = here.unit(match)
    if unit == "year":
        return year
    return like(here, year.start.year, unit)


def like(here: Telling, year: int, unit: str) -> Interval:
    """The unit of another year that answers to the present one, or to the last full quarter, which is reported."""
    base = spans.shift(here.today, "quarter", -1) if unit == "quarter" else here.today
    return spans.unit_of(spans.shift(base, "year", year - here.today.year), unit)
