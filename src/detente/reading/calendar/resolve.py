"""The days that a time expression means, told from the day the article appeared.

An expression becomes one letter a word (`words.LETTERS`); `_RULES` lists, in order, the shapes that name a
time and the method that computes it. The first shape that fits decides, and None from its method is a
decision too: the words name no time. Shapes are composed: "early in", "the first week of", "a year before"
resolve what follows them and then narrow or move it.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import Literal

from detente.model import When
from detente.reading.calendar import spans
from detente.reading.calendar.spans import Interval
from detente.reading.calendar.words import Token, holidays, tokens

Tense = Literal["past", "future"]
Convention = Literal["interval", "value"]
Match = re.Match[str]

# Longer strings are no expression; the bound keeps hostile input cheap.
LONGEST = 200
# "A few" is read as three and no more than six: the sense dictionaries give, "more than two but not many".
FEW = (2, 3, 6)
# Writers give the year of a day that lies farther away than this; without it the nearest one is meant.
FARTHEST = timedelta(days=300)


class _NoTime(Exception):
    """What is asked for needs a publication day or an anchor that is not known, or the words name no time."""


class _Unread(_NoTime):
    """Part of a shape is itself none that names a time: something shorter may be."""


def resolve(
    expression: str,
    published: date | None,
    tense: Tense | None = None,
    anchor: date | None = None,
    *,
    convention: Convention = "interval",
    wire: bool = False,
) -> When | None:
    """The days that `expression` means in an article of the day `published`, or None where it names no time.

    `tense` is that of the clause: a bare weekday, date or month is the last one up to publication in the past,
    the next from it in the future, the nearest without (of two as near, the past one). `anchor` is the day told
    before, which "the following week" or "that day" count from; without one they name nothing. `published` None
    leaves what needs no such day. `wire`: copy dated a day before its weekdays, where a weekday of the day
    after publication is that day in the past tense too.

    `convention` "interval" gives the narrowest stretch that the words bear: "early 1990" January to April, "the
    past two weeks" fourteen days, "in the coming weeks" a stretch with precision "vague". "value" gives what an
    annotator of news in the manner of TimeML writes down: the calendar unit named (1990), and None for lengths
    of time, also those counted up to now ("the past two weeks"), and for vague ones.

    Durations, sets ("every week"), ages and words for now, once or some day name no time in either. Never raises.
    """
    text = expression.strip()
    if not text or len(text) > LONGEST:
        return None
    try:
        found = _Resolver(_prepare(tokens(text, alone=True)), published, tense, anchor, convention, wire).whole()
    except (_NoTime, OverflowError, ValueError):
        # Beyond the calendar's years, or a 31st of June.
        return None
    return When(start=found.start, end=found.end, text=expression, precision=found.precision) if found else None


_WHOLES = frozenset(("all", "full", "whole", "entire"))
_DROPPED = frozenset(",.;{}o@u'$!")
_JOINED = frozenset("1NOYMWIZ")


def _prepare(found: list[Token]) -> list[Token]:
    """The tokens that rules look at: marks and small words gone, numbers joined, hyphens kept between dates only."""
    kept: list[Token] = []
    for i, token in enumerate(found):
        if token.letter in _DROPPED:
            continue
        if token.letter == "-":
            after = found[i + 1].letter if i + 1 < len(found) else ""
            if not (kept and kept[-1].letter in _JOINED and after in _JOINED):
                continue
            # "31-Jan-2000" is one date, "10-13", "28-February" after a month are two.
            pair = {kept[-1].letter, "N" if after in "1O" else after}
            if len(pair) > 1 and "M" in pair and not (len(kept) > 1 and kept[-2].letter == "M"):
                continue
            # A number spelt in two words is one.
            if _spelt(kept[-1]) and _spelt(found[i + 1]) and after in "1NO":
                continue
        if token.letter == "1":
            token = token._replace(letter="N")
        if token.letter == "G":
            token = token._replace(letter="U")
        if token.letter == "Q" and isinstance(token.value, int) and kept and kept[-1].letter == "N":
            token = token._replace(letter="W") if "".join(t.letter for t in found[i + 1 : i + 2]) == "g" else token
        last = kept[-1] if kept else None
        if last and last.letter == "N" and token.letter in "NO" and _spelt(last) and _spelt(token):
            total = (
                int(last.value) * int(token.value)
                if int(token.value) in (12, 100)
                else int(last.value) + int(token.value)
            )
            kept[-1] = Token(last.start, token.end, token.letter, total, token.text)
            continue
        kept.append(token)
    return kept


def _spelt(token: Token) -> bool:
    return token.text.isalpha()


def _nearest(candidates: list[date], to: date) -> date:
    return min(candidates, key=lambda c: (abs((c - to).days), c))


class _Resolver:
    """Resolves slices of one expression's tokens; every method raises _NoTime where the words name none."""

    def __init__(
        self,
        found: list[Token],
        published: date | None,
        tense: Tense | None,
        anchor: date | None,
        convention: Convention,
        wire: bool,
    ) -> None:
        self.published = published
        self.tense = tense
        self.anchor = anchor
        self.narrow = convention == "interval"
        self.wire = wire
        self.parts = "".join(t.letter for t in found)
        self.clocked = bool(re.search("[CP]|[NY]p", self.parts))
        self.tokens = _years_named(_without_clock(found), published)
        letters = "".join(t.letter for t in self.tokens)
        self.definite = bool(re.match("k?d", letters))
        articles = [t for t in self.tokens[: len(letters) - len(letters.lstrip("kd"))] if t.letter == "d"]
        # "The last year" is a length, "all of last year" is the year.
        self.article = bool(articles) and articles[-1].text.lower() not in _WHOLES
        self.tokens = [t for t in self.tokens if t.letter != "d"]
        self.letters = "".join(t.letter for t in self.tokens)
        self.lead = 0

    # -- entry ---------------------------------------------------------------------------------------------------

    def whole(self) -> Interval | None:
        """The whole expression; else the longest stretch of it that has a rule."""
        if "Q" in self.parts:
            return None
        lead = self.lead = len(self.letters) - len(self.letters.lstrip("k"))
        if lead < len(self.letters) and self.letters[lead:].count("k"):
            self._drop_inner_prepositions(lead)
        size = len(self.letters)
        if lead == size:
            return spans.day(self.today) if self.clocked and not re.search("[aN]P", self.parts) else None
        for length in range(size - lead, 0, -1):
            for start in range(lead, size - length + 1):
                # "year" in "34-year-old" is no year; "the year" is.
                if self.letters[start : start + length] == "U" and not (self.definite and start == lead):
                    continue
                if length == 1 and self.letters[start] == "O" and not self.tokens[start].text[0].isdigit():
                    continue
                rule = self._rule(start, start + length)
                # A single word of length ("hours" in "the early hours of Monday") decides nothing for the rest.
                if rule and not (length == 1 < size - lead and rule[0] is _Resolver.nothing):
                    method, match = rule
                    try:
                        return method(self, match)
                    except _Unread:
                        continue
        return None

    def _drop_inner_prepositions(self, lead: int) -> None:
        self.tokens = self.tokens[:lead] + [t for t in self.tokens[lead:] if t.letter != "k"]
        self.letters = "".join(t.letter for t in self.tokens)

    def _rule(self, start: int, end: int) -> "tuple[Callable[[_Resolver, Match], Interval | None], Match] | None":
        for pattern, method in _rules():
            match = pattern.fullmatch(self.letters, start, end)
            if match:
                return method, match
        return None

    def part(self, match: Match, group: str | int) -> Interval:
        """What the tokens of a group mean by themselves."""
        rule = self._rule(*match.span(group))
        if rule is None:
            raise _Unread
        found = rule[0](self, rule[1])
        if found is None:
            raise _Unread
        return found

    @property
    def today(self) -> date:
        """The day of publication."""
        if self.published is None:
            raise _NoTime
        return self.published

    @property
    def told(self) -> date:
        """The day told before."""
        if self.anchor is None:
            raise _NoTime
        return self.anchor

    def value(self, match: Match, group: str) -> int:
        """The number that the first token of a group stands for."""
        return int(self.tokens[match.start(group)].value)

    def unit(self, match: Match, group: str = "U") -> str:
        """The unit that the last token of a group names."""
        return str(self.tokens[match.end(group) - 1].value)

    def has(self, match: Match, group: str) -> bool:
        """Whether an optional group stands there."""
        return match.span(group) not in ((-1, -1),) and match.start(group) < match.end(group)

    def at(self, day: date | None, tense: Tense | None = None) -> "_Resolver":
        """The same tokens, told from another day."""
        other = object.__new__(_Resolver)
        other.__dict__.update(self.__dict__)
        other.published, other.tense = day, tense
        return other

    def _count(self, match: Match, group: str = "n") -> int:
        """The number before a unit: "two", "a", "two and a half" (its whole part, in units), none: one."""
        words = self.tokens[match.start(group) : match.end(group)]
        numbers = [int(t.value) for t in words if t.letter in "N"]
        return numbers[0] if numbers else 1

    # -- picking by tense ----------------------------------------------------------------------------------------

    def pick(self, candidates: list[Interval]) -> Interval:
        """Of intervals in order the last begun in the past, the first unfinished in the future, or the nearest."""
        today = self.today
        if self.tense == "past":
            begun = [c for c in candidates if c.start <= today]
            if begun:
                return begun[-1]
        elif self.tense == "future":
            open_ = [c for c in candidates if c.end >= today]
            if open_:
                return open_[0]

        def distance(c: Interval) -> tuple[int, date]:
            if c.start <= today <= c.end:
                return 0, c.start
            if c.precision == "day":
                return abs((c.start - today).days), c.start
            middle = c.start + (c.end - c.start) / 2
            return abs((middle - today).days), c.start

        return min(candidates, key=distance)

    def in_years(self, make: Callable[[int], Interval]) -> Interval:
        """Of the yearly intervals the one meant; a day so far off that its year would be given is the nearest."""
        years = range(self.today.year - 4, self.today.year + 5)
        made = []
        for year in years:
            try:
                made.append(make(year))
            except ValueError:  # 29 February
                continue
        found = self.pick(made)
        if found.precision == "day" and abs(found.start - self.today) > FARTHEST:
            near = self.at(self.today).pick(made)
            if abs(near.start - self.today) < timedelta(days=60):
                return near
        return found

    # -- days ----------------------------------------------------------------------------------------------------

    def numeric(self, match: Match) -> Interval:
        """2022-01-21, 21/01/2022, 1/21/22: where both orders make a date, the nearer to publication, else day first."""
        text = str(self.tokens[match.start("I")].value)
        return spans.day(_numeric_date(text, self.published))

    def month_day(self, match: Match) -> Interval:
        """January 21, 2022; Friday, 21 January. A weekday without a year chooses among the years at hand."""
        month, number = self.value(match, "M"), self.value(match, "N")
        if self.has(match, "Y"):
            return spans.day(date(self.value(match, "Y"), month, number))
        if self.has(match, "W"):
            weekday = self.value(match, "W")
            years = range(self.today.year - 2, self.today.year + 3)
            fit = [date(y, month, number) for y in years if _is_day(y, month, number)]
            fit = [d for d in fit if d.weekday() == weekday and abs(d - self.today) < timedelta(days=400)]
            if fit:
                return spans.day(_nearest(fit, self.today))
        return self.in_years(lambda year: spans.day(date(year, month, number)))

    def last_month_day(self, match: Match) -> Interval:
        """Last January 21."""
        month, number = self.value(match, "M"), self.value(match, "N")
        how = self.letters[match.start()]
        if how == "i":
            return spans.day(date(self.today.year, month, number))
        days = [
            date(y, month, number) for y in range(self.today.year - 5, self.today.year + 6) if _is_day(y, month, number)
        ]
        if how in "Llq":
            return spans.day([d for d in days if d < self.today][-1])
        return spans.day(next(d for d in days if d > self.today))

    def of_month(self, match: Match) -> Interval:
        """The 21st; Monday the 21st; the 15th of this month."""
        number = self.value(match, "O")
        if self.has(match, "rest"):
            month = self.part(match, "rest")
            return spans.day(month.start.replace(day=number))
        if not 1 <= number <= 31:
            raise _NoTime
        around = [spans.shift(self.today.replace(day=1), "month", k) for k in range(-3, 4)]
        days = [m.replace(day=number) for m in around if number <= spans.length_of(m.year, m.month)]
        if self.has(match, "W"):
            days = [d for d in days if d.weekday() == self.value(match, "W")]
            if not days:
                return self.weekday(match)
        return self.pick([spans.day(d) for d in days])

    def weekday(self, match: Match) -> Interval:
        """Friday: by tense; of no tense the nearest."""
        today, weekday = self.today, self.value(match, "W")
        if self.wire and self.tense == "past" and (today + timedelta(days=1)).weekday() == weekday:
            return spans.day(today + timedelta(days=1))
        monday = [today + timedelta(days=k) for k in range(-7, 8)]
        return self.pick([spans.day(d) for d in monday if d.weekday() == weekday])

    def weekday_said(self, match: Match) -> Interval:
        """This Friday (of the week), last Friday (the latest before today), next Friday (of the week after)."""
        today, weekday = self.today, self.value(match, "W")
        if self.letters[match.start()] in "lF":
            today = self.told if self.letters[match.start()] == "F" else self.anchor or today
        how = self.letters[match.start() : match.start("W")].lstrip("i") or "i"
        if how[-1] in "Llq":
            return spans.day(today - timedelta(days=(today.weekday() - weekday - 1) % 7 + 1))
        if how[-1] in "xF":
            return spans.day(today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1))
        if how[-1] == "j":
            return spans.day(self.told) if self.told.weekday() == weekday else self.weekday(match)
        monday = today - timedelta(days=today.weekday())
        return spans.day(monday + timedelta(days=weekday + (7 if how[-1] == "X" else 0)))

    def weekday_of(self, match: Match) -> Interval:
        """Friday of last week; the last Thursday of November; the first Monday in October."""
        weekday, inside = self.value(match, "W"), self.part(match, "rest")
        if inside.precision == "week":
            return spans.day(inside.start + timedelta(days=weekday))
        if inside.precision == "day":
            return inside
        nth = -1 if self.has(match, "L") else (self.value(match, "O") if self.has(match, "O") else 0)
        if not nth:
            raise _NoTime
        return spans.day(spans.nth_weekday(inside.start.year, inside.start.month, nth, weekday))

    def weekdays_ago(self, match: Match) -> Interval:
        """Two Sundays ago: the second one before today."""
        back = (self.today.weekday() - self.value(match, "W") - 1) % 7 + 1
        return spans.day(self.today - timedelta(days=back + 7 * (self._count(match) - 1)))

    def deictic(self, match: Match) -> Interval:
        """Today, tonight, yesterday, tomorrow."""
        return spans.day(self.today + timedelta(days=self.value(match, "t")))

    def deictic_weekday(self, match: Match) -> Interval:
        """Today, Tuesday; overnight Monday: where the two differ the weekday tells the day."""
        said = self.deictic(match)
        return said if said.start.weekday() == self.value(match, "W") else self.weekday(match)

    def feast(self, match: Match) -> Interval:
        """Christmas, Easter Monday, last Thanksgiving, New Year's Day 2022."""
        row = holidays()[str(self.tokens[match.start("B")].value)]
        if row["kind"] == "date":
            return spans.day(date.fromisoformat(row["value"]))

        def make(year: int) -> Interval:
            return spans.day(_feast(row["kind"], row["value"], year))

        if self.has(match, "Y"):
            return make(self.value(match, "Y"))
        return self._said(match, make)

    def _said(self, match: Match, make: Callable[[int], Interval]) -> Interval:
        """A yearly interval with this, last or next before it, or by tense."""
        how = self.letters[match.start()]
        if how not in "iLlqXxFj":
            return self.in_years(make)
        base = self.told if how == "F" else (self.anchor or self.today) if how == "l" else self.today
        around = [make(y) for y in range(base.year - 2, base.year + 3)]
        if how in "Llq":
            return [c for c in around if c.end < base][-1]
        if how in "XxF":
            return next(c for c in around if c.start > base)
        if how == "j":
            raise _NoTime
        holding = [c for c in around if c.start <= self.today <= c.end]
        return holding[0] if holding else make(self.today.year)

    def part_of_day(self, match: Match) -> Interval:
        """Last night, that evening, the next morning."""
        how = self.letters[match.start()]
        if how == "L":
            return spans.day(self.today - timedelta(days=1))
        if how in "lP":
            return spans.day((self.anchor or self.today) - timedelta(days=1))
        if how in "XF":
            return spans.day(self.told + timedelta(days=1))
        return spans.day(self.told)

    def of_today(self, match: Match) -> Interval:
        """This morning, early evening, just after midnight; "night" by itself is none."""
        bare = match.end() - match.start() == 1 and not self.definite
        if bare and str(self.tokens[match.start()].value) in ("morning", "afternoon", "evening", "night"):
            raise _NoTime
        return spans.day(self.today)

    def weekend_of(self, match: Match) -> Interval:
        """The weekend of March 3; Easter weekend: of a Monday feast the weekend before it."""
        found = self.part(match, "rest" if self.has(match, "rest") else "day").start
        return spans.unit_of(found - timedelta(days=1) if found.weekday() == 0 else found, "weekend")

    # -- units ---------------------------------------------------------------------------------------------------

    def this_unit(self, match: Match) -> Interval:
        """This week, the month, the current quarter; "the quarter" is the one reports are of, the last full one."""
        unit = str(next(t.value for t in self.tokens[match.start() :] if t.letter == "U"))
        how = self.letters[match.start() : match.end()].replace("f", "").replace("U", "")
        alone = match.start() == self.lead
        if not how and alone and not self.definite:
            raise _NoTime  # "year" as in "year-old"
        if not how and unit in ("quarter", "half") and self.tense != "future" and alone:
            return spans.unit_of(spans.shift(self.today, unit, -1), unit)
        return spans.unit_of(self.today, unit)

    def moved_unit(self, match: Match) -> Interval:
        """Last week, next year, the previous month; with "the", a length of time up to or from now."""
        unit = self.unit(match)
        how = self.letters[match.start() : match.start("U")].replace("f", "").lstrip("i") or "i"
        said_this = self.letters[match.start()] == "i"
        length = (
            how in "LqXx" and self.article and match.start() == self.lead and unit not in ("quarter", "half", "century")
        )
        if (how == "q" or (length and how in "Lq")) and not said_this and unit not in ("quarter", "half", "session"):
            return self._stretch(-1 if how in "Lq" else 1, unit)
        if how == "X" and length:
            if self.anchor is not None:
                return spans.unit_of(spans.shift(self.anchor, unit, 1), unit)
            if unit == "day":
                raise _NoTime
            return self._stretch(1, unit)
        base = (self.anchor or self.today) if how in "lF" else self.today
        if how == "F" and self.anchor is None:
            raise _NoTime
        step = -1 if how in "Llq" else 1
        if unit == "session":
            moved = base + timedelta(days=step)
            while moved.weekday() > 4:  # markets rest at the weekend
                moved += timedelta(days=step)
            return spans.day(moved)
        return spans.unit_of(spans.shift(base, unit, step), unit)

    def one_off(self, match: Match) -> Interval:
        """The week before last, the year after next, the Sunday before last."""
        sign = -1 if self.letters[match.end() - 2] == "(" else 1
        if self.letters[match.start()] == "W":
            weekday = self.value(match, "U")
            back = (self.today.weekday() - weekday - 1) % 7 + 8
            ahead = (weekday - self.today.weekday() - 1) % 7 + 8
            return spans.day(self.today + timedelta(days=-back if sign < 0 else ahead))
        unit = self.unit(match)
        return spans.unit_of(spans.shift(self.today, unit, 2 * sign), unit)

    def unit_with(self, match: Match) -> Interval:
        """The week of Oct. 23, the month of March: the unit that holds it."""
        return spans.unit_of(self.part(match, "rest").start, self.unit(match))

    def _stretch(self, count: int, unit: str) -> Interval:
        """`count` units from the publication day, or up to it where negative: a length of time, which has no value."""
        if not self.narrow:
            raise _NoTime
        other = spans.shift(self.today, unit, count)
        precision = spans.PRECISION[unit] if abs(count) == 1 else "vague"
        return Interval(min(self.today, other), max(self.today, other), precision)

    def that_unit(self, match: Match) -> Interval:
        """That day, the same week."""
        return spans.unit_of(self.told, str(self.tokens[match.end() - 1].value))

    def stretch(self, match: Match) -> Interval:
        """The past two weeks, the next six months."""
        unit = self.unit(match)
        back = self.letters[match.start("how")] in "Llq"
        count = self._count(match)
        return self._stretch(-count if back else count, unit)

    def vague_stretch(self, match: Match) -> Interval:
        """Recent weeks, the past few months, the coming years: three units, precision vague."""
        if not self.narrow:
            raise _NoTime
        unit = str(self.tokens[match.end() - 1].value)
        ahead = bool(re.search(r"[xX\[F]", match.group()))
        other = spans.shift(self.today, unit, FEW[1] if ahead else -FEW[1])
        return Interval(min(self.today, other), max(self.today, other), "vague")

    def vague_ago(self, match: Match) -> Interval:
        """A few days ago, months ago: two to six units back."""
        if not self.narrow:
            raise _NoTime
        unit = self.unit(match)
        return Interval(spans.shift(self.today, unit, -FEW[2]), spans.shift(self.today, unit, -FEW[0]), "vague")

    def ago(self, match: Match) -> Interval:
        """Two weeks ago: the week; a year ago: the year; four days ago: the day. "Earlier" counts from the anchor."""
        unit = self.unit(match)
        base = self.today if self.letters[match.end() - 1] == "g" else (self.anchor or self.today)
        return spans.unit_of(spans.shift(base, unit, -self._count(match)), unit)

    def ago_from(self, match: Match) -> Interval:
        """A year ago today, two years ago this month, the year-earlier quarter, a week ago Friday."""
        unit, count = self.unit(match), self._count(match)
        then = spans.shift(self.today, unit, -count)
        rest = self.letters[match.start("rest") : match.end("rest")]
        if rest == "U":
            inner = self.unit(match, "rest")
            if inner == "quarter":
                return spans.unit_of(spans.shift(then, "quarter", -1), inner)
            return spans.unit_of(then, inner)
        if rest == "W" and unit == "week":
            monday = then - timedelta(days=then.weekday())
            return spans.day(monday + timedelta(days=self.value(match, "rest")))
        if unit in ("year", "decade", "month"):
            found = self.part(match, "rest")
            return _moved(found, unit, -count)
        return self.at(then).part(match, "rest")

    def later(self, match: Match) -> Interval:
        """Two days later: from the anchor. Two weeks from now, hence: from publication."""
        unit = self.unit(match)
        base = self.today if self.letters[match.end() - 1] in "hR" else self.told
        return spans.unit_of(spans.shift(base, unit, self._count(match)), unit)

    def clock_ago(self, match: Match) -> Interval:
        """Hours ago: the day of publication."""
        hours = self.value(match, "n") if self.has(match, "n") else 0
        days = round(hours / 24) if self.unit_is_hour(match) else 0
        if self.letters[match.end() - 1] == "s":
            return spans.day(self.told + timedelta(days=days))
        return spans.day(self.today - timedelta(days=days))

    def hours(self, match: Match) -> Interval:
        """The last 24 hours, within hours: as many whole days as they fill."""
        if not self.narrow:
            raise _NoTime
        per_day = 24 if str(self.tokens[match.end() - 1].value).startswith("h") else 1440
        days = self._count(match) // per_day if "N" in match.group() else 0
        back = self.letters[match.start("how")] in "Llq"
        other = self.today + timedelta(days=-days if back else days)
        return Interval(min(self.today, other), max(self.today, other), "vague" if days else "day")

    def unit_is_hour(self, match: Match) -> bool:
        """Whether the clock unit before the last word is hours."""
        return str(self.tokens[match.end() - 2].value).startswith("h")

    def ahead(self, match: Match) -> Interval:
        """In three days, in two months, of what is to come; else it is how long something took."""
        if not self.lead or self.tense != "future" or match.start() != self.lead:
            raise _NoTime
        unit = self.unit(match)
        return spans.unit_of(spans.shift(self.today, unit, self._count(match)), unit)

    def within(self, match: Match) -> Interval:
        """Within three days, within the next month, within weeks."""
        if self.has(match, "v"):
            return self.vague_stretch(match)
        if not self.narrow:
            raise _NoTime
        end = spans.shift(self.today, self.unit(match), self._count(match))
        return Interval(self.today, end, "vague" if self.unit(match) != "day" else "day")

    def beside(self, match: Match) -> Interval:
        """The day before, two days before Christmas, the day after tomorrow, a week from Monday."""
        unit, count = self.unit(match), self._count(match)
        sign = -1 if self.letters[match.start("side")] == "(" else 1
        found = None
        if self.has(match, "rest"):
            found = self.part(match, "rest")
            base = found.start if sign < 0 else found.end
        else:
            # "Up from the year before" is told from the article's own year; a day or week before is the story's.
            base = self.anchor or (self.today if unit in ("year", "quarter") and sign < 0 else self.told)
        moved = spans.shift(base, unit, sign * count)
        if self.letters[match.start("side")] == "=" and found and found.precision == "day":
            return spans.day(moved)
        return spans.unit_of(moved, unit)

    def nth_unit(self, match: Match) -> Interval:
        """The third quarter (of 1989), the first week of March, the 20th century, the last month of the year."""
        unit = self.unit(match)
        last = self.letters[match.start("O")] == "L"
        nth = -1 if last else self.value(match, "O")
        if unit == "century":
            return spans.century(nth)
        if not self.has(match, "rest"):
            if unit not in ("quarter", "half"):
                raise _NoTime
            size = 3 if unit == "quarter" else 6
            if not 1 <= nth <= 12 // size:
                raise _NoTime
            return self.in_years(lambda year: spans.months(year, (nth - 1) * size + 1, size, "season"))
        return _nth_in(self.part(match, "rest"), unit, nth, 1)

    def nth_units(self, match: Match) -> Interval:
        """The first nine months (of 1989), the last three days of March: a length, an interval all the same."""
        if not self.narrow:
            raise _NoTime
        unit, count = self.unit(match), self._count(match)
        nth = -1 if self.letters[match.start("O")] == "L" else self.value(match, "O")
        inside = self.part(match, "rest") if self.has(match, "rest") else spans.unit_of(self.today, "year")
        if not self.has(match, "rest") and (unit != "month" or count > 12 or nth != 1):
            raise _NoTime
        return _nth_in(inside, unit, nth, count)

    def numbered(self, match: Match) -> Interval:
        """Q3 2021, 3Q, H1."""
        text = str(self.tokens[match.start("J")].value)
        size = 3 if "Q" in text else 6
        nth = int(re.sub(r"\D", "", text))

        def make(year: int) -> Interval:
            return spans.months(year, (nth - 1) * size + 1, size, "season")

        return make(self.value(match, "Y")) if self.has(match, "Y") else self.in_years(make)

    def same_unit(self, match: Match) -> Interval:
        """The same quarter last year, the same month of 1988, the same period a year ago."""
        year = self.part(match, "rest")
        if not self.has(match, "U"):
            return year
        unit = self.unit(match)
        if unit == "year":
            return year
        return self._like(year.start.year, unit)

    def _like(self, year: int, unit: str) -> Interval:
        """The unit of another year that answers to the present one, or to the last full quarter, which is reported."""
        base = spans.shift(self.today, "quarter", -1) if unit == "quarter" else self.today
        return spans.unit_of(spans.shift(base, "year", year - self.today.year), unit)

    def ended(self, match: Match) -> Interval:
        """The week ended Friday, the quarter ended Sept. 30, the nine months to 30 September."""
        end, unit = self.part(match, "rest").end, self.unit(match)
        if self.letters[match.start("U") : match.end("U")].endswith("V"):
            if not self.narrow:
                raise _NoTime
            return Interval(_whole_months_before(end, unit, self._count(match)), end, "vague")
        if unit == "week":
            return spans.unit_of(end, "week")
        return Interval(_whole_months_before(end, unit, 1), end, spans.PRECISION[unit])

    def begun(self, match: Match) -> Interval:
        """The week beginning May 20, the year starting Oct. 1."""
        start, unit = self.part(match, "rest").start, self.unit(match)
        if unit == "week":
            return spans.unit_of(start, unit)
        return Interval(start, spans.shift(start, unit, 1) - timedelta(days=1), spans.PRECISION[unit])

    # -- months, seasons, years ----------------------------------------------------------------------------------

    def month(self, match: Match) -> Interval:
        """March 1990; March, last March, next March."""
        number = self.value(match, "M")
        if self.has(match, "Y"):
            return spans.months(self.value(match, "Y"), number, 1, "month")
        return self._said(match, lambda year: spans.months(year, number, 1, "month"))

    def season(self, match: Match) -> Interval:
        """Spring 1990, last summer, this winter; a winter bears the year of its December."""
        first = self.value(match, "S")
        if self.has(match, "Z"):
            return spans.season(int(str(self.tokens[match.start("Z")].value)[:4]), first)
        if self.has(match, "Y"):
            return spans.season(self.value(match, "Y"), first)
        if self.letters[match.start()] == "i":
            return self.pick([spans.season(y, first) for y in (self.today.year - 1, self.today.year)][(first != 12) :])
        return self._said(match, lambda year: spans.season(year, first))

    def weekend(self, match: Match) -> Interval:
        """The weekend by tense; this, last, next weekend by the week."""
        how = self.letters[match.start() : match.end() - 1].lstrip("i")
        weeks = [spans.unit_of(self.today + timedelta(days=7 * k), "weekend") for k in (-1, 0, 1)]
        if how and how[-1] in "Llq":
            return weeks[0]
        if how and how[-1] in "XF":
            return weeks[2]
        if (how and how[-1] == "x") or (self.letters[match.start()] == "i" and not how):
            return weeks[1]
        return self.pick(weeks)

    def year(self, match: Match) -> Interval:
        """1989, fiscal 1989, the year 1989; the 1988 quarter is that year's like of the latest."""
        if str(self.tokens[match.end() - 1].value) == "quarter":
            return self._like(self.value(match, "Y"), "quarter")
        return spans.months(self.value(match, "Y"), 1, 12, "year")

    def years(self, match: Match) -> Interval:
        """2014-2015, 1989/90."""
        text = str(self.tokens[match.start("Z")].value)
        first, second = text[:4], text[5:]
        start, end = int(first), int(first[: 4 - len(second)] + second)
        if end < start or (len(second) == 2 and end > start + 1 and int(second) <= 12):
            # ISO 8601's year and month; "2003-04" is taken for two years, as seasons and budgets are written.
            return spans.months(start, int(second), 1, "month")
        return Interval(date(start, 1, 1), date(end, 12, 31), "year")

    def decade(self, match: Match) -> Interval:
        """The 1990s, the '80s, the nineties; the 1800s are a century, the 2000s ten years."""
        first = self.value(match, "D")
        if 1000 <= first < 2000 and first % 100 == 0:
            return spans.century(first // 100 + 1)
        if first < 100:
            # News of 1989 speaks of "the '90s" to come; farther off the last ones are meant.
            latest = (self.published.year if self.published else 2000) + 15
            first += latest // 100 * 100
            first -= 100 if first > latest else 0
        return spans.decade(first)

    # -- around other expressions ----------------------------------------------------------------------------------

    def narrowed(self, match: Match) -> Interval:
        """Early 1990, mid-October, the end of March, late last year, earlier this month, later this week."""
        how = self.letters[match.end("how") - 1]
        inner = self.part(match, "rest")
        if not self.narrow or inner.precision == "day" or (inner.end - inner.start).days < 2:
            return inner
        if how in "rs":
            today = self.today
            if not inner.start <= today <= inner.end:
                return inner
            return replace(inner, end=today) if how == "r" else replace(inner, start=today)
        return _third(inner, {"e": 0, "b": 0, "m": 1, "z": 2, "n": 2}[how])

    def unit_end(self, match: Match) -> Interval:
        """Year-end, month's end, year-end 1989."""
        if self.has(match, "Y"):
            inner = spans.months(self.value(match, "Y"), 1, 12, "year")
        else:
            inner = spans.unit_of(self.today, self.unit(match))
        return _third(inner, 2) if self.narrow else inner

    def bounded(self, match: Match) -> Interval:
        """By 15 October, until March: from publication to its end. Since Monday, from its start to publication."""
        how = self.letters[match.start()]
        if how == ")":
            raise _NoTime
        # "Since Friday" looks back and "by Friday" ahead, whatever the tense of the clause.
        if how == ">":
            inner = self.at(self.today, "past").part(match, "rest")
            return Interval(inner.start, max(self.today, inner.start), inner.precision)
        inner = (self.at(self.today, "future") if self.tense is None else self).part(match, "rest")
        end = inner.start - timedelta(days=1) if how == "(" else inner.end
        start = self.today if end >= self.today else min(inner.start, end)
        return Interval(start, end, inner.precision)

    def range(self, match: Match) -> Interval:
        """From Monday to Friday, January 10-13, between 10 and 13 January, 1914 to 1918, Tuesday and Wednesday."""
        left, right = self._range_sides(match)
        first = left.whole_part()
        second = right.at(first.end, "future").whole_part() if right.floating else right.whole_part()
        if second.end < first.start:
            first, second = second, first
        precision = first.precision if first.precision == second.precision else "vague"
        return Interval(first.start, second.end, precision)

    def _range_sides(self, match: Match) -> "tuple[_Side, _Side]":
        a = list(self.tokens[match.start("a") : match.end("a")])
        b = list(self.tokens[match.start("b") : match.end("b")])
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
            raise _NoTime
        return _Side(self, a), _Side(self, b)

    def bare(self, match: Match) -> Interval:
        """From Monday: its beginning alone is told, so the day, week or year itself."""
        return self.part(match, "rest")

    def nothing(self, match: Match) -> Interval | None:
        """Words that name no time: durations, sets, now and once."""
        return None


class _Side:
    """One side of a range, resolved by itself."""

    def __init__(self, whole: _Resolver, side: list[Token]) -> None:
        self.resolver = object.__new__(_Resolver)
        self.resolver.__dict__.update(whole.__dict__)
        self.resolver.tokens = side
        self.resolver.letters = "".join(t.letter for t in side)
        self.floating = "Y" not in self.resolver.letters and bool(re.fullmatch(r"[WM]N?P*", self.resolver.letters))

    def at(self, day: date, tense: Tense) -> "_Side":
        """The same side, told from another day."""
        self.resolver = self.resolver.at(day, tense)
        return self

    def whole_part(self) -> Interval:
        """What the side means."""
        rule = self.resolver._rule(0, len(self.resolver.letters))
        found = rule[0](self.resolver, rule[1]) if rule else None
        if found is None:
            raise _NoTime
        return found


# -- helpers without state -------------------------------------------------------------------------------------------


def _is_day(year: int, month: int, number: int) -> bool:
    return 1 <= number <= spans.length_of(year, month)


def _numeric_date(text: str, published: date | None) -> date:
    digits = re.split(r"[-/.T ]", text)
    if len(digits[0]) == 8:
        return date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    a, b, c = (int(d) for d in digits[:3])
    if len(digits[0]) == 4:
        return date(a, b, c)
    year = c if len(digits[2]) == 4 else c + (1900 if c >= 30 else 2000)
    readings = [date(year, m, d) for d, m in ((a, b), (b, a)) if 1 <= m <= 12 and _is_day(year, m, d)]
    if not readings:
        raise _NoTime
    return _nearest(readings, published) if published and len(readings) > 1 and "." not in text else readings[0]


def _feast(kind: str, value: str, year: int) -> date:
    if kind == "fixed":
        return date(year, int(value[:2]), int(value[3:]))
    if kind == "nth":
        return spans.nth_weekday(year, *(int(v) for v in value.split()))
    sunday = spans.easter(year) if kind == "easter" else spans.orthodox_easter(year)
    return sunday + timedelta(days=int(value))


def _moved(found: Interval, unit: str, count: int) -> Interval:
    """The interval `count` years or months on, still whole months where it was."""
    start, end = spans.shift(found.start, unit, count), spans.shift(found.end, unit, count)
    if found.precision in ("month", "season", "year", "vague") and found.start.day == 1:
        end = end.replace(day=spans.length_of(end.year, end.month))
    return Interval(start, end, found.precision)


def _whole_months_before(end: date, unit: str, count: int) -> date:
    """The first day of `count` units that end on `end`."""
    after = end + timedelta(days=1)
    return spans.shift(after, unit, -count)


def _nth_in(inside: Interval, unit: str, nth: int, count: int) -> Interval:
    """The `nth` unit (−1 the last) of an interval, or `count` of them from there; weeks count from the first day."""
    if unit == "half":
        return _half_of(inside, nth)
    if nth > 0:
        start = spans.shift(inside.start, unit, (nth - 1) * (count if nth > 1 else 1))
        end = spans.shift(start, unit, count) - timedelta(days=1)
    else:
        end = inside.end
        start = spans.shift(end + timedelta(days=1), unit, -count)
    if start < inside.start or start > inside.end:
        raise _NoTime
    precision = spans.PRECISION[unit] if count == 1 else "vague"
    return Interval(start, min(end, inside.end), precision)


def _half_of(inside: Interval, nth: int) -> Interval:
    """The first or second half: of a year six months, of anything shorter or longer by days."""
    if nth not in (1, 2, -1):
        raise _NoTime
    if inside.precision == "year" and inside.start.day == 1:
        return spans.months(inside.start.year, inside.start.month + (0 if nth == 1 else 6), 6, "season")
    middle = inside.start + (inside.end - inside.start) // 2
    if nth == 1:
        return replace(inside, end=middle)
    return replace(inside, start=min(middle + timedelta(days=1), inside.end))


def _third(inner: Interval, which: int) -> Interval:
    """The first, middle or last third: of a month days 1–10, 11–20, the rest; of a year four months; else by days."""
    if inner.precision == "month":
        first = inner.start
        starts = [first, first.replace(day=11), first.replace(day=21)]
        ends = [first.replace(day=10), first.replace(day=20), inner.end]
        return Interval(starts[which], ends[which], "month")
    whole = (inner.end.year - inner.start.year) * 12 + inner.end.month - inner.start.month + 1
    if inner.precision in ("year", "season") and inner.start.day == 1 and whole % 3 == 0:
        size = whole // 3
        return spans.months(inner.start.year, inner.start.month + which * size, size, inner.precision)
    if whole == 120 and inner.start.day == 1:
        years, count = ((0, 4), (4, 3), (7, 3))[which]
        return spans.months(inner.start.year + years, 1, 12 * count, "vague")
    days = (inner.end - inner.start).days + 1
    start = inner.start + timedelta(days=days * which // 3)
    return Interval(start, inner.start + timedelta(days=days * (which + 1) // 3 - 1), inner.precision)


def _without_clock(found: list[Token]) -> list[Token]:
    """The tokens without times of day: these name their day."""
    letters = "".join(t.letter for t in found)
    kept = [
        t for i, t in enumerate(found) if not (t.letter in "Cp" or (t.letter in "NY" and letters[i + 1 : i + 2] == "p"))
    ]
    if not all(t.letter in "direzLlXFjsbnmkaNOVvPR()" for t in kept):
        kept = [t for t in kept if t.letter != "P"]
    return kept


def _years_named(found: list[Token], published: date | None) -> list[Token]:
    """The tokens, where "last year", "this fiscal year" or "fiscal 1989" at their end has become the year itself."""
    letters = "".join(t.letter for t in found)
    match = re.search(r"(?<=[MNOSWBGUJVj])(k?d?(?P<how>[iLlXxq])f?(?P<U>U))$", letters) or re.search(
        r"^(?:k?d?(?P<how>[iLlXxq])f?(?P<U>U))(?=[OJSM])", letters
    )
    if match and published and found[match.start("U")].value == "year":
        how = letters[match.start("how")]
        year = published.year + {"i": 0, "L": -1, "l": -1, "q": -1, "X": 1, "x": 1}[how]
        last = found[match.end("U") - 1]
        named = Token(found[match.start()].start, last.end, "Y", year, last.text)
        return [*found[: match.start()], named, *found[match.end() :]]
    return found


_R = _Resolver
_AGO = r"(?P<n>[aN]*(?:&aU)?)(?P<U>[UV])(?:&aU)?"
_SAID = "[iLlqXxF]"
# Shapes over the letters of `words.LETTERS`, in the order they are tried; articles, "of", "on" and marks are gone.
_SHAPES: tuple[tuple[str, Callable[[_Resolver, Match], Interval | None]], ...] = (
    (r"[iLqXx]?R+", _R.nothing),
    # days
    (r"W?(?P<I>I)W?", _R.numeric),
    (r"(?P<W>W?)(?P<M>M)(?P<N>[NO])W?(?P<Y>Y?)", _R.month_day),
    (r"(?P<W>W?)(?P<N>[NO])(?P<M>M)W?(?P<Y>Y?)", _R.month_day),
    (r"[iLlqXxF]W?(?P<M>M)(?P<N>[NO])", _R.last_month_day),
    (r"(?P<W>)(?P<O>O)(?P<rest>)", _R.of_month),
    (r"(?P<W>W)(?P<O>[NO])(?P<rest>)", _R.of_month),
    (rf"(?P<W>)(?P<O>O)(?P<rest>{_SAID}U)", _R.of_month),
    (rf"(?P<O>)(?P<L>)(?P<W>W)(?P<rest>{_SAID}+U)", _R.weekday_of),
    (rf"(?P<O>)(?P<L>)(?P<rest>{_SAID}+U)(?P<W>W)", _R.weekday_of),
    (rf"(?P<O>O)(?P<L>)(?P<W>W)(?P<rest>MY?|{_SAID}U|U)", _R.weekday_of),
    (rf"(?P<O>)(?P<L>L)(?P<W>W)(?P<rest>MY?|{_SAID}U|U)", _R.weekday_of),
    (r"[rsezbmn]*(?P<W>W)[ezrs]*", _R.weekday),
    (r"[rsez]*[iLlqXxFj]{1,2}(?P<W>W)", _R.weekday_said),
    (r"[rsezbmn]*(?P<t>t)[ezrs]*", _R.deictic),
    (r"(?P<t>t)(?P<W>W)", _R.deictic_weekday),
    (r"[iLlqXxFj]?(?P<B>B)U?(?P<Y>Y?)", _R.feast),
    (r"(?P<rest>B)w|w(?P<day>MNY?|NMY?)", _R.weekend_of),
    (r"[LlXFj]P+", _R.part_of_day),
    (r"R?[iezrsbnm()]*P+", _R.of_today),
    (r"(?P<n>N)(?P<W>W)g", _R.weekdays_ago),
    # units by number and place
    (rf"(?P<how>{_SAID}+)(?P<n>N)(?P<U>[UV])", _R.stretch),
    (rf"(?:{_SAID}+a?[vy]+|{_SAID}*y)(?P<U>[UV])|i?[qXx](?P<U2>V)", _R.vague_stretch),
    (r"(?:a?v+)?(?P<U>V)[gr]", _R.vague_ago),
    (rf"(?P<how>{_SAID}+)(?P<n>N)H", _R.hours),
    (r"(?P<how>\[)[Xx]?(?P<n>[aNv]*)H", _R.hours),
    (r"(?:U?[av&])*(?P<n>N?)H[grs]", _R.clock_ago),
    (r"(?P<U>[UwW])\(L", _R.one_off),
    (r"(?P<U>[UwW])\)X", _R.one_off),
    (r"P\(", _R.part_of_day),
    (rf"{_AGO}[gr]", _R.ago),
    (rf"{_AGO}(?:s|h|=R)", _R.later),
    (r"\[[Xx]?a?(?P<v>v(?P<U>V)|(?P<U2>V))", _R.within),
    (r"\[(?P<v>)[Xx]?(?P<n>[aN]*)(?P<U>[UV])", _R.within),
    (r"(?P<n>[aN]+)(?P<U>[UV])", _R.ahead),
    (r"(?:[aNv]|&aU?|U(?=a))+[UVHP](?:&aU)?|[VH]", _R.nothing),
    (r"(?P<n>[aN]*)(?P<U>[UV])E(?P<rest>.+)", _R.ended),
    (r"(?P<n>)(?P<U>U)b(?P<rest>.+)", _R.begun),
    (r"(?P<n>)(?P<U>U)T(?P<rest>.+)", _R.ended),
    (r"(?P<n>[aN]+)(?P<U>V)T(?P<rest>.+)", _R.ended),
    (r"(?P<U>U)(?P<rest>(?:M|N[MO]|W|B|I).*)", _R.unit_with),
    (r"(?P<rest>Y)f?(?P<O>O)f?(?P<U>U)", _R.nth_unit),
    (r"j(?P<U>U?)(?P<rest>Y|LU|[aN]*[UV][gr])", _R.same_unit),
    (rf"{_AGO}[gr](?P<rest>.+)", _R.ago_from),
    (rf"(?P<rest>[^embznrs].*?){_AGO}[gr]", _R.ago_from),
    (r"(?P<n>[aN]+)(?P<U>[UV])(?P<side>[()])(?P<rest>.*)", _R.beside),
    (r"(?P<n>)(?P<U>U)(?P<side>[()])(?P<rest>.*)", _R.beside),
    (r"V[()].*", _R.nothing),
    (r"(?P<n>[aN]*)(?P<U>[UV])(?P<side>=)(?P<rest>.+)", _R.beside),
    (r"f?(?P<O>O)f?(?P<U>U)(?P<rest>)", _R.nth_unit),
    (r"(?P<O>[OL])f?(?P<n>N)(?P<U>V)(?P<rest>.*)", _R.nth_units),
    (r"f?(?P<O>O)f?(?P<U>U)f?(?P<rest>.+)", _R.nth_unit),
    (r"(?P<O>L)f?(?P<U>U)f?(?P<rest>.+)", _R.nth_unit),
    (r"(?P<Y>)f?(?P<J>J)", _R.numbered),
    (r"(?P<J>J)f?(?P<Y>Y)", _R.numbered),
    (r"(?P<Y>Y)(?P<J>J)", _R.numbered),
    (r"jU", _R.that_unit),
    (r"i*f?UU?", _R.this_unit),
    (r"i?[LlqXxF]f?(?P<U>U)", _R.moved_unit),
    # months, seasons, years
    (r"(?P<M>M)(?P<Y>Y)", _R.month),
    (r"(?P<Y>Y)(?P<M>M)", _R.month),
    (rf"{_SAID}{{0,2}}(?P<M>M)(?P<Y>)", _R.month),
    (r"(?P<S>S)(?P<Y>Y?)(?P<Z>Z?)", _R.season),
    (r"(?P<Y>Y)(?P<Z>)(?P<S>S)", _R.season),
    (r"[iLlqXxFj]{1,2}(?P<S>S)(?P<Y>)(?P<Z>)", _R.season),
    (rf"{_SAID}{{0,2}}w", _R.weekend),
    (r"f?U?f?(?P<Y>Y)(?:f?U)?", _R.year),
    (r"f?(?P<Z>Z)", _R.years),
    (r"(?P<D>D)", _R.decade),
    # around the others
    (r"(?P<Y>Y?)(?P<U>U)n", _R.unit_end),
    (r"(?P<U>U)n(?P<Y>Y)", _R.unit_end),
    (r"(?P<how>[embznrs](?:[T&]?[embznrs])*)(?P<rest>.+)", _R.narrowed),
    (r"[=~]?(?P<a>[^T&|=~<>-]+)[T&-](?P<b>[^T&|=~<>-]+)", _R.range),
    (r"=(?P<a>[^T&|=~<>-]+)\|(?P<b>[^T&|=~<>-]+)", _R.range),
    (r"[<>|()](?P<rest>.+)", _R.bounded),
    (r"=(?P<rest>.+)", _R.bare),
)


@cache
def _rules() -> tuple[tuple[re.Pattern[str], Callable[[_Resolver, Match], Interval | None]], ...]:
    return tuple((re.compile(shape), method) for shape, method in _SHAPES)
