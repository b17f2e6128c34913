"""Confidence: how likely an act's type, parties and auxiliary are all right, from what was sure and what was not.

The weights are odds of features counted on the project's own golden readings; the next step replaces them by a
calibrated model.
"""

from detente.reading.draft import Act, Draft

FLOOR = 0.5
"""Acts less likely than this are left out (coding rules, section Doubt)."""


def _likelihood(act: Act) -> float:
    score = 0.86
    if not any(m.party for m in act.actors):
        score -= 0.2
    if any(m.kind in {"pronoun", "collective"} for m in (*act.actors, *act.recipients)):
        score -= 0.06
    if not act.recipients and not act.symmetric:
        score -= 0.06
    if act.trigger.pos_ == "NOUN":
        score -= 0.08
    if act.auxiliary in {"hypothetical", "negation"}:
        score -= 0.12
    if act.claimed_by is not None:
        score -= 0.04
    if act.when is not None and act.when.precision == "vague":
        score -= 0.03
    return max(0.05, min(0.98, score))


def confidence(draft: Draft) -> None:
    """Set each act's confidence."""
    for act in draft.acts:
        act.confidence = round(_likelihood(act), 2)
