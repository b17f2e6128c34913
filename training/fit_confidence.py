"""Fits the weights of an act's confidence on golden readings, and says how well they are calibrated on others.

    python training/fit_confidence.py tests/readings --test tests/readings/held

Writes src/detente/reading/data/confidence.tsv. An act counts as right where its type, parties and auxiliary fit a
gold event of its sentence. Logistic regression with an L2 penalty on all weights but the first, by Newton's method.
"""

import argparse
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from detente import Reader, SourceError
from detente.evaluation import right_events
from detente.evaluation.gold import gold_files
from detente.intake import articles
from detente.reading import pipeline
from detente.reading.confidence import features

ROOT = Path(__file__).resolve().parents[1]
TABLE = ROOT / "src/detente/reading/data/confidence.tsv"
PENALTY = 2.0
BINS = 5


def judged(folder: Path) -> Iterable[tuple[list[str], bool]]:
    """The features of each act that is read from a folder's articles, and whether gold bears it out."""
    for file in gold_files([str(folder)]):
        if isinstance(file, SourceError):
            raise file
        article = next(iter(articles([str(file.page)], published=file.gold.given)))
        if isinstance(article, SourceError):
            raise article
        reading, draft = pipeline.read_draft(article, least=0.0)
        right = right_events(file.gold, reading)
        for act in draft.acts:
            yield list(features(act)), act.id in right


def fit(rows: list[tuple[list[str], bool]]) -> dict[str, float]:
    """The weight of each feature that is seen at least three times."""
    counts: dict[str, int] = {}
    for names, _ in rows:
        for name in names:
            counts[name] = counts.get(name, 0) + 1
    known = ["every act", *sorted(name for name, seen in counts.items() if seen >= 3 and name != "every act")]
    place = {name: i for i, name in enumerate(known)}
    x: NDArray[np.float64] = np.zeros((len(rows), len(known)))
    y: NDArray[np.float64] = np.array([float(right) for _, right in rows])
    for i, (names, _) in enumerate(rows):
        for name in names:
            if name in place:
                x[i, place[name]] = 1.0
    weights: NDArray[np.float64] = np.zeros(len(known))
    penalty = np.diag([0.01, *[PENALTY] * (len(known) - 1)])
    for _ in range(50):
        p = 1 / (1 + np.exp(-x @ weights))
        gradient = x.T @ (p - y) + penalty @ weights
        hessian = x.T @ (x * (p * (1 - p))[:, None]) + penalty
        weights = weights - np.linalg.solve(hessian, gradient)
    return {name: round(float(weights[i]), 3) for name, i in place.items()}


def report(name: str, rows: list[tuple[list[str], bool]], weights: dict[str, float]) -> None:
    """Print the share right, Brier score and expected calibration error of some acts."""
    odds = np.array([sum(weights.get(n, 0.0) for n in names) for names, _ in rows])
    p = 1 / (1 + np.exp(-odds))
    y = np.array([float(right) for _, right in rows])
    edges = np.quantile(p, np.linspace(0, 1, BINS + 1))
    bins = np.clip(np.searchsorted(edges, p, side="right") - 1, 0, BINS - 1)
    error = sum(
        abs(p[bins == b].mean() - y[bins == b].mean()) * (bins == b).mean() for b in range(BINS) if (bins == b).any()
    )
    print(
        f"{name}: {len(rows)} acts, right {y.mean():.3f}, Brier {np.mean((p - y) ** 2):.3f}, "
        f"calibration error {error:.3f}"
    )


def main() -> None:
    """Fit, write and report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path, help="golden readings to fit on")
    parser.add_argument("--test", nargs="*", type=Path, default=[], help="golden readings to report on alone")
    options = parser.parse_args()
    Reader()
    rows = [row for folder in options.folders for row in judged(folder)]
    weights = fit(rows)
    lines = ["# Log odds, fitted by training/fit_confidence.py on the golden readings.", "feature\tweight"]
    TABLE.write_text(
        "\n".join([*lines, *(f"{name}\t{value}" for name, value in weights.items())]) + "\n", encoding="utf-8"
    )
    report("fitted on", rows, weights)
    for folder in options.test:
        report(str(folder), list(judged(folder)), weights)


if __name__ == "__main__":
    main()
