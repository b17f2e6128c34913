"""What shapes of words mean that name months, quarters, seasons, years and decades."""

import re
from datetime import date, timedelta

from detente.reading.calendar import spans
from detente.reading.calendar.spans import Interval
from detente.reading.calendar.telling import Match, NoTime, Telling
from detente.reading.calendar.units import like


def numbered(here: Telling, match: Match) -> Interval:
    """Q3 2021, 3Q, H1."""
    text = str(here.tokens[match.start("J")].value)
    size = 3 if "Q" in text else 6
    nth = int(re.sub(r"\D", "", text))

    def make(year: int) -> Interval:
        return spans.months(year, (nth - 1) * size + 1, size, "season")

    return make(here.value(match, "Y")) if here.has(match, "Y") else here.in_years(make)


def ended(here: Telling, match: Match) -> Interval:
    """The week ended Friday, the quarter ended Sept. 30, the nine months to 30 September."""
    end, unit = here.part(match, "rest").end, here.unit(match)
    if here.letters[match.start("U") : match.end("U")].endswith("V"):
        if not here.narrow:
            raise NoTime
        return Interval(spans.first_of(end, unit, here.count(match)), end, "vague")
    if unit == "week":
        return spans.unit_of(end, "week")
    return Interval(spans.first_of(end, unit, 1), end, spans.PRECISION[unit])


def begun(here: Telling, match: Match) -> Interval:
    """The week beginning May 20, the year starting Oct. 1."""
    start, unit = here.part(match, "rest").start, here.unit(match)
    if unit == "week":
        return spans.unit_of(start, unit)
    return Interval(start, spans.shift(start, unit, 1) - timedelta(days=1), spans.PRECISION[unit])


def month(here: Telling, match: Match) -> Interval:
    """March 1990; March, last March, next March."""
    number = here.value(match, "M")
    if here.has(match, "Y"):
        return spans.months(here.value(match, "Y"), number, 1, "month")
    return here.said(match, lambda year: spans.months(year, number, 1, "month"))


def season(here: Telling, match: Match) -> Interval:
    """Spring 1990, last summer, this winter; a winter bears the year of its December."""
    first = here.value(match, "S")
    if here.has(match, "Z"):
        return spans.season(int(str(here.tokens[match.start("Z")].value)[:4]), first)
    if here.has(match, "Y"):
        return spans.season(here.value(match, "Y"), first)
    if here.letters[match.start()] == "i":
        return here.pick([spans.season(y, first) for y in (here.today.year - 1, here.today.year)][(first != 12) :])
    return here.said(match, lambda year: spans.season(year, first))


def year(here: Telling, match: Match) -> Interval:
    """1989, fiscal 1989, the year 1989; the 1988 quarter is that year's like of the latest."""
    if any(t.value == "quarter" for t in here.tokens[match.start() : match.end()]):
        return like(here, here.value(match, "Y"), "quarter")
    return spans.months(here.value(match, "Y"), 1, 12, "year")


def years(here: Telling, match: Match) -> Interval:
    """2014-2015, 1989/90."""
    text = str(here.tokens[match.start("Z")].value)
    first, second = text[:4], text[5:]
    start, end = int(first), int(first[: 4 - len(second)] + second)
    if end < start or (len(second) == 2 and end > start + 1 and int(second) <= 12):
        # ISO 8601's year and month; "2003-04" is taken for two years, as seasons and budgets are written.
        return spans.months(start, int(second), 1, "month")
    return Interval(date(start, 1, 1), date(end, 12, 31), "year")


def decade(here: Telling, match: Match) -> Interval:
    """The 1990s, the '80s, the nineties; the 1800s are a century, the 2000s ten years."""
    first = here.value(match, "D")
    if 1000 <= first < 2000 and first % 100 == 0:
        return spans.century(first // 100 + 1)
    if first < 100:
        # News of 1989 speaks of "the '90s" to come; farther off the last ones are meant.
        latest = (here.published.year if here.published else 2000) + 15
        first += latest // 100 * 100
        first -= 100 if first > latest else 0
    return spans.decade(first)
