"""An article's words → whether it is about relations between states, peoples and their governments.

A logistic model over listed words, made by `training/relevance.py`; no parse. A page is looked at in windows of its
terms, each under its title, and judged by the two that speak most for it, so that a soft beginning does not hide what
follows. The scope is PLOVER's: also unrest, repression and armed conflict within a state.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import exp, sqrt

from detente.intake.terms import Terms, features, terms
from detente.model import Article

BIAS, THRESHOLD = "<bias>", "<threshold>"
"""Rows of the table that are no words: the model's constant, and the score from which on a page is relevant."""
_WINDOW = 60
"""Terms of a window; the training's items are about as long."""
_WINDOWS = 8
_BEST = 2
_CHARACTERS = 6_000
"""Of a text, enough for all windows."""
_TITLE_CHARACTERS = 300
_TOLD = 8


@dataclass(frozen=True, slots=True)
class Relevance:
    """Whether a page is worth reading for the record.

    `score` is between 0 and 1, `relevant` whether it reaches the threshold. `words` are those of the page that told
    most, the weightiest first, with what each adds to the score's logit: above 0 for relevance, below 0 against it.
    """

    score: float
    relevant: bool
    words: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Skipped:
    """A page that is not read because it is not relevant; `name` as the caller named its source."""

    name: str
    relevance: Relevance

    @property
    def reason(self) -> str:
        """Why, with the words that told most against it."""
        against = ", ".join(word for word, weight in self.relevance.words if weight < 0)
        return "not about states, peoples and their governments" + (f" (for its words {against})" if against else "")

    def __str__(self) -> str:
        return f"{self.name}: skipped, {self.reason}"


def not_relevant(name: str, article: Article) -> Skipped | None:
    """Why an article is not read; None where it is.

    What is not English goes through: the weights are of English words, and reading says that it is not read.
    """
    if article.language not in (None, "en"):
        return None
    told = relevance(article)
    return None if told.relevant else Skipped(name, told)


def relevance(article: Article) -> Relevance:
    """How likely an article is about relations between states, peoples and governments."""
    return relevance_of(article.title or "", article.text)


def relevance_of(title: str, text: str) -> Relevance:
    """The same of a title and a text. Without a word in either the score is 0."""
    head, body = terms(title[:_TITLE_CHARACTERS]), terms(text[:_CHARACTERS])
    if not head and not body:
        return Relevance(0.0, False)
    weights = _weights()
    judged = sorted(
        (_judge(head + window, weights) for window in windows(body)), key=lambda told: told[0], reverse=True
    )[:_BEST]
    score = 1 / (1 + exp(-sum(logit for logit, _ in judged) / len(judged)))
    added: dict[str, float] = {}
    for _, told in judged:
        for word, value in told.items():
            added[word] = added.get(word, 0.0) + value / len(judged)
    # Equal weights in the order of the words, lest the answer hang on the page's order.
    most = sorted(added.items(), key=lambda item: (-abs(item[1]), item[0]))[:_TOLD]
    return Relevance(
        round(score, 4), score >= weights[THRESHOLD], tuple((word, round(value, 3)) for word, value in most)
    )


def windows(body: Terms) -> Sequence[Terms]:
    """The windows of a text's terms, at least one; a rest shorter than half a window joins the one before."""
    cuts = list(range(0, min(len(body), _WINDOW * _WINDOWS), _WINDOW))
    if len(cuts) > 1 and len(body) - cuts[-1] < _WINDOW // 2:
        cuts.pop()
    found = [body[start : start + _WINDOW] for start in cuts]
    return found or [[]]


def _judge(window: Terms, weights: dict[str, float]) -> tuple[float, dict[str, float]]:
    """The logit of a window, and what each of the page's words adds to it."""
    seen = dict(features(window))
    told = [(shown, weights[feature]) for feature, shown in seen.items() if feature in weights]
    added: dict[str, float] = {}
    scale = 1 / sqrt(len(seen))
    for shown, weight in told:
        added[shown] = added.get(shown, 0.0) + weight * scale
    return weights[BIAS] + sum(added.values()), added


@cache
def _weights() -> dict[str, float]:
    """The table's words and their weights."""
    text = (files("detente.intake") / "data" / "relevance.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return {word: float(weight) for word, weight in rows if word != "feature"}
