"""A text → its terms: words, with states, organisations and armed groups by class instead of by name.

So which state a page names counts for nothing, only that it names one: a page about a state that is seldom in the news
is told like one about a state that always is.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from detente.ontology import tables
from detente.ontology.states import states, territories

_TOKEN = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_DOTTED = re.compile(r"\b(?:[A-Z]\.){2,4}")
_POSSESSIVE = ("'s", "’s")
_LONGEST_NAME = 4
_STEM = 5
_LONGER = 2
"""Letters by which a word is longer than its stem for the stem to tell more than the word."""
STATE, BODY, GROUP = "<state>", "<organisation>", "<group>"
STATES = "<two states>"


class Term(NamedTuple):
    """A word, or a class of names; `shown` is what the page has there, `owner` the state's code or the body's name."""

    word: str
    shown: str
    owner: str = ""


Terms = list[Term]


def terms(text: str) -> Terms:
    """The terms of a text in order. White space counts for nothing."""
    tokens = _TOKEN.findall(_DOTTED.sub(lambda m: m[0].replace(".", ""), text))
    found: Terms = []
    starts, names = _names()
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if (token[:-2] if token.endswith(_POSSESSIVE) else token) in starts:
            for length in range(min(_LONGEST_NAME, len(tokens) - at), 0, -1):
                name = " ".join(tokens[at : at + length]).removesuffix("'s").removesuffix("’s")
                if known := names.get(name):
                    found.append(Term(known[0], name, known[1]))
                    at += length
                    break
            else:
                found.append(_word(token))
                at += 1
            continue
        found.append(_word(token))
        at += 1
    return found


def features(window: Sequence[Term]) -> Iterator[tuple[str, str]]:
    """The features of some terms, each with the page's words: words, pairs, stems; a feature can come twice."""
    before: Term | None = None
    state: Term | None = None
    for term in window:
        yield term.word, term.shown
        if len(term.word) >= _STEM + _LONGER and term.word[0] != "<":
            yield f"{term.word[:_STEM]}*", term.shown
        if before is not None:
            yield f"{before.word} {term.word}", f"{before.shown} {term.shown}"
        if term.word == STATE:
            if state is not None and state.owner != term.owner:
                yield STATES, f"{state.shown}, {term.shown}"
            state = state or term
        before = term


def _word(token: str) -> Term:
    word = token.lower().replace("’", "'").removesuffix("'s")
    return Term(word, word)


def _forms() -> Iterator[tuple[str, str, str]]:
    """All names, each with its class and its owner."""
    for row in tables.rows("groups"):
        for name in (row["name"], *tables.items(row["forms"])):
            yield name, GROUP, row["name"]
    for row in tables.rows("organisations"):
        if row["sector"] == "IGO":
            for name in (row["party"], row["name"], *tables.items(row["forms"])):
                yield name, BODY, row["party"]
    for state in states().values():
        for name in state.words():
            yield name, STATE, state.code
    for territory in territories():
        for name in (territory.name, *territory.forms, *territory.adjectives, *territory.people):
            yield name, STATE, territory.name


@cache
def _names() -> tuple[frozenset[str], dict[str, tuple[str, str]]]:
    """The first words of all names, and each name's class and owner; where several share one, the last."""
    names: dict[str, tuple[str, str]] = {}
    for form, kind, owner in _forms():
        tokens = _TOKEN.findall(form.replace(".", ""))
        # A name in small letters ("the world body") is words like others.
        if tokens and form[0].isupper() and len(tokens) <= _LONGEST_NAME and len("".join(tokens)) > 1:
            names[" ".join(tokens)] = (kind, owner)
    return frozenset(name.split(" ")[0] for name in names), names
