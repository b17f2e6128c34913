"""Whether a weekday and the date that stands beside it agree."""

from dataclasses import dataclass
from datetime import date, timedelta

from detente.reading.calendar.resolve import resolve
from detente.reading.calendar.words import Token, tokens

# A date without a year is read as the nearest one; a weekday that errs by more than three days has no nearer date.
_NEAR = range(-3, 4)


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the expression: characters `start` to `end` (exclusive) of it, and the words there."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """A weekday beside a date. `weekday` counts from Monday 0; `candidates` are the days meant, likeliest first.

    Where they agree the date is the one candidate. Else the candidates are the nearest such weekday to the date, as
    if the number were wrong, then the date itself, as if the weekday were.
    """

    weekday: int
    weekday_part: Part
    day: date
    date_part: Part
    agree: bool
    candidates: tuple[date, ...]


def weekday_conflict(expression: str, published: date | None = None) -> Conflict | None:
    """The weekday and the date of "Friday (January 22, 2022)" or "Friday, 22 January", held against each other.

    None where the expression holds not exactly one of each, or where its year stays unknown (none is written and
    `published` is None). A year that is not written is that of the nearest such date to `published`.
    """
    found = tokens(expression, alone=True)
    weekdays = [t for t in found if t.letter == "W"]
    dated = [t for t in found if t.letter in "M1OYI"]
    if len(weekdays) != 1 or not dated or any(t.letter in "T~=" for t in found):
        return None
    part = Part(dated[0].start, dated[-1].end, expression[dated[0].start : dated[-1].end])
    letters = "".join(t.letter for t in dated)
    if letters not in ("M1", "MO", "1M", "OM", "M1Y", "MOY", "1MY", "OMY", "I"):
        return None
    named = resolve(part.text, published)
    if named is None:
        return None
    said = weekdays[0]
    weekday = int(said.value)
    agree = named.start.weekday() == weekday
    candidates: tuple[date, ...] = (named.start,)
    if not agree:
        near = next(k for k in _NEAR if (named.start + timedelta(days=k)).weekday() == weekday)
        candidates = (named.start + timedelta(days=near), named.start)
    return Conflict(weekday, _part(said, expression), named.start, part, agree, candidates)


def _part(token: Token, expression: str) -> Part:
    return Part(token.start, token.end, expression[token.start : token.end])
