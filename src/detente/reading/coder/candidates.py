"""Which sentences the second reader is asked about: those with an act, then those that name two parties."""

from collections.abc import Iterator
from typing import NamedTuple

from spacy.tokens import Span

from detente.reading.draft import Act, Draft, Mention

MAX_SENTENCES = 60
"""Sentences of one page that are asked about; those in which the built-in reader sees an act go first."""
MAX_CHARACTERS = 2000
"""Characters of a sentence; what is longer is no sentence of a page but a list or a table."""


class Candidate(NamedTuple):
    """A sentence to ask about: what stands before it in its paragraph, and its acts by the built-in reader."""

    sentence: Span
    before: str
    acts: tuple[Act, ...]


def named(draft: Draft, start: int, end: int) -> Iterator[Mention]:
    """The known parties that tokens `start` to `end` (exclusive) name or stand for."""
    for i in range(start, end):
        for mention in (*draft.mentions.get(i, ()), *filter(None, [draft.nationals.get(i)])):
            if mention.party and mention.kind != "place":
                yield mention


def paragraph_start(draft: Draft, offset: int) -> int:
    """Where the paragraph begins that holds the character `offset` of the mended text."""
    return draft.overlay.mended.rfind("\n", 0, offset) + 1


def candidates(draft: Draft) -> tuple[list[Candidate], int]:
    """The sentences to ask about, in the order of the page, and how many more there would be but for the bounds."""
    acts: dict[int, list[Act]] = {}
    for act in draft.acts:
        if act.dropped is None:
            acts.setdefault(act.trigger.sent.start, []).append(act)
    found = [
        sentence
        for sentence in draft.parsed.sents
        if sentence.start in acts or len({m.party for m in named(draft, sentence.start, sentence.end)}) > 1
    ]
    fit = [sentence for sentence in found if len(sentence.text.strip()) <= MAX_CHARACTERS]
    # Sorting is stable: within each half the order of the page is kept.
    first = sorted(fit, key=lambda sentence: sentence.start not in acts)[:MAX_SENTENCES]
    chosen = sorted(first, key=lambda sentence: sentence.start)
    text = draft.overlay.mended
    return [
        Candidate(s, text[paragraph_start(draft, s.start_char) : s.start_char].strip(), tuple(acts.get(s.start, ())))
        for s in chosen
    ], len(found) - len(chosen)
