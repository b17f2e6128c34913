"""How far two annotators of the corpus agree, and each with its author: `python training/agreement.py`.

Reads `training/agreement/first.tsv` and `second.tsv` (sentence, type, mode, context, auxiliary), made blind from a
random share of the corpus. Prints the share of equal answers and Cohen's kappa (1960) by field: type and "no event"
over all sentences; mode, auxiliary and contexts over those that both hold to be the same type of event, contexts label
by label.
"""

import csv
import sys
from collections import Counter
from collections.abc import Hashable, Sequence
from pathlib import Path

HERE = Path(__file__).parent
Row = dict[str, str]


def rows(path: Path) -> dict[str, Row]:
    """The rows of an annotation, or of a corpus file, by their marked sentence."""
    with path.open(encoding="utf-8", newline="") as file:
        return {row["sentence"]: row for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)}


def kappa(first: Sequence[Hashable], second: Sequence[Hashable]) -> tuple[float, float]:
    """The share of equal answers, and what of it chance does not explain."""
    count = len(first)
    same = sum(a == b for a, b in zip(first, second, strict=True)) / count
    one, other = Counter(first), Counter(second)
    chance = sum(one[answer] * other[answer] for answer in one) / count**2
    return same, (same - chance) / (1 - chance) if chance < 1 else 1.0


def compare(first: Sequence[Row], second: Sequence[Row]) -> dict[str, tuple[int, float, float]]:
    """By field: how many answers are compared, the share that is equal, and kappa."""
    table = {
        "type": kappa([r["type"] for r in first], [r["type"] for r in second]),
        "no event": kappa([r["type"] == "NONE" for r in first], [r["type"] == "NONE" for r in second]),
    }
    alike = [(a, b) for a, b in zip(first, second, strict=True) if a["type"] == b["type"] != "NONE"]
    for field in ("mode", "auxiliary"):
        table[field] = kappa(*zip(*((a[field].split("|")[0], b[field].split("|")[0]) for a, b in alike), strict=True))
    held = [({*a["context"].split("|")}, {*b["context"].split("|")}) for a, b in alike]
    labels = sorted({label for pair in held for side in pair for label in side} - {""})
    table["context"] = kappa(*zip(*((lab in a, lab in b) for a, b in held for lab in labels), strict=True))
    sizes = {"mode": len(alike), "auxiliary": len(alike), "context": len(alike) * len(labels)}
    return {field: (sizes.get(field, len(first)), *values) for field, values in table.items()}


def main() -> int:
    """Print the tables."""
    first, second = (rows(HERE / "agreement" / f"{name}.tsv") for name in ("first", "second"))
    author: dict[str, Row] = {}
    for path in sorted((HERE / "corpus").glob("*.tsv")):
        author |= rows(path)
    if lost := [sentence for sentence in first if sentence not in second or sentence not in author]:
        print(f"not annotated by all: {lost[0]} (and {len(lost) - 1} more)", file=sys.stderr)
        return 1
    print(f"{len(first)} sentences")
    for name, one, other in (
        ("the two annotators", first, second),
        ("the first and the author", first, author),
        ("the second and the author", second, author),
    ):
        print(f"\n{name}\n  {'field':12}{'answers':>8}{'equal':>8}{'kappa':>8}")
        found = compare([one[sentence] for sentence in first], [other[sentence] for sentence in first])
        for field, (count, same, value) in found.items():
            print(f"  {field:12}{count:8}{same:8.3f}{value:8.3f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
