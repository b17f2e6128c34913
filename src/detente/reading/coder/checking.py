"""The second reader's events held against the text: evidence must stand there, parties must be known to this reader."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from spacy.tokens import Span, Token

from detente.reading.coder.answers import Coded
from detente.reading.coder.candidates import Candidate, named, paragraph_start
from detente.reading.draft import Draft, Mention
from detente.reading.frames import conjuncts


class Fault(ValueError):
    """An event of an answer that the text does not bear out; its words name the kind."""


class Checked(NamedTuple):
    """An event that the text bears out: as answered, its parties as this reader knows them, its evidence as tokens."""

    coded: Coded
    actors: tuple[Mention, ...]
    recipients: tuple[Mention, ...]
    evidence: Span


def _places(text: str, words: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Where `words` stand in `text[start:end]`, whole words only, blanks of any kind between them."""
    parts = words.split()
    if not any(c.isalnum() for c in words):
        return
    pattern = r"(?<!\w)" if parts[0][0].isalnum() else ""
    pattern += r"\s+".join(map(re.escape, parts)) + (r"(?!\w)" if parts[-1][-1].isalnum() else "")
    for found in re.compile(pattern).finditer(text, start, end):
        yield found.span()


def _span(draft: Draft, place: tuple[int, int]) -> Span | None:
    return draft.parsed.char_span(*place, alignment_mode="expand")


def _evidence(draft: Draft, candidate: Candidate, words: str) -> Span:
    sentence = candidate.sentence
    for place in _places(draft.overlay.mended, words, sentence.start_char, sentence.end_char):
        if (span := _span(draft, place)) is not None and len(span):
            return span
    raise Fault("evidence not in the sentence")


def _known(draft: Draft, span: Span) -> list[Mention]:
    """The parties that a stretch names: those of its head and what is coordinated with it, else any within it."""
    heads: list[Token] = [token for token in conjuncts(span.root) if span.start <= token.i < span.end]
    at_head = [m for head in heads for m in named(draft, head.i, head.i + 1)]
    return at_head or list(named(draft, span.start, span.end))


def _party(draft: Draft, candidate: Candidate, words: str) -> list[Mention]:
    """The parties that `words` of an answer stand for, where they stand in the sentence, its paragraph or the title."""
    text = draft.overlay.mended
    sentence = candidate.sentence
    opening = paragraph_start(draft, sentence.start_char)
    places = list(_places(text, words, sentence.start_char, sentence.end_char))
    # The nearest mention before the sentence first.
    places += reversed(list(_places(text, words, opening, sentence.start_char)))
    title = draft.article.title or ""
    if not places and any(_places(title, words, 0, len(title))):
        places = list(_places(text, words, 0, len(text)))
    if not places:
        raise Fault("party not in the text")
    for place in places:
        span = _span(draft, place)
        if span is not None and len(span) and (found := _known(draft, span)):
            return found
    raise Fault("party not known")


def _side(draft: Draft, candidate: Candidate, words: Sequence[str]) -> tuple[Mention, ...]:
    seen: dict[str | None, Mention] = {}
    for name in words:
        for mention in _party(draft, candidate, name):
            seen.setdefault(mention.party, mention)
    return tuple(seen.values())


def checked(draft: Draft, candidate: Candidate, coded: Coded) -> Checked:
    """The event with its parties and evidence found in the text. Raises Fault where they are not."""
    evidence = _evidence(draft, candidate, coded.evidence)
    actors = _side(draft, candidate, coded.actor)
    recipients = _side(draft, candidate, coded.recipient)
    if not actors:
        raise Fault("no actor")
    toward = {(m.party, m.sector) for m in recipients}
    if any((m.party, m.sector) in toward for m in actors):
        raise Fault("one party on both sides")
    return Checked(coded, actors, recipients, evidence)
