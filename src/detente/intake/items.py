"""Text → its words, alike for any case, quotes and white space, and of each sentence the items that bear content."""

import re
import unicodedata
from functools import cache

from detente.intake import words as tables
from detente.intake.limits import MAX_CHARACTERS

STEM = 5
"""Letters of a word that are kept: "negotiate" and "negotiations" are one item. Measured: 4 to 6 serve alike."""

LONGEST_SENTENCE = 40
"""Words of one sentence at most; a text without full stops is parted here."""

_POSSESSIVE = re.compile(r"['’ʼ]s\b")
_QUOTES = re.compile("[\"'`´‘’‚‛“”„‟«»‹›ʼ]")
_IN_NUMBER = re.compile(r"(?<=\d)[.,](?=\d)")
_SENTENCE = re.compile(r"(?<=[.!?…])\s+")
_WORD = re.compile(r"\w+")


def sentences(text: str) -> list[list[str]]:
    """The words of each sentence, in lower case, without quotes and possessives; "5,000" is one word, 5000.

    A full stop before a space ends a sentence, whatever it stands for: copies need only be parted alike.
    """
    plain = unicodedata.normalize("NFKC", text)[:MAX_CHARACTERS]  # one character can become eighteen
    plain = unicodedata.normalize("NFKC", plain.casefold())
    plain = _IN_NUMBER.sub("", _QUOTES.sub("", _POSSESSIVE.sub("", plain)))
    found: list[list[str]] = []
    for sentence in _SENTENCE.split(plain):
        all_words = _WORD.findall(sentence)
        found += [all_words[at : at + LONGEST_SENTENCE] for at in range(0, len(all_words), LONGEST_SENTENCE)]
    return found


def items(sentence: list[str]) -> list[str]:
    """The stems of a sentence's words that bear content: numbers, and longer words but function words."""
    return [word[:STEM] for word in sentence if (len(word) > 2 or word.isdigit()) and word not in _common("function")]


def is_common(item: str) -> bool:
    """Whether an item stands in most reports and tells little by itself."""
    return item in _news_stems()


@cache
def _common(kind: str) -> frozenset[str]:
    return frozenset(row["word"] for row in tables.rows("common_words") if row["class"] == kind)


@cache
def _news_stems() -> frozenset[str]:
    return frozenset(word[:STEM] for word in _common("news"))
