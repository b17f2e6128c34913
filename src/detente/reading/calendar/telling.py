"""One expression as it is told: its tokens, the day it is told on, and what the rules ask of both."""

import re
from collections.abc import Callable, Sequence
from copy import copy
from datetime import date, timedelta
from typing import Literal

from detente.reading.calendar import spans
from detente.reading.calendar.preparing import WHOLES, without_clock, years_named
from detente.reading.calendar.spans import Interval
from detente.reading.calendar.words import Token

Tense = Literal["past", "future"]
Convention = Literal["interval", "value"]
Match = re.Match[str]
Rule = Callable[["Telling", Match], Interval]
Rules = Sequence[tuple[re.Pattern[str], Rule]]

# Parts of the day that are stretches of it: by themselves they may be any.
STRETCHES = ("morning", "afternoon", "evening", "night")
# Writers give the year of a day that lies farther away than this; without it the nearest one is meant.
FARTHEST = timedelta(days=300)


class NoTime(Exception):
    """What is asked for needs a publication day or an anchor that is not known, or the words name no time."""


class Unread(NoTime):
    """Part of a shape is itself none that names a time: something shorter may be."""


def nothing(here: "Telling", match: Match) -> Interval:
    """Words that name no time: durations, sets, now and once."""
    raise NoTime


class Telling:
    """One expression in an article of a day. Its methods raise NoTime where the words need what is not known."""

    def __init__(
        self,
        found: list[Token],
        rules: Rules,
        published: date | None,
        tense: Tense | None,
        anchor: date | None,
        narrow: bool,
        wire: bool,
    ) -> None:
        self.rules = rules
        self.published = published
        self.tense = tense
        self.anchor = anchor
        self.narrow = narrow
        self.wire = wire
        self.parts = "".join(t.letter for t in found)
        self.clocked = bool(re.search("C|[NY]p|Nkd?P", self.parts)) or any(
            t.letter == "P" and t.value not in STRETCHES for t in found
        )
        self.tokens = years_named(without_clock(found), published)
        letters = "".join(t.letter for t in self.tokens)
        self.definite = bool(re.match("k?d", letters))
        articles = [t for t in self.tokens[: len(letters) - len(letters.lstrip("kd"))] if t.letter == "d"]
        # "The last year" is a length, "all of last year" is the year.
        self.article = bool(articles) and articles[-1].text.lower() not in WHOLES
        self.lead = 0
        self._take([t for t in self.tokens if t.letter != "d"])

    def _take(self, found: list[Token]) -> None:
        self.tokens = found
        self.letters = "".join(t.letter for t in found)

    def whole(self) -> Interval | None:
        """The whole expression; else the longest stretch of it that has a rule."""
        if "Q" in self.parts:
            return None
        lead = self.lead = len(self.letters) - len(self.letters.lstrip("k"))
        if lead < len(self.letters) and self.letters[lead:].count("k"):
            self._take(self.tokens[:lead] + [t for t in self.tokens[lead:] if t.letter != "k"])
        size = len(self.letters)
        if lead == size:
            return spans.day(self.today) if self.clocked else None
        for length in range(size - lead, 0, -1):
            for start in range(lead, size - length + 1):
                # "year" in "34-year-old" is no year; "the year" is.
                if self.letters[start : start + length] == "U" and not (self.definite and start == lead):
                    continue
                if length == 1 and self.letters[start] == "O" and not self.tokens[start].text[0].isdigit():
                    continue
                found = self.rule(start, start + length)
                # A single word of length ("hours" in "the early hours of Monday") decides nothing for the rest.
                if found and not (length == 1 < size - lead and found[0] is nothing):
                    try:
                        return found[0](self, found[1])
                    except Unread:
                        continue
        # "2 p.m. Moscow time"
        return spans.day(self.today) if self.clocked and set(self.letters) <= set("_kP") else None

    def rule(self, start: int, end: int) -> tuple[Rule, Match] | None:
        """The first rule whose shape is that of the tokens from `start` to `end`, and its match."""
        for pattern, rule in self.rules:
            match = pattern.fullmatch(self.letters, start, end)
            if match:
                return rule, match
        return None

    def part(self, match: Match, group: str) -> Interval:
        """What the tokens of a group mean by themselves. Raises Unread where they are no time."""
        found = self.rule(*match.span(group))
        if found is None or found[0] is nothing:
            raise Unread
        return found[0](self, found[1])

    def side(self, found: list[Token]) -> "Telling":
        """Other tokens in the place of these, told on the same day."""
        other = copy(self)
        other._take(found)
        return other

    def all(self) -> Interval:
        """What the tokens mean together. Raises Unread where they are no time."""
        found = self.rule(0, len(self.letters))
        if found is None or found[0] is nothing:
            raise Unread
        return found[0](self, found[1])

    @property
    def today(self) -> date:
        """The day of publication."""
        if self.published is None:
            raise NoTime
        return self.published

    @property
    def told(self) -> date:
        """The day told before."""
        if self.anchor is None:
            raise NoTime
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

    def at(self, day: date | None, tense: Tense | None = None) -> "Telling":
        """The same tokens, told from another day."""
        other = copy(self)
        other.published, other.tense = day, tense
        return other

    def count(self, match: Match, group: str = "n") -> int:
        """The number before a unit: "two", "a", "two and a half" (its whole part, in units), none: one."""
        words = self.tokens[match.start(group) : match.end(group)]
        numbers = [int(t.value) for t in words if t.letter in "N"]
        return numbers[0] if numbers else 1

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

    def said(self, match: Match, make: Callable[[int], Interval]) -> Interval:
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
            raise NoTime
        holding = [c for c in around if c.start <= self.today <= c.end]
        return holding[0] if holding else make(self.today.year)
