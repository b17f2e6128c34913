"""Words of time as tokens of one letter each, so that the grammar of time is a regular expression over letters.

The letters (`LETTERS` gives the table's class for each):

    M month   W weekday   S season   B holiday   t today, yesterday …   P part of the day   w weekend
    1 number that can be a day's   N other number   O ordinal   Y year   D decade   I numeric date   Z span of years
    J numbered quarter    C clock time           p GMT, a.m.
    U day, week, month, year   G quarter, half, century   V units   H hours, minutes   f fiscal
    d the     i this      j that     L last      l previous   q past    X next   x coming   F following   a a
    e early   m mid       z late     b start     n end        r earlier s later
    g ago     h hence     ( before   ) after     = from       ~ between
    T to      & and       - hyphen   , comma     . full stop  o of      k in     @ on, at   { } brackets
    < by      > since     | until    [ within    E ended      ' possessive
    v few     y recent    u about    R now, recently   Q every   ! proper name   # what numbers count   $ currency
    _ other
"""

import re
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from detente.ontology.tables import Row, items, parse

LETTERS = {
    "month": "M", "month_or_word": "M", "month_short": "M", "weekday": "W", "weekday_short": "W", "season": "S",
    "deictic": "t", "part": "P", "weekend": "w", "number": "N", "ordinal": "O", "decade": "D", "unit": "U",
    "unit_of_year": "G", "units": "V", "clock_unit": "H", "fiscal": "f", "zone": "p", "the": "d", "this": "i",
    "that": "j", "last": "L", "previous": "l", "past": "q", "next": "X", "coming": "x", "following": "F", "a": "a",
    "early": "e", "middle": "m", "late": "z", "start": "b", "end": "n", "earlier": "r", "later": "s", "ago": "g",
    "hence": "h", "before": "(", "after": ")", "from": "=", "between": "~", "to": "T", "and": "&", "of": "o",
    "in": "k", "at": "@", "by": "<", "since": ">", "until": "|", "within": "[", "ended": "E", "few": "v",
    "recent": "y", "approx": "u", "reference": "R", "set": "Q", "not_year": "#", "possessive": "d", "whole": "d",
    "rest": "s",
}  # fmt: skip
_MARKS = {
    "-": "-",
    "–": "-",
    "—": ";",
    ",": ",",
    ".": ".",
    "(": "{",
    ")": "}",
    "$": "$",
    "€": "$",
    "£": "$",
    "¥": "$",
    "#": "$",
}

_TOKEN = r"""
    (?P<gap>   \n\s*\n )
  | (?P<ampm>  \b[ap]\.m\.? )
  | (?P<nq>    \b(?:Q[1-4]|H[12])(?!\w) )
  | (?P<fy>    \bFY\s?['’]?(?:\d{4}|\d\d)\b )
  | (?P<word>  [^\W\d_]+(?:['’](?!s\b)[^\W\d_]+)? )
  | (?P<date>  (?<![\w/.-])(?: \d{4}-\d\d?-\d\d?(?:[T\ ]\d\d:?\d\d(?::?\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?
             | \d{1,2}(?P<sep>[/.-])\d{1,2}(?P=sep)(?:\d{4}|\d\d)
             | \d{4}/\d\d?/\d\d?
             | (?:1[89]|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:T\d+)? )(?![\w/-]|\.\d) )
  | (?P<clock> \d{1,2}:\d\d(?::\d\d)?(?![\w:])
             | \d{1,2}\.\d\d(?=\s*(?:[ap]\.?m\b|GMT|UTC))
             | \d{3,4}(?=\s*(?:GMT|UTC|hours\b|hrs\b)) )
  | (?P<nth>   \d{1,3}(?:st|nd|rd|th)\b )
  | (?P<tens>  (?:\b\d{3}0|['’‘`]?\b\d0)(?:['’]?s)\b )
  | (?P<yy>    ['’‘`]\d\d(?!\w) )
  | (?P<span>  \b(?:1[6-9]|20)\d\d[-–/](?:\d{4}|\d\d)(?![\w/-]) )
  | (?P<qn>    [1-4]Q(?!\w) )
  | (?P<hour>  \d{1,2}(?:[.:]\d\d)?(?=[ap]\.?m\b) )
  | (?P<num>   \d+(?:[.,]\d+)*[\w%]* )
  | (?P<poss>  ['’]s? )
  | (?P<mark>  [-–—,.;:()$€£¥\#"“”] )
"""
_GLUED = re.compile(r"(mid)(?=(?:year|week|month|season)\b)|(year|month)(?=end\b)", re.IGNORECASE)
_NUMBER = re.compile(r"\d+(?:,\d{3})*")
_MEASURED = re.compile(r"(?:flight|resolution|article|rule|no|number|page|room|route|boeing|highway)\.?", re.IGNORECASE)


class Token(NamedTuple):
    """A word of the text: where it stands, its letter, its worth (a month's number, a unit's name …), its words."""

    start: int
    end: int
    letter: str
    value: int | str
    text: str


@cache
def table(name: str) -> tuple[Row, ...]:
    """The rows of one of the reader's tables."""
    return tuple(parse((files("detente.reading") / "data" / f"{name}.tsv").read_text(encoding="utf-8")))


@cache
def _lexicon() -> dict[str, tuple[str, str, int | str]]:
    """Each word's class, letter and value."""
    return {row["word"]: (row["class"], LETTERS[row["class"]], _worth(row["value"])) for row in table("time_words")}


def _worth(cell: str) -> int | str:
    return int(cell) if cell.lstrip("-").isdigit() else cell


@cache
def holidays() -> dict[str, Row]:
    """Each holiday's row by its names, apostrophes made straight, in lower case."""
    return {name.lower(): row for row in table("holidays") for name in items(row["names"])}


def _any_of(names: list[str]) -> str:
    longest_first = sorted(names, key=len, reverse=True)
    return "|".join(re.escape(n).replace(r"\ ", r"\s+").replace("'", "['’]") for n in longest_first)


@cache
def _pattern(alone: bool) -> re.Pattern[str]:
    feasts = _any_of([name for row in table("holidays") for name in items(row["names"])])
    if alone:
        # An expression handed over by itself holds no proper name to keep away from.
        return re.compile(rf"(?P<feast>\b(?i:{feasts})(?!\w))|{_TOKEN}", re.VERBOSE)
    proper = _any_of([row["name"] for row in table("time_names")])
    return re.compile(
        rf"(?=[A-Z9])(?<!\w)(?:(?P<name>(?:{proper})(?!\w))|(?P<feast>(?:{feasts})(?!\w)))|{_TOKEN}", re.VERBOSE
    )


def _number(text: str) -> tuple[str, int | str]:
    if not _NUMBER.fullmatch(text) or len(text) > 9:
        return "_", ""
    value = int(text.replace(",", ""))
    if len(text) == 4 and 1000 <= value <= 2100:
        return "Y", value
    return ("1" if len(text) <= 2 and 1 <= value <= 31 else "N"), value


def _two_digit(value: int) -> int:
    """A year of two digits: 30 and later are of the 1900s, as POSIX's 69 would make '45 a year to come."""
    return value + (1900 if value >= 30 else 2000)


def _numeric(kind: str, text: str) -> tuple[str, int | str]:
    """The letter and value of a token that is written with digits."""
    if kind == "date":
        return "I", text
    if kind in ("clock", "hour"):
        return "C", text
    if kind == "nth":
        return "O", int(re.sub(r"\D", "", text))
    if kind == "tens":
        return "D", int(re.sub(r"\D", "", text))
    if kind == "yy":
        return "Y", _two_digit(int(text[1:]))
    if kind == "fy":
        digits = re.sub(r"\D", "", text)
        return "Y", int(digits) if len(digits) == 4 else _two_digit(int(digits))
    if kind == "span":
        return "Z", text
    if kind in ("nq", "qn"):
        return "J", text.upper()
    return _number(text)


def tokens(text: str, *, alone: bool = False) -> list[Token]:
    """The tokens of a text. `alone`: it is one expression, so that case and neighbours need not prove its words."""
    found: list[Token] = []
    lexicon = _lexicon()
    for match in _pattern(alone).finditer(text):
        kind, word = str(match.lastgroup), match.group()
        if kind == "sep":
            kind = "date"
        start, end = match.span()
        if kind == "word":
            entry = lexicon.get(word.lower())
            if entry is None:
                glued = _GLUED.match(word)
                if glued:
                    middle = start + glued.end()
                    for a, b in ((start, middle), (middle, end)):
                        part = lexicon[text[a:b].lower()]
                        found.append(Token(a, b, part[1], part[2], text[a:b]))
                    continue
                found.append(Token(start, end, "_", "", word))
                continue
            short, letter, value = entry
            if short in ("month_short", "weekday_short") and text[end : end + 1] == ".":
                end += 1
            if not alone and (
                short in _ONLY_ALONE or (letter in "MW" and not _is_name_of_time(text, start, end, short))
            ):
                letter = "_"
            found.append(Token(start, end, letter, value, text[start:end]))
        elif kind == "mark":
            # The stop of an abbreviation went with it.
            if not (found and found[-1].end > start):
                found.append(Token(start, end, _MARKS.get(word, ";"), "", word))
        elif kind in ("name", "gap", "poss", "ampm", "feast"):
            letter = {"name": "!", "gap": ";", "poss": "'", "ampm": "p", "feast": "B"}[kind]
            value = re.sub(r"\s+", " ", word).replace("’", "'").lower() if kind == "feast" else ""
            found.append(Token(start, end, letter, value, word))
        else:
            letter, value = _numeric(kind, word)
            found.append(Token(start, end, letter, value, word))
    return found if alone else _in_context(found)


def _is_name_of_time(text: str, start: int, end: int, kind: str) -> bool:
    """Whether a month or weekday is written as one: a capital, and an abbreviation beside its number."""
    if not text[start].isupper():
        # Copy without capitals: these words have no other meaning.
        return kind in ("month", "weekday")
    if kind == "month_short":
        return bool(
            re.match(r"\s*\d", text[end : end + 3])
            or re.search(r"\d(?:st|nd|rd|th)?\s$", text[max(0, start - 5) : start])
        )
    if kind == "weekday_short":
        return bool(re.match(r",?\s+(?:\d|[A-Z][a-z]+\.?\s\d)", text[end : end + 16]))
    return True


# In running text these belong to the words around a time ("his weekend", "all year"), not to the expression.
_ONLY_ALONE = frozenset(("possessive", "whole", "rest"))
_BEFORE_MONTH = frozenset("koLXilqxFemzbn<>|T=~&@[rs1O(){-W")
_BEFORE_YEAR = frozenset("kodM<>|T=~&@[()emzbnrsif'LX,{1O-BSWJGDQ")
_COUNTED_AFTER = frozenset("#$VH")


def _in_context(found: list[Token]) -> list[Token]:
    """Takes its part in a date from each ambiguous word or number whose neighbours do not bear it out."""
    checked = list(found)
    word_months = _word_months()
    for i, token in enumerate(found):
        before = found[i - 1] if i else None
        after = found[i + 1] if i + 1 < len(found) else None
        if token.letter == "M" and token.text in word_months:
            beside_number = after is not None and after.letter in "1OY"
            led = before is not None and before.letter in _BEFORE_MONTH
            surname = after is not None and after.letter == "_" and after.text[:1].isupper()
            named = surname or (before is not None and before.letter == "_" and before.text[:1].isupper())
            strict = token.text in ("May", "March")
            weakly = before is not None and before.letter in "&,-{~" and surname
            if not beside_number and (not led if strict else named and (not led or weakly)):
                checked[i] = token._replace(letter="_")
        elif token.letter == "D" and token.text[0].isdigit() and int(token.value) < 100:
            # "in her 60s" is an age.
            if before is None or before.letter not in "demz-":
                checked[i] = token._replace(letter="_")
        elif token.letter == "Y" and token.text.isdigit():
            counted = after is not None and after.letter in _COUNTED_AFTER
            priced = before is not None and (before.letter == "$" or bool(_MEASURED.fullmatch(before.text)))
            led = before is not None and before.letter in _BEFORE_YEAR
            plausible = 1900 <= int(token.value) <= 2060 or (led and int(token.value) >= 1500)
            hyphened = after is not None and after.letter == "-" and i + 2 < len(found) and found[i + 2].letter == "_"
            if priced or counted or not plausible or (hyphened and not led):
                checked[i] = token._replace(letter="N")
    return checked


@cache
def _word_months() -> frozenset[str]:
    return frozenset(r["word"].capitalize() for r in table("time_words") if r["class"] == "month_or_word")
