"""The news agencies that a text credits: in its dateline, as its source, in a sign-off."""

import re
from collections.abc import Iterable
from functools import cache

from detente.intake import words

_DATELINE_WITHIN = 200
_VERBS = r"(?:reports?|reported|says|said|wrote|writes|quoted|cited|noted|learned|adds|added)"


def agencies(text: str, dropped: Iterable[str] = ()) -> tuple[str, ...]:
    """The agencies credited in `text` and in the credits among the `dropped` lines, in the order of their mention.

    Credited is an agency in brackets in the dateline or at a line's end, one that "reported", was "told" or is
    the end of "according to", and a name left bare at a sentence's end by a scrape. A mere mention is no credit.
    """
    names = _names()
    found: dict[str, int] = {}
    for match in _credit().finditer(text):
        if match["dateline"] and match.start() > _DATELINE_WITHIN:
            continue
        form = next(value for key, value in match.groupdict().items() if key != "dateline" and value)
        found.setdefault(names[form], match.start())
    for line in dropped:
        for match in _named().finditer(line):
            found.setdefault(names[match.group()], len(text))
    return tuple(sorted(found, key=lambda name: found[name]))


@cache
def _names() -> dict[str, str]:
    return {row["form"]: row["agency"] for row in words.rows("agencies")}


@cache
def _alternatives() -> str:
    return "|".join(re.escape(form) for form in sorted(_names(), key=len, reverse=True))


@cache
def _named() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{_alternatives()})(?![\w-])")


@cache
def _credit() -> re.Pattern[str]:
    one = _alternatives()
    return re.compile(
        rf"(?P<dateline>\((?P<a>{one})(?:/[\w ]+)?\)\s*[-–—])"
        rf"|[\[(/](?P<b>{one})[\])](?=[ \t]*\.?[ \t]*(?:\n|$))"
        rf"|(?<![\w-])(?P<c>{one})(?: news agency)? {_VERBS}\b"
        rf"|\b(?:told|according to|reported by|quoted by|cited by|source:)(?: the)?(?: \w+ (?:news )?agency)? "
        rf"(?P<d>{one})(?![\w-])"
        rf"|(?<=[a-z] )(?P<e>AFP|Reuters|TASS|ANSA|dpa|EFE|PTI|ANI|IANS)\.?(?=[ \t]*(?:\n|$))"
    )
