"""Makes the weights of the relevance gate: `python training/relevance.py [--figures]`.

Trains on `training/relevance/*.tsv` and, as single sentences that count less, on `training/corpus/*.tsv`; writes
`src/detente/intake/data/relevance.tsv`. The threshold is set on scores of items not trained on (five folds). With
`--figures` nothing is written: the table that stands is measured on `training/relevance/held/*.tsv`, which is never
trained on. numpy alone, about half a minute on one core, the same result each time.
"""

import argparse
import json
import random
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from detente.intake.relevance import BIAS, THRESHOLD, relevance_of
from detente.intake.terms import features, terms

HERE = Path(__file__).parent
FOLDER = HERE / "relevance"
TABLE = HERE.parent / "src" / "detente" / "intake" / "data" / "relevance.tsv"
SEED = 20220131
FOLDS = 5
LEAST = 3
"""Items in which a feature must stand to be listed."""
SMALLEST = 0.05
"""Weights nearer to 0 are left out of the table."""
PENALTY = 0.03
STEPS = 300
POWER_STEPS = 30
SENTENCES = 1.0
"""What all sentences of the corpus count together, where all relevant items of page form count 1."""
SKIPPED = 0.5
"""Share of the assumed news day that the threshold must skip, on items not trained on: as few as still save half
of the reading, since a page lost is worse than one read for nothing."""
RECALL = 0.98
"""Share of the relevant items, of those not trained on, that must then be let through, or nothing is written."""
POSITIVE_SHARE = 0.25
"""Share of relevant pages in the assumed general news day."""
_MARK = re.compile(r"</?[st]>")


@dataclass(frozen=True)
class Item:
    """A short page: what it is about, its title and lead; `relevant` is the label."""

    relevant: bool
    subject: str
    title: str
    text: str


@dataclass(frozen=True)
class Matrix:
    """Items as rows of features: `row`, `column` and `value` of what is not 0."""

    row: NDArray[np.int64]
    column: NDArray[np.int64]
    value: NDArray[np.float64]
    rows: int

    def times(self, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """The matrix by a column."""
        return np.bincount(self.row, self.value * weights[self.column], self.rows).astype(np.float64)

    def transposed(self, errors: NDArray[np.float64], columns: int) -> NDArray[np.float64]:
        """Its transpose by a column."""
        return np.bincount(self.column, self.value * errors[self.row], columns).astype(np.float64)


def items(paths: Iterable[Path]) -> list[Item]:
    """The items of files in page form. Raises ValueError for a line of another form."""
    found = []
    for path in paths:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()[1:], 2):
            cells = line.split("\t")
            if len(cells) != 4 or cells[0] not in ("yes", "no"):
                raise ValueError(f"{path.name}, line {number}: owes relevant (yes or no), subject, title, text")
            found.append(Item(cells[0] == "yes", *cells[1:]))
    return found


def training_items() -> list[Item]:
    """All items that are trained on."""
    return items(sorted(FOLDER.glob("*.tsv")))


def held_items() -> list[Item]:
    """All items that are never trained on."""
    return items(sorted((FOLDER / "held").glob("*.tsv")))


def sentences() -> list[Item]:
    """The corpus's sentences in which something happens, without their marks, two to an item."""
    found: dict[str, list[str]] = {}
    for path in sorted((HERE / "corpus").glob("*.tsv")):
        for line in path.read_text(encoding="utf-8").splitlines()[1:]:
            sentence, kind = line.split("\t")[:2]
            if kind != "NONE":
                found.setdefault(path.stem, []).append(_MARK.sub("", sentence))
    drawn = random.Random(SEED)
    pairs = []
    for brief, of_brief in found.items():
        drawn.shuffle(of_brief)
        pairs += [
            Item(True, brief, first, second) for first, second in zip(of_brief[::2], of_brief[1::2], strict=False)
        ]
    return pairs


def features_of(item: Item) -> set[str]:
    """The distinct features of an item, as one window."""
    return {feature for feature, _ in features(terms(item.title) + terms(item.text))}


def listed(rows: Sequence[set[str]]) -> dict[str, int]:
    """The features that stand in enough rows, in alphabetical order, with their columns."""
    counts = Counter(feature for row in rows for feature in row)
    return {feature: n for n, feature in enumerate(sorted(f for f, c in counts.items() if c >= LEAST))}


def matrix(rows: Sequence[set[str]], columns: dict[str, int]) -> Matrix:
    """Rows of features as numbers: each 1, scaled by the root of how many features its row has, listed or not."""
    row, column, value = [], [], []
    for number, of_row in enumerate(rows):
        for feature in sorted(of_row & columns.keys()):
            row.append(number)
            column.append(columns[feature])
            value.append(len(of_row) ** -0.5)
    return Matrix(np.array(row, np.int64), np.array(column, np.int64), np.array(value), len(rows))


def steepest(data: Matrix, shares: NDArray[np.float64], columns: int) -> float:
    """How strongly the loss bends at most: a quarter of the largest eigenvalue, by power iteration, and a margin."""
    weights, bias, largest = np.ones(columns), 1.0, 1.0
    for _ in range(POWER_STEPS):
        errors = shares * (data.times(weights) + bias)
        weights, bias = data.transposed(errors, columns), float(errors.sum())
        largest = float(np.sqrt(weights @ weights + bias * bias))
        weights, bias = weights / largest, bias / largest
    return 0.25 * largest * 1.1


def fitted(
    data: Matrix, labels: NDArray[np.float64], shares: NDArray[np.float64], columns: int
) -> tuple[NDArray[np.float64], float]:
    """Weights and constant of a logistic regression with an L2 penalty, by accelerated gradient descent (Nesterov)."""
    weights, bias = np.zeros(columns), 0.0
    ahead, ahead_bias = weights.copy(), bias
    rate = 1.0 / (steepest(data, shares, columns) + PENALTY)
    for step in range(1, STEPS + 1):
        error = shares * (1 / (1 + np.exp(-(data.times(ahead) + ahead_bias))) - labels)
        new = ahead - rate * (data.transposed(error, columns) + PENALTY * ahead)
        new_bias = ahead_bias - rate * float(error.sum())
        momentum = (step - 1) / (step + 2)
        ahead, ahead_bias = new + momentum * (new - weights), new_bias + momentum * (new_bias - bias)
        weights, bias = new, new_bias
    return weights, bias


def trained(page_items: Sequence[Item], extra: Sequence[Item]) -> dict[str, float]:
    """The table's features and weights, from items of page form and further sentences."""
    every = [*page_items, *extra]
    rows = [features_of(item) for item in every]
    columns = listed(rows)
    labels = np.array([float(item.relevant) for item in every])
    pages = np.arange(len(every)) < len(page_items)
    shares = np.ones(len(every))
    relevant = float((labels[pages] == 1).sum())
    shares[~pages] = SENTENCES * relevant / max(1, len(extra))
    # Both labels count the same.
    shares[labels == 1] *= (labels == 0).sum() / shares[labels == 1].sum()
    weights, bias = fitted(matrix(rows, columns), labels, shares, len(columns))
    found = {feature: float(weights[n]) for feature, n in columns.items() if abs(weights[n]) >= SMALLEST}
    return {BIAS: bias} | found


def scores(page_items: Sequence[Item], table: dict[str, float]) -> NDArray[np.float64]:
    """The score of each item as one window, as `relevance` gives it."""
    logits = []
    for item in page_items:
        of_item = features_of(item)
        logits.append(table[BIAS] + sum(table.get(f, 0.0) for f in of_item) / max(1, len(of_item)) ** 0.5)
    found: NDArray[np.float64] = 1 / (1 + np.exp(-np.array(logits, np.float64)))
    return found


def out_of_fold(page_items: Sequence[Item], extra: Sequence[Item]) -> NDArray[np.float64]:
    """The score of each item by a model that was not trained on it."""
    order = np.random.default_rng(SEED).permutation(len(page_items))
    found = np.zeros(len(page_items))
    for fold in range(FOLDS):
        out = order[fold::FOLDS]
        left = set(out.tolist())
        table = trained([item for n, item in enumerate(page_items) if n not in left], extra)
        found[out] = scores([page_items[n] for n in out], table)
    return found


def threshold(page_items: Sequence[Item], found: NDArray[np.float64]) -> float:
    """The lowest score at which enough of the news day is skipped. Raises ValueError where too much is lost there."""
    for at in np.sort(found):
        reached = figures(page_items, found, float(at))
        if reached["skipped"] >= SKIPPED:
            if reached["recall"] < RECALL:
                raise ValueError(f"recall is {reached['recall']} where {SKIPPED} is skipped; {RECALL} is owed")
            return float(at)
    raise ValueError(f"no score skips {SKIPPED} of the day")


def figures(page_items: Sequence[Item], found: NDArray[np.float64], at: float) -> dict[str, float]:
    """Recall, precision on the assumed news day, and the share of its pages that is skipped, at one threshold."""
    labels = np.array([item.relevant for item in page_items])
    kept = found >= at
    recall, let_through = float(kept[labels].mean()), float(kept[~labels].mean())
    read = POSITIVE_SHARE * recall + (1 - POSITIVE_SHARE) * let_through
    return {
        "threshold": round(at, 4),
        "recall": round(recall, 4),
        "let_through": round(let_through, 4),
        "precision": round(POSITIVE_SHARE * recall / read, 4) if read else 1.0,
        "skipped": round(1 - read, 4),
    }


def report(page_items: Sequence[Item], thresholds: Sequence[float]) -> list[dict[str, float]]:
    """The figures of the table that stands, by the function that readers use, at its own threshold and others."""
    found = np.array([relevance_of(item.title, item.text).score for item in page_items])
    return [figures(page_items, found, at) for at in thresholds]


def standing() -> float:
    """The threshold of the table that stands."""
    rows = (line.split("\t") for line in TABLE.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    return float(dict(row[:2] for row in rows)[THRESHOLD])


def main() -> None:
    """Train and write the table, or measure the one that stands."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--figures", action="store_true", help="measure on the held part; write nothing")
    if parser.parse_args().figures:
        held = held_items()
        print(f"{sum(item.relevant for item in held)} relevant of {len(held)} held items")
        for row in report(held, sorted({standing(), 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7})):
            print(json.dumps(row))
        return
    page_items, extra = training_items(), sentences()
    print(
        f"{sum(item.relevant for item in page_items)} relevant of {len(page_items)} items; {len(extra)} of the corpus"
    )
    found = out_of_fold(page_items, extra)
    at = threshold(page_items, found)
    print("not trained on:", json.dumps(figures(page_items, found, at)))
    table = trained(page_items, extra) | {THRESHOLD: at}
    lines = [f"{feature}\t{weight:.3f}" for feature, weight in table.items()]
    remark = "# Made by training/relevance.py: change the data there, then run it anew. `word*` is a stem."
    TABLE.write_text("\n".join([remark, "feature\tweight", *lines]) + "\n", encoding="utf-8")
    print(f"{len(lines)} rows, {TABLE.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
