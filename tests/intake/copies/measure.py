"""Measures the telling of copies on one half of the set: `python -m tests.intake.copies.measure [development|held]`.

Pairs are asked of an index that holds all documents of the half. Copies are the pairs of one family that overlap: a
report with each text derived from it, and two derived texts that both cover the whole. Independent are all pairs of
different families, other than a write-through with the report that it took its second half from.
"""

import sys
from collections import Counter
from dataclasses import dataclass
from itertools import combinations

from detente.intake.copies import sketch
from detente.intake.copy_index import CopyIndex
from tests.intake.copies.derive import FULL, Document, documents

REVISIONS = {"revised", "rewritten"}


@dataclass(frozen=True)
class Figures:
    """Counts of pairs: rightly found, wrongly found, missed; missed and all by the rule that made the pair."""

    right: int
    wrong: tuple[tuple[str, str, str, float], ...]
    missed: tuple[tuple[str, str], ...]
    by_rule: dict[str, tuple[int, int]]
    kinds: dict[str, Counter[str]]

    @property
    def precision(self) -> float:
        return self.right / (self.right + len(self.wrong))

    @property
    def recall(self) -> float:
        return self.right / (self.right + len(self.missed))


def expected(a: Document, b: Document) -> bool | None:
    """Whether the two are kin; None where nobody could say."""
    if a.family == b.family:
        return True if "base" in (a.rule, b.rule) or {a.rule, b.rule} <= {*FULL, "exact"} else None
    if a.event == b.event and "rewritten" in (a.rule, b.rule):
        return None
    return False


def measure(half: str) -> Figures:
    """The figures of one half."""
    found = documents(half)
    sketches = {d.key: sketch(d.text, d.title) for d in found}
    index = CopyIndex()
    for key, one in sketches.items():
        index.add(key, one)
    told = {(key, other): kin for key in sketches for other, kin in index.find(sketches[key])}
    right = 0
    wrong: list[tuple[str, str, str, float]] = []
    missed: list[tuple[str, str]] = []
    rules: dict[str, list[int]] = {}
    kinds: dict[str, Counter[str]] = {}
    for a, b in combinations(found, 2):
        kin, owed = told.get((a.key, b.key)), expected(a, b)
        if owed:
            rule = b.rule if a.rule == "base" else "derived pairs"
            rules.setdefault(rule, [0, 0])[1] += 1
            kinds.setdefault(rule, Counter())[kin.kind if kin else "none"] += 1
            if kin:
                right += 1
                rules[rule][0] += 1
            else:
                missed.append((a.key, b.key))
        elif owed is False and kin:
            wrong.append((a.key, b.key, kin.kind, kin.score))
    return Figures(right, tuple(wrong), tuple(missed), {k: (v[0], v[1]) for k, v in rules.items()}, kinds)


def main() -> None:
    half = sys.argv[1] if len(sys.argv) > 1 else "development"
    got = measure(half)
    print(f"{half}: {len(documents(half))} documents, {got.right + len(got.missed)} pairs of kin")
    print(f"precision {got.precision:.3f}  recall {got.recall:.3f}")
    for rule, (hits, pairs) in sorted(got.by_rule.items()):
        print(f"  {rule:20} {hits}/{pairs}  {dict(got.kinds[rule])}")
    for one in got.wrong:
        print("  wrong:", *one)
    for two in got.missed:
        print("  missed:", *two)


if __name__ == "__main__":
    main()
