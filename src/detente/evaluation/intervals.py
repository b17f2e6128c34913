"""How far a figure may be chance: bootstrap intervals, resampling whole articles."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from detente.evaluation.scoring import Count

RESAMPLES = 1000
_SEED = 20220224
_BOUNDS = (2.5, 97.5)
Interval = tuple[float, float]


@lru_cache(maxsize=32)
def _draws(articles: int) -> NDArray[np.int64]:
    """How often each article is drawn in each resample: `RESAMPLES` rows, one column an article."""
    random = np.random.default_rng(_SEED)
    return random.multinomial(articles, np.full(articles, 1 / articles), size=RESAMPLES)


def of_f1(counts: Sequence[Count]) -> Interval | None:
    """The 95% interval of F1, from one count an article. None for fewer than two articles, of which nothing is known.

    Resamples in which nothing was owed nor read have no F1 and are left out.
    """
    if len(counts) < 2:
        return None
    table = np.array([(c.hit, c.owed, c.counted) for c in counts], dtype=np.int64)
    hit, owed, counted = (_draws(len(counts)) @ table).T
    total = owed + counted
    # 2PR / (P + R) is 2 hit / (owed + counted), also where P or R alone is not defined.
    return _bounds(2 * hit[total > 0] / total[total > 0])


def of_share(parts: Sequence[tuple[int, int]]) -> Interval | None:
    """The 95% interval of a share, from (part, whole) of each article; None for fewer than two articles."""
    if len(parts) < 2:
        return None
    part, whole = (_draws(len(parts)) @ np.array(parts, dtype=np.int64)).T
    return _bounds(part[whole > 0] / whole[whole > 0])


def _bounds(values: NDArray[np.float64]) -> Interval | None:
    if not values.size:
        return None
    low, high = np.percentile(values, _BOUNDS)
    return float(low), float(high)
