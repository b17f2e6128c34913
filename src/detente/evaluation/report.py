"""The figures of a whole run, joined from its articles."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, get_args

from detente.evaluation.calibration import Calibration, calibration
from detente.evaluation.intervals import Interval, of_f1, of_share
from detente.evaluation.misses import Miss, misses
from detente.evaluation.readings import Pair
from detente.evaluation.scoring import BY, FIELDS, Count, Scores, score
from detente.model import EventType

FORBIDDEN = "forbidden"
"""The name of the share of traps that were coded: the one figure of which less is better."""
NO_KIND = "(no kind)"


@dataclass(frozen=True, slots=True)
class Row:
    """One figure over `articles` articles, and the 95% interval of its F1."""

    name: str
    articles: int
    count: Count
    interval: Interval | None

    def to_dict(self) -> dict[str, Any]:
        """Its figures by name; shares are rounded to four places."""
        count = self.count
        return {
            "articles": self.articles,
            "owed": count.owed,
            "read": count.counted,
            "found": count.hit,
            "optional": count.spare,
            "precision": _rounded(count.precision),
            "recall": _rounded(count.recall),
            "f1": _rounded(count.f1),
            "interval": _both(self.interval),
        }


@dataclass(frozen=True, slots=True)
class Traps:
    """How many of the `owed` forbidden readings were `coded`, and the 95% interval of their share."""

    owed: int
    coded: int
    interval: Interval | None

    @property
    def share(self) -> float:
        """Coded a trap; 0 where there is none."""
        return self.coded / self.owed if self.owed else 0.0


@dataclass(frozen=True, slots=True)
class Report:
    """What an evaluation found. `misses` are by article, those with most errors first."""

    articles: int
    fields: tuple[Row, ...]
    types: tuple[Row, ...]
    kinds: tuple[Row, ...]
    traps: Traps
    confidence: Calibration
    misses: tuple[tuple[str, tuple[Miss, ...]], ...]

    def figures(self) -> dict[str, float]:
        """What a baseline pins: F1 by field and the share of traps coded, in thousandths."""
        return {row.name: round(row.count.f1, 3) for row in self.fields} | (
            {FORBIDDEN: round(self.traps.share, 3)} if self.traps.owed else {}
        )

    def to_dict(self, worst: int) -> dict[str, Any]:
        """The report as plain JSON-ready values, with at most `worst` misses."""
        sure = self.confidence
        return {
            "articles": self.articles,
            "fields": {row.name: row.to_dict() for row in self.fields},
            "forbidden": {
                "owed": self.traps.owed,
                "coded": self.traps.coded,
                "share": _rounded(self.traps.share),
                "interval": _both(self.traps.interval),
            },
            "types": {row.name: row.to_dict() for row in self.types},
            "kinds": {row.name: row.to_dict() for row in self.kinds},
            "confidence": {
                "events": sure.events,
                "brier": _rounded(sure.brier),
                "calibration_error": _rounded(sure.error),
                "bins": [{name: _rounded(value) for name, value in asdict(b).items()} for b in sure.bins],
                "thresholds": [
                    {"least": t, "read": c.counted, "precision": _rounded(c.precision), "recall": _rounded(c.recall)}
                    for t, c in sure.thresholds.items()
                ],
            },
            "misses": [{"article": name} | asdict(miss) for name, own in self.worst(worst) for miss in own],
        }

    def worst(self, limit: int) -> list[tuple[str, tuple[Miss, ...]]]:
        """The first `limit` misses, by article."""
        shown: list[tuple[str, tuple[Miss, ...]]] = []
        for name, own in self.misses:
            if limit <= 0:
                break
            shown.append((name, own[:limit]))
            limit -= len(own)
        return shown


def evaluate(pairs: Iterable[Pair]) -> Report:
    """Score readings against their gold."""
    pairs = sorted(pairs, key=lambda pair: str(pair.file.path))
    scores = [score(pair.file.gold, pair.reading) for pair in pairs]
    kinds = [pair.file.gold.kind or NO_KIND for pair in pairs]
    traps = [(s.coded, s.traps) for s in scores]
    wrong = [(os.path.normpath(pair.file.page), misses(pair.file.gold, pair.reading)) for pair in pairs]
    return Report(
        articles=len(pairs),
        fields=_rows(FIELDS, [s.fields for s in scores]),
        types=_rows(get_args(EventType), [s.types for s in scores], every=True),
        kinds=tuple(_kind(kind, scores, kinds) for kind in sorted(set(kinds))),
        traps=Traps(sum(t for _, t in traps), sum(c for c, _ in traps), of_share(traps)),
        confidence=calibration([(pair.file.gold, pair.whole) for pair in pairs]),
        misses=tuple(sorted((w for w in wrong if w[1]), key=lambda w: (-len(w[1]), w[0]))),
    )


def _rows(names: Sequence[str], tables: Sequence[dict[str, Count]], *, every: bool = False) -> tuple[Row, ...]:
    """One row a name, over the articles that have it; `every`: an article without it has nothing of it."""
    rows = []
    for name in names:
        having = [table[name] for table in tables if name in table]
        drawn = [table.get(name, Count()) for table in tables] if every else having
        if having:
            rows.append(Row(name, len(having), sum(having, Count()), of_f1(drawn)))
    return tuple(rows)


def _kind(kind: str, scores: Sequence[Scores], kinds: Sequence[str]) -> Row:
    own = [s.fields[BY] for s, k in zip(scores, kinds, strict=True) if k == kind]
    return Row(kind, len(own), sum(own, Count()), of_f1(own))


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _both(interval: Interval | None) -> list[float | None] | None:
    return None if interval is None else [_rounded(end) for end in interval]
