"""From the words of an expression to the tokens that rules look at."""

import re
from datetime import date

from detente.reading.calendar.words import Token

WHOLES = frozenset(("all", "full", "whole", "entire"))
_DROPPED = frozenset(",.;{}o@u'$!")
_JOINED = frozenset("1NOYMWIZ")


def prepare(found: list[Token]) -> list[Token]:
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
        beyond = [t for t in found[i + 1 : i + 3] if t.letter != "-"]
        if token.value == "half" and beyond and beyond[0].letter in "UG" and beyond[0].value in ("century", "decade"):
            # "half a century" and "the last half century" are lengths; "the last half of the century" is not.
            token = token._replace(letter="V")
        if token.letter == "Q" and isinstance(token.value, int) and kept and kept[-1].letter == "N":
            # "two Sundays ago" is a day; other plurals are sets.
            token = token._replace(letter="W") if beyond and beyond[0].letter == "g" else token
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


# A time of day, with "shortly before" and the like that place something beside it.
_CLOCK = re.compile(r"R?[()]?(?:C[Cp]*|[NY]p+|p+|Nkd?P)")
_PART = re.compile(r"R?[()]?P+")
_PART_ALONE = re.compile(r"[direzLlXFjsbnmkaNOVvPR()_]*")


def without_clock(found: list[Token]) -> list[Token]:
    """The tokens without times of day, where a day remains for them to belong to; "this morning" stays."""
    kept = _without(found, _CLOCK)
    if not _PART_ALONE.fullmatch("".join(t.letter for t in kept)):
        kept = _without(kept, _PART)
    return kept


def _without(found: list[Token], shape: re.Pattern[str]) -> list[Token]:
    kept, at = [], 0
    for match in shape.finditer("".join(t.letter for t in found)):
        kept += found[at : match.start()]
        at = match.end()
    return kept + found[at:]


def years_named(found: list[Token], published: date | None) -> list[Token]:
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
