"""The days that a time expression means, told from the day the article appeared.

An expression becomes one letter a word (`words.LETTERS`); `shapes` lists, in order, the shapes that name a time
and the rule that computes each. The first shape that fits decides, and a rule may decide that the words name no
time. Shapes are composed: "early in", "the first week of", "a year before" resolve what follows them and then
narrow or move it.
"""

from datetime import date

from detente.model import When
from detente.reading.calendar.preparing import prepare
from detente.reading.calendar.shapes import rules
from detente.reading.calendar.telling import Convention, NoTime, Telling, Tense
from detente.reading.calendar.words import tokens

__all__ = ["Convention", "Tense", "resolve"]

# Longer strings are no expression; the bound keeps hostile input cheap.
LONGEST = 200


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
        found = Telling(
            prepare(tokens(text, alone=True)), rules(), published, tense, anchor, convention == "interval", wire
        ).whole()
    except (NoTime, OverflowError, ValueError):
        # Beyond the calendar's years, or a 31st of June.
        return None
    return When(start=found.start, end=found.end, text=expression, precision=found.precision) if found else None
