"""The days of feasts, by the rules of the calendars they belong to."""

from datetime import date, timedelta

from detente.reading.calendar.spans import nth_weekday


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


def feast_day(kind: str, value: str, year: int) -> date:
    """The day of a feast in a year, from its row's kind and value in the table of holidays."""
    if kind == "fixed":
        return date(year, int(value[:2]), int(value[3:]))
    if kind == "nth":
        return nth_weekday(year, *(int(v) for v in value.split()))
    sunday = easter(year) if kind == "easter" else orthodox_easter(year)
    return sunday + timedelta(days=int(value))
