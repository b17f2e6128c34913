"""Clauses of the training sentences, as `detente read` shows them to the classifier; the teacher alone labels them."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from data import Case
from detente.errors import DetenteError
from detente.intake import article_from_text
from detente.reading.classifier import Encoded, encode
from detente.reading.clauses import Clause, clauses
from detente.reading.draft import Draft
from detente.reading.pipeline import STEPS

DAY = date(2000, 1, 1)
"""The day on which sentences without one are read."""


def read_clauses(sentences: Iterable[str]) -> Iterator[Clause]:
    """The clauses of sentences, each sentence read once and by itself."""
    for sentence in dict.fromkeys(sentences):
        try:
            article = article_from_text(sentence, title=None, url=None, published=DAY)
        except DetenteError:
            continue
        draft = Draft(article=article, published=DAY)
        for name, step in STEPS:
            if name == "events" or draft.unread is not None:
                break
            step(draft)
        if draft.doc is not None:
            yield from clauses(draft, set())


def windows(tokenizer: Any, sentences: Iterable[str]) -> list[Case]:
    """One case without a known type for each pair of parties of each clause, every one once."""
    seen: set[tuple[Any, ...]] = set()
    found = []
    for clause in read_clauses(sentences):
        for _, _, case in clause.pairs:
            code: Encoded = encode(tokenizer, *case)
            key = (tuple(code.ids), code.actor, code.recipient)
            if key not in seen:
                seen.add(key)
                found.append(Case(code, (), None, None, None, "", "clause", case[0]))
    return found
