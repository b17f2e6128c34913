"""What shapes of words mean that name days."""

import re
from datetime import date, timedelta

from detente.reading.calendar import spans
from detente.reading.calendar.feasts import feast_day
from detente.reading.calendar.spans import Interval
from detente.reading.calendar.telling import STRETCHES, Match, NoTime, Telling
from detente.reading.calendar.words import holidays


def numeric(here: Telling, match: Match) -> Interval:
    """2022-01-21, 21/01/2022, 1/21/22: where both orders make a date, the nearer to publication, else day first."""
    text = str(here.tokens[match.start("I")].value)
    return spans.day(_numeric_date(text, here.published))


def month_day(here: Telling, match: Match) -> Interval:
    """January 21, 2022; Friday, 21 January. A weekday without a year chooses among the years at hand."""
    month, number = here.value(match, "M"), here.value(match, "N")
    if here.has(match, "Y"):
        return spans.day(date(here.value(match, "Y"), month, number))
    if here.has(match, "W"):
        weekday = here.value(match, "W")
        years = range(here.today.year - 2, here.today.year + 3)
        fit = [date(y, month, number) for y in years if spans.is_day(y, month, number)]
        fit = [d for d in fit if d.weekday() == weekday and abs(d - here.today) < timedelta(days=400)]
        if fit:
            return spans.day(spans.nearest(fit, here.today))
    return here.in_years(lambda year: spans.day(date(year, month, number)))


def last_month_day(here: Telling, match: Match) -> Interval:
    """Last January 21."""
    month, number = here.value(match, "M"), here.value(match, "N")
    how = here.letters[match.start()]
    if how == "i":
        return spans.day(date(here.today.year, month, number))
    days = [
        date(y, month, number)
        for y in range(here.today.year - 5, here.today.year + 6)
        if spans.is_day(y, month, number)
    ]
    if how in "Llq":
        return spans.day([d for d in days if d < here.today][-1])
    return spans.day(next(d for d in days if d > here.today))


def of_month(here: Telling, match: Match) -> Interval:
    """The 21st; Monday the 21st; the 15th of this month."""
    number = here.value(match, "O")
    if here.has(match, "rest"):
        month = here.part(match, "rest")
        return spans.day(month.start.replace(day=number))
    if not 1 <= number <= 31:
        raise NoTime
    around = [spans.shift(here.today.replace(day=1), "month", k) for k in range(-3, 4)]
    days = [m.replace(day=number) for m in around if number <= spans.length_of(m.year, m.month)]
    if here.has(match, "W"):
        days = [d for d in days if d.weekday() == here.value(match, "W")]
        if not days:
            return bare_weekday(here, match)
    return here.pick([spans.day(d) for d in days])


def bare_weekday(here: Telling, match: Match) -> Interval:
    """Friday: by tense; of no tense the nearest."""
    today, weekday = here.today, here.value(match, "W")
    if here.wire and here.tense == "past" and (today + timedelta(days=1)).weekday() == weekday:
        return spans.day(today + timedelta(days=1))
    monday = [today + timedelta(days=k) for k in range(-7, 8)]
    return here.pick([spans.day(d) for d in monday if d.weekday() == weekday])


def weekday_said(here: Telling, match: Match) -> Interval:
    """This Friday (of the week), last Friday (the latest before today), next Friday (of the week after)."""
    today, weekday = here.today, here.value(match, "W")
    if here.letters[match.start()] in "lF":
        today = here.told if here.letters[match.start()] == "F" else here.anchor or today
    how = here.letters[match.start() : match.start("W")].lstrip("i") or "i"
    if how[-1] in "Llq":
        return spans.day(today - timedelta(days=(today.weekday() - weekday - 1) % 7 + 1))
    if how[-1] in "xF":
        return spans.day(today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1))
    if how[-1] == "j":
        return spans.day(here.told) if here.told.weekday() == weekday else bare_weekday(here, match)
    monday = today - timedelta(days=today.weekday())
    return spans.day(monday + timedelta(days=weekday + (7 if how[-1] == "X" else 0)))


def weekday_of(here: Telling, match: Match) -> Interval:
    """Friday of last week; the last Thursday of November; the first Monday in October."""
    weekday, inside = here.value(match, "W"), here.part(match, "rest")
    if inside.precision == "week":
        return spans.day(inside.start + timedelta(days=weekday))
    if inside.precision == "day":
        return inside
    nth = -1 if here.has(match, "L") else (here.value(match, "O") if here.has(match, "O") else 0)
    if not nth:
        raise NoTime
    return spans.day(spans.nth_weekday(inside.start.year, inside.start.month, nth, weekday))


def weekdays_ago(here: Telling, match: Match) -> Interval:
    """Two Sundays ago: the second one before today."""
    back = (here.today.weekday() - here.value(match, "W") - 1) % 7 + 1
    return spans.day(here.today - timedelta(days=back + 7 * (here.count(match) - 1)))


def deictic(here: Telling, match: Match) -> Interval:
    """Today, tonight, yesterday, tomorrow."""
    return spans.day(here.today + timedelta(days=here.value(match, "t")))


def deictic_weekday(here: Telling, match: Match) -> Interval:
    """Today, Tuesday; overnight Monday: where the two differ the weekday tells the day."""
    said = deictic(here, match)
    return said if said.start.weekday() == here.value(match, "W") else bare_weekday(here, match)


def feast(here: Telling, match: Match) -> Interval:
    """Christmas, Easter Monday, last Thanksgiving, New Year's Day 2022."""
    row = holidays()[str(here.tokens[match.start("B")].value)]
    if row["kind"] == "date":
        return spans.day(date.fromisoformat(row["value"]))

    def make(year: int) -> Interval:
        return spans.day(feast_day(row["kind"], row["value"], year))

    if here.has(match, "Y"):
        return make(here.value(match, "Y"))
    return here.said(match, make)


def part_of_day(here: Telling, match: Match) -> Interval:
    """Last night, that evening, the next morning."""
    how = here.letters[match.start()]
    if how == "L":
        return spans.day(here.today - timedelta(days=1))
    if how in "lP":
        return spans.day((here.anchor or here.today) - timedelta(days=1))
    if how in "XF":
        return spans.day(here.told + timedelta(days=1))
    return spans.day(here.told)


def of_today(here: Telling, match: Match) -> Interval:
    """This morning, early evening, just after midnight; "night" by itself is none."""
    bare = match.end() - match.start() == 1 and not here.definite
    if bare and str(here.tokens[match.start()].value) in STRETCHES:
        raise NoTime
    return spans.day(here.today)


def weekend(here: Telling, match: Match) -> Interval:
    """The weekend by tense; this, last, next weekend by the week."""
    how = here.letters[match.start() : match.end() - 1].lstrip("i")
    weeks = [spans.unit_of(here.today + timedelta(days=7 * k), "weekend") for k in (-1, 0, 1)]
    if how and how[-1] in "Llq":
        return weeks[0]
    if how and how[-1] in "XF":
        return weeks[2]
    if (how and how[-1] == "x") or (here.letters[match.start()] == "i" and not how):
        return weeks[1]
    return here.pick(weeks)


def weekend_of(here: Telling, match: Match) -> Interval:
    """The weekend of March 3; Easter weekend: of a Monday feast the weekend before it."""
    found = here.part(match, "rest" if here.has(match, "rest") else "day").start
    return spans.unit_of(found - timedelta(days=1) if found.weekday() == 0 else found, "weekend")


def clock_ago(here: Telling, match: Match) -> Interval:
    """Hours ago: the day of publication."""
    hours = here.value(match, "n") if here.has(match, "n") else 0
    days = round(hours / 24) if unit_is_hour(here, match) else 0
    if here.letters[match.end() - 1] == "s":
        return spans.day(here.told + timedelta(days=days))
    return spans.day(here.today - timedelta(days=days))


def hours(here: Telling, match: Match) -> Interval:
    """The last 24 hours, within hours: as many whole days as they fill."""
    if not here.narrow:
        raise NoTime
    per_day = 24 if str(here.tokens[match.end() - 1].value).startswith("h") else 1440
    days = here.count(match) // per_day if "N" in match.group() else 0
    back = here.letters[match.start("how")] in "Llq"
    other = here.today + timedelta(days=-days if back else days)
    return Interval(min(here.today, other), max(here.today, other), "vague" if days else "day")


def unit_is_hour(here: Telling, match: Match) -> bool:
    """Whether the clock unit before the last word is hours."""
    return str(here.tokens[match.end() - 2].value).startswith("h")


def _numeric_date(text: str, published: date | None) -> date:
    digits = re.split(r"[-/.T ]", text)
    if len(digits[0]) == 8:
        return date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    a, b, c = (int(d) for d in digits[:3])
    if len(digits[0]) == 4:
        return date(a, b, c)
    year = c if len(digits[2]) == 4 else c + (1900 if c >= 30 else 2000)
    readings = [date(year, m, d) for d, m in ((a, b), (b, a)) if 1 <= m <= 12 and spans.is_day(year, m, d)]
    if not readings:
        raise NoTime
    return spans.nearest(readings, published) if published and len(readings) > 1 and "." not in text else readings[0]
