"""What words around a time make of it: early in, by, since, from one to another."""

import re
from dataclasses import replace
from datetime import timedelta

from detente.reading.calendar import spans
from detente.reading.calendar.spans import Interval
from detente.reading.calendar.telling import Match, NoTime, Telling

_FLOATING = re.compile(r"[WM]N?")


def narrowed(here: Telling, match: Match) -> Interval:
    """Early 1990, mid-October, the end of March, late last year, earlier this month, later this week."""
    how = here.letters[match.end("how") - 1]
    inner = here.part(match, "rest")
    if not here.narrow or inner.precision == "day" or (inner.end - inner.start).days < 2:
        return inner
    if how in "rs":
        today = here.today
        if not inner.start <= today <= inner.end:
            return inner
        return replace(inner, end=today) if how == "r" else replace(inner, start=today)
    return spans.third(inner, {"e": 0, "b": 0, "m": 1, "z": 2, "n": 2}[how])


def unit_end(here: Telling, match: Match) -> Interval:
    """Year-end, month's end, year-end 1989."""
    if here.has(match, "Y"):
        inner = spans.months(here.value(match, "Y"), 1, 12, "year")
    else:
        inner = spans.unit_of(here.today, here.unit(match))
    return spans.third(inner, 2) if here.narrow else inner


def bounded(here: Telling, match: Match) -> Interval:
    """By 15 October, until March: from publication to its end. Since Monday, from its start to publication."""
    how = here.letters[match.start()]
    if how == ")":
        raise NoTime
    # "Since Friday" looks back and "by Friday" ahead, whatever the tense of the clause.
    if how == ">":
        inner = here.at(here.today, "past").part(match, "rest")
        return Interval(inner.start, max(here.today, inner.start), inner.precision)
    inner = (here.at(here.today, "future") if here.tense is None else here).part(match, "rest")
    end = inner.start - timedelta(days=1) if how == "(" else inner.end
    start = here.today if end >= here.today else min(inner.start, end)
    return Interval(start, end, inner.precision)


def between(here: Telling, match: Match) -> Interval:
    """From Monday to Friday, January 10-13, between 10 and 13 January, 1914 to 1918, Tuesday and Wednesday."""
    left, right = _sides(here, match)
    # A weekday or a date without a year is the one next to the other side: before what is past, else after.
    if here.tense == "past" and _FLOATING.fullmatch(left.letters):
        second = right.all()
        first = left.at(second.end, "past").all()
    else:
        first = left.all()
        second = right.at(first.end, "future").all() if _FLOATING.fullmatch(right.letters) else right.all()
    if second.end < first.start:
        first, second = second, first
    precision = first.precision if first.precision == second.precision else "vague"
    return Interval(first.start, second.end, precision)


def _sides(here: Telling, match: Match) -> tuple[Telling, Telling]:
    a = list(here.tokens[match.start("a") : match.end("a")])
    b = list(here.tokens[match.start("b") : match.end("b")])
    letters = ["".join(t.letter for t in side) for side in (a, b)]
    # What one side leaves out the other gives: "January 10-13", "10-13 January", "March to May 1990".
    if letters[1] in ("N", "O") and "M" in letters[0]:
        b = [next(t for t in a if t.letter == "M"), b[0]._replace(letter="N"), *[t for t in a if t.letter == "Y"]]
    elif letters[0] in ("N", "O") and "M" in letters[1]:
        a = [a[0]._replace(letter="N"), *[t for t in b if t.letter in "MY"]]
    elif "Y" in letters[1] and "Y" not in letters[0] and "M" in letters[0]:
        a = [*a, next(t for t in b if t.letter == "Y")]
    for side in (a, b):
        if any(t.letter == "M" for t in side):
            side[:] = [t._replace(letter="N") if t.letter == "O" else t for t in side]
    if "".join(t.letter for t in b) == "N" or "".join(t.letter for t in a) == "N":
        raise NoTime
    return here.side(a), here.side(b)


def bare(here: Telling, match: Match) -> Interval:
    """From Monday: its beginning alone is told, so the day, week or year itself."""
    return here.part(match, "rest")
