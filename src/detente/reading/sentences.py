"""Sentences, told before the parse so that bad typography does not run two of them together."""

import itertools
import re
from functools import cache

from detente.ontology.tables import rows

_BREAK = re.compile(r"""(?:[.!?…]+["'”’»)\]]*(?=\s|$)|\n)""")
_MISSING_SPACE = re.compile(r"(?<=[a-z\d”\"])[.!?][”’]?(?=[\"“]?[A-Z][a-z])")
_INITIALS = re.compile(r"(?:^|[\s(“\"'])(?:[A-Z]\.)*[A-Z]$")
_LAST_WORD = re.compile(r"[^\W_]+(?:\.[^\W_]+)*$")


@cache
def _abbreviations() -> frozenset[str]:
    return frozenset(row["word"] for row in rows("abbreviations"))


def _ends_sentence(text: str, stop: int, after: int) -> bool:
    """Whether the full stop at `stop` ends a sentence, what follows it standing at `after`."""
    before = text[max(0, stop - 24) : stop]
    word = _LAST_WORD.search(before)
    following = text[after : after + 40].lstrip("\"'“”‘’([ ")
    closed = text[stop + 1 : stop + 2] in {"”", "’", '"', "'", "»"}
    if word and word.group() in _abbreviations() and not closed:
        return False
    if _INITIALS.search(before):
        # "the U.S. The talks" ends one; "J. Smith" and "U.S. troops" do not.
        return "." in before[-3:] and bool(
            re.match(r"(?:The|A|An|He|She|It|They|We|In|On|But|This|That|His|Her|Its)\b", following)
        )
    return not following[:1].islower()


_DATELINE = re.compile(
    r"(?:^|\n)[ \t]*"
    r"[A-ZÀ-Ý][A-ZÀ-Ý.'’/ -]{2,40}(?:,?[ ]?(?:[A-Z][\w.'’-]*[ ]?){0,3})?"
    r"(?:,[ ]?[^–—:\n]{0,40}?)?(?:\([^)\n]{1,40}\)[ ]?)?"
    r"[ ]?(?:–|—|--|-(?=[ ])|:(?=[ ]))[ ]*(?=\S)"
)
"""A dateline ("KYIV, Jan. 20 (Agency) —") stands before its sentence and is none of its words."""


_WRAPPED = (40, 100)
"""Lengths in characters of a line that a mail program has wrapped."""


def _is_wrapped(text: str) -> bool:
    """Whether single line breaks of the text only wrap its lines, as in mail: most lines end amid a sentence."""
    lines = [line.rstrip() for line, following in itertools.pairwise(text.split("\n")) if line and following]
    amid = [line for line in lines if _WRAPPED[0] <= len(line) <= _WRAPPED[1] and line[-1:] not in ".!?…:;\"”’'"]
    return len(lines) >= 4 and len(amid) >= 0.6 * len(lines)


def dateline_ends(text: str) -> list[int]:
    """Where the datelines of `text` end, which stand at the head of a paragraph."""
    return [found.end() for found in _DATELINE.finditer(text)]


def sentence_starts(text: str) -> list[int]:
    """Where the sentences of `text` begin: offsets in order, the first of them 0 where the text is not empty.

    What follows a dateline begins a sentence of its own.
    """
    starts = _plain_starts(text)
    return sorted({*starts, *dateline_ends(text)})


def _plain_starts(text: str) -> list[int]:
    starts = [0] if text else []
    wrapped = _is_wrapped(text)
    for found in sorted([*_BREAK.finditer(text), *_MISSING_SPACE.finditer(text)], key=lambda m: m.start()):
        after = found.end()
        while after < len(text) and text[after].isspace():
            after += 1
        if after >= len(text) or after <= starts[-1]:
            continue
        broken = text[found.start() : after].count("\n")
        if broken > 1 or (broken and not wrapped):
            starts.append(after)
        elif found.group() == "\n":
            continue
        elif text[found.start()] != "." or found.group().startswith(".."):
            if not text[after].islower():
                starts.append(after)
        elif _ends_sentence(text, found.start(), after):
            starts.append(after)
    return starts
