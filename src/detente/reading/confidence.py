"""Confidence: the probability that an act's type, parties and auxiliary are all right.

A logistic model over what is seen of the act; its weights (`data/confidence.tsv`, log odds) are fitted by
`training/fit_confidence.py` on golden readings.
"""

import math
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from detente.ontology.tables import parse
from detente.reading.draft import Act, Draft

EVEN = 0.5
"""Acts less likely than this are left out, unless another bound is asked for (coding rules, section Doubt)."""
_LONG_SENTENCE = 35
"""Tokens from which a sentence counts as long."""
_MANY_NAMES = 5
"""Names from which a sentence holds more parties than one easily keeps apart."""
_CLAUSES = {"ccomp", "advcl", "relcl", "acl", "pcomp", "xcomp"}
_SURE = ("pronoun", "collective")
_STEPS = (0.95, 0.85, 0.7, 0.55, 0.0)
"""Probabilities of the classifier that are told apart."""


def features(act: Act) -> Iterator[str]:
    """What is seen of an act, as names of weights."""
    yield "every act"
    yield f"type {act.type}"
    if act.auxiliary:
        yield f"auxiliary {act.auxiliary}"
    if not any(m.party for m in act.actors):
        yield "no known actor"
    if any(m.kind in _SURE for m in (*act.actors, *act.recipients)):
        yield "party by reference"
    if len(act.actors) > 1:
        yield "several actors"
    if not act.symmetric:
        if not act.recipients:
            yield "no recipient"
        elif not any(m.party for m in act.recipients):
            yield "no known recipient"
    if act.trigger.pos_ in {"NOUN", "PROPN"}:
        yield "told by a noun"
    if act.lemma in {"imperative", "judgement"}:
        yield "in what is said"
    if act.lemma == "unlisted" or act.second:
        yield "by the classifier alone"
        if act.sure is not None:
            yield f"by the classifier, from {next(step for step in _STEPS if act.sure >= step)}"
    if act.claimed_by is not None:
        yield "claimed"
    if act.when is None:
        yield "no day named"
    if len(act.trigger.sent) > _LONG_SENTENCE:
        yield "long sentence"
    if any(m.inferred for m in (*act.actors, *act.recipients)):
        yield "party by its surroundings"
    depth = sum(token.dep_ in _CLAUSES for token in (act.trigger, *act.trigger.ancestors))
    if depth:
        yield "in a clause" if depth == 1 else "in a clause of a clause"
    if sum(token.pos_ == "PROPN" and token.dep_ != "compound" for token in act.trigger.sent) > _MANY_NAMES:
        yield "many names"


@cache
def _weights() -> dict[str, float]:
    text = (files("detente.reading") / "data" / "confidence.tsv").read_text(encoding="utf-8")
    return {row["feature"]: float(row["weight"]) for row in parse(text)}


def probability(act: Act) -> float:
    """The probability that an act's type, parties and auxiliary are all right, to two places."""
    weights = _weights()
    odds = sum(weights.get(name, 0.0) for name in features(act))
    return round(1 / (1 + math.exp(-odds)), 2)


def below(act: Act, least: float) -> str | None:
    """Why an act of its confidence is no event under the bound `least`; None where it is one."""
    return f"less likely ({act.confidence}) than {least}" if act.confidence < least else None


def confidence(draft: Draft) -> None:
    """Set each act's confidence; those below the draft's bound get that as the reason why they are no event."""
    for act in draft.acts:
        act.confidence = probability(act)
        if act.dropped is None and (why := below(act, draft.least)) is not None:
            act.dropped = why
            draft.decide("confidence", act.trigger.idx, f"{act.trigger.text!r} is left out: {act.dropped}")
