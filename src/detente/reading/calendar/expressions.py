"""Finds the time expressions of a running text: one regular expression over the letters of its words."""

import re
from dataclasses import dataclass
from functools import cache

from detente.reading.calendar.words import Token, tokens


@dataclass(frozen=True, slots=True)
class TimeExpression:
    """A time expression: the characters `start` to `end` (exclusive) of the text, and the words that stand there."""

    start: int
    end: int
    text: str


# Shapes over the letters of `words.LETTERS`, composed from small to large.
_YEAR = r"(?:,?[ok]?Y)"
_NUMBER = r"(?:[1N](?:-?[1N])?)"
_MONTH_DAY = rf"(?:1-M-Y|M[1O](?![#$%])(?:{_YEAR}(?![#]))?|d?[1O]o?M{_YEAR}?)"
_DAY = rf"(?:W(?:,|@)?,?d?{_MONTH_DAY}|W[{{]{_MONTH_DAY}[}}]|{_MONTH_DAY}|W,?I|I)"
_SAID = r"[iLlqXxF]"
_THE_YEAR = rf"(?:Y|d?{_SAID}f?U|dU|fU?Y)"
_WEEKDAY = r"(?:W(?:P|,?@?t)?)"
_OF_YEAR = rf"(?:[,'okd]{{0,2}}{_THE_YEAR})?"
_UNIT = rf"(?:d?(?:{_SAID}{{1,2}}|i)-?f?(?:O?-?G|U(?!V)|w|S|M[1O]?|W(?:P|t)?|B|P))"
_SEASON = rf"(?:(?:(?<=[okdem])|d)S(?!o(?!Y))(?:o?(?:Y|Z))?|S(?:o?(?:Y|Z))|dSo{_THE_YEAR})"
_QUARTER = rf"(?:d?f?O-?f?G{_OF_YEAR}|J(?:o?Y)?|YJ)"
_MONTH = rf"(?:M(?:{_YEAR}|o?d?{_SAID}U)?(?!P))"
_FEAST = r"(?:BU?(?:,?Y)?)"
_DECADE = r"(?:d?D|d?O-?G)"
_PERIOD = r"(?:f?U?Y|fd?Y|Z)"
_POINT = (
    rf"(?:{_DAY}|{_UNIT}|{_QUARTER}|{_MONTH}|{_SEASON}|{_FEAST}|{_DECADE}|{_PERIOD}|{_WEEKDAY}(?:o?d?{_SAID}U)?|tP?)"
)
_HOW = r"(?:(?:d?[emzrs](?:-?[T&]?-?[emzrs])*(?:-|[@ok]?d?)?|d?[bn](?:od?|-))+)"
_INSIDE = rf"(?:d?[OL]-?(?:{_NUMBER})?(?:U|V|G|W)[ok]d?(?:{_POINT}|U)|{_QUARTER})"
_PLACED = rf"(?:{_HOW}?(?:{_INSIDE}|{_POINT})|{_HOW}dU|{_HOW}U(?=_)|d?U-?nY?|dw)"
_CLOCK = r"(?:[C1N]p{1,3})"
_DATED = rf"(?:(?:{_CLOCK}(?:@|o)?d?)?{_PLACED}(?:@?(?:{_CLOCK}|C))?)"
_LENGTH = rf"(?:u*(?:a?v?[o]?|a?{_NUMBER}(?:&aG)?)-?[UVH](?:&aG)?)"
_AGO = rf"(?:{_LENGTH}-?(?:[ghr](?!T)|=R)(?:{_DAY}|t|{_UNIT}|W|M)?|d?U-?[gr]-?(?:f?G|O-?G|U)|[UV]-?g)"
_STRETCH = rf"(?:d?(?:{_SAID}{{1,2}}|y)(?:{_NUMBER}|a?v?o?)[VH]|[yx]V|\[(?:d?[Xx])?(?:{_LENGTH}|U))"
_BESIDE = (
    rf"(?:{_LENGTH}[()]d?(?:{_POINT})|d?U[()](?:t|(?=[.,;])|$)"
    rf"|aU={_WEEKDAY}|dP[(](?=[.,;])|d?FU|d[XF]U|d?jU(?!_)|d?jP|d?[UW](?:[(]L|[)]X))"
)
_RANGE = (
    rf"(?:[=~]d?(?:{_DATED})(?:T|&|-|\|)d?(?:{_DATED}|1)|M[1O](?:-|T|&)(?:M)?[1O](?:{_YEAR})?"
    rf"|[=~]?[1O](?:-|T|&)[1O]M{_YEAR}?|[=~]M[1O]&[1O]{_YEAR}?|(?:{_DAY}|W|M)(?:-|T)(?:{_DAY}|W|M{_YEAR}?)|Y[-T]Y|M{_YEAR}?[-T]M{_YEAR}?)"
)
_ENDED = rf"(?:d?(?:a?{_NUMBER})?[UGV][Eb]@?d?(?:{_DAY}|W|M))"
_SET = r"(?:Q(?:O|[1N])?(?:U|V|W|M|S|G|P|w|H))"
_AHEAD = rf"(?:k{_NUMBER}[UV](?!_?-))"
_ALL = rf"(?:[<>|]d?)?(?:{_RANGE}|{_BESIDE}|{_ENDED}|{_AGO}|{_STRETCH}|{_DATED})|{_SET}|{_AHEAD}|{_CLOCK}"


@cache
def _grammar() -> re.Pattern[str]:
    return re.compile(_ALL)


def _counts_back(words: list[Token], at: int) -> bool:
    """Whether "in 16 years" follows a superlative: "the first visit in 16 years" looks back over them."""
    near = words[max(0, at - 6) : at]
    return any(word.letter in "OL" or word.text == "only" or word.text.endswith("est") for word in near)


def find(text: str) -> list[TimeExpression]:
    """The expressions of `text` that name a time, in order, none within another.

    A preposition that bounds the time ("by", "since", "until", "within", "from … to", "between … and") belongs to
    it; others do not. Sets ("every Friday") are found, that their day is not taken for a day; durations are not.
    Words that may be something else (May, March, fall, second, 1990) are found only where their neighbours bear
    them out, proper names with a word of time in them not at all.
    """
    words = tokens(text)
    letters = "".join(word.letter for word in words)
    found = []
    for match in _grammar().finditer(letters):
        if match.group()[0] == "k" and _counts_back(words, match.start()):
            continue
        start, end = words[match.start()].start, words[match.end() - 1].end
        found.append(TimeExpression(start, end, text[start:end]))
    return found
