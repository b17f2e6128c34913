"""Whether an event's confidence is the share of such events that are right, and what a bound on it would cost.

An event is right where a gold event, owed or optional, bears out its type, parties and auxiliary.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from detente.evaluation.gold import Gold
from detente.evaluation.matching import Fits
from detente.evaluation.scoring import Count, count, right_places
from detente.model import Reading

BINS = 10
THRESHOLDS = tuple(k / 10 for k in range(3, 10))


@dataclass(frozen=True, slots=True)
class Bin:
    """The events of confidence `low` to `high`: how many, their mean confidence, the share of them that is right."""

    low: float
    high: float
    events: int
    confidence: float
    right: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """Brier score and expected calibration error over `events` events; None of no events.

    The error is the mean distance between confidence and share right over ten bins of equal width, weighted by their
    events; `bins` are those that hold any. `thresholds` are the counts of type, parties and auxiliary, by the least
    confidence asked for.
    """

    events: int
    brier: float | None
    error: float | None
    bins: tuple[Bin, ...]
    thresholds: dict[float, Count]


def calibration(scored: Sequence[tuple[Gold, Reading]]) -> Calibration:
    """The calibration over articles, each read without leaving any event out."""
    found: list[tuple[float, bool]] = []
    thresholds = dict.fromkeys(THRESHOLDS, Count())
    for gold, reading in scored:
        fits, right = Fits(reading), right_places(gold, reading)
        found += [(event.confidence, n in right) for n, event in enumerate(reading.events)]
        for bound in THRESHOLDS:
            kept = [event for event in reading.events if event.confidence >= bound]
            thresholds[bound] += count(gold.events, kept, fits.auxiliary)
    if not found:
        return Calibration(0, None, None, (), thresholds)
    sure = np.array([confidence for confidence, _ in found])
    borne = np.array([float(is_right) for _, is_right in found])
    place = np.clip((sure * BINS).astype(int), 0, BINS - 1)
    bins = tuple(
        Bin(b / BINS, (b + 1) / BINS, int(own.sum()), float(sure[own].mean()), float(borne[own].mean()))
        for b in range(BINS)
        if (own := place == b).any()
    )
    return Calibration(
        events=len(found),
        brier=float(np.mean((sure - borne) ** 2)),
        error=sum(b.events * abs(b.confidence - b.right) for b in bins) / len(found),
        bins=bins,
        thresholds=thresholds,
    )
