"""The sentences that the classifier is trained on, as numbers: one frozen `Case` a marked pair of parties."""

import csv
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from check_corpus import read, unmarked
from detente.ontology.plover import contexts, types
from detente.reading.classifier import AUXILIARIES, Encoded, encode, from_marks

SEED = 20220131
FOLDS = 5
FORGET_MARK = 0.03
"""Share of sentences trained with one mark left out, since a party may not stand in the text."""
TURNED = 0.2
"""Share of one-sided acts shown a second time with their parties exchanged, as no event: who does it to whom counts."""
OTHER_NAME, LONGEST_NAME = 0.75, 60
"""The share of parties exchanged where a sentence is shown with others, and characters of a party at most."""
ONE_SIDED = {
    "CONCEDE", "AID", "RETREAT", "REQUEST", "ACCUSE", "REJECT", "THREATEN",
    "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT",
}  # fmt: skip
_PARTY = re.compile(r"<([st])>(.*?)</\1>", re.S)
_MUTUAL = re.compile(
    r"\b(each other|one another|mutual\w*|reciprocal\w*|both sides|traded?|exchang\w+|clash\w*)\b", re.I
)

TYPES = [*types(), "NONE"]
MODES = [f"{t}:{mode}" for t, kind in types().items() for mode in ("", *kind.modes)]
MODES_OF = {t: [n for n, m in enumerate(MODES) if m.partition(":")[0] == t] for t in TYPES}
CONTEXTS = list(contexts())
YIELD = ("CONCEDE", "RETREAT")


@dataclass(frozen=True)
class Case:
    """A sentence as it is trained on.

    `allowed` are the types that are right; `mode` and `auxiliary` are indices, `contexts` all that hold; each of the
    three is None where it is not known. `group` keeps together what must stand in one fold.
    """

    code: Encoded
    allowed: tuple[int, ...]
    mode: int | None
    contexts: tuple[int, ...] | None
    auxiliary: int | None
    gold: str
    group: str
    marked: str


def corpus(tokenizer: Any, paths: Sequence[Path]) -> list[Case]:
    """The project's own sentences; of several modes the first counts."""
    found = []
    for row in read(paths):
        label = f"{row.type}:{row.mode.partition('|')[0]}"
        mode = MODES.index(label) if label in MODES else None
        held = tuple(CONTEXTS.index(c) for c in filter(None, row.context.split("|")))
        none = row.type == "NONE"
        found.append(
            Case(
                encode(tokenizer, *from_marks(row.sentence)),
                (TYPES.index(row.type),),
                mode,
                None if none else held,
                None if none else AUXILIARIES.index(row.auxiliary or None),
                row.type,
                row.brief,
                row.sentence,
            )
        )
    return found


def public(tokenizer: Any, path: Path) -> list[Case]:
    """Public sentences (TSV, columns marked_sentence and gold_root); only their types are known."""
    found = []
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            marked, gold = row.get("marked_sentence"), row.get("gold_root")
            if marked and gold:
                allowed = tuple(TYPES.index(t) for t in (YIELD if gold == "YIELD" else (gold,)))
                # The same sentence may stand twice with other parties: such are kept in one fold.
                code = encode(tokenizer, *from_marks(marked))
                found.append(Case(code, allowed, None, None, None, gold, unmarked(marked), marked))
    return found


def turned(tokenizer: Any, cases: Sequence[Case], chance: random.Random) -> list[Case]:
    """Some of the one-sided acts again, their parties exchanged and no event between them."""
    found = []
    for case in cases:
        if case.gold in ONE_SIDED and chance.random() < TURNED and not _MUTUAL.search(case.marked):
            text, actor, recipient = from_marks(case.marked)
            code = encode(tokenizer, text, recipient, actor)
            none = (TYPES.index("NONE"),)
            found.append(replace(case, code=code, allowed=none, mode=None, contexts=None, auxiliary=None, gold="NONE"))
    return found


def renamed(tokenizer: Any, cases: Sequence[Case], chance: random.Random, times: int) -> list[Case]:
    """Sentences again with parties of other sentences in their marks, `times` each, their types not known.

    For a teacher to label: so the student learns the words between the parties, not the parties.
    """
    names = [found.group(2).strip() for case in cases for found in _PARTY.finditer(case.marked)]
    names = [name for name in names if len(name) <= LONGEST_NAME]

    def other(found: re.Match[str]) -> str:
        mark, name = found.group(1), found.group(2)
        return f"<{mark}>{chance.choice(names) if chance.random() < OTHER_NAME else name}</{mark}>"

    told = [_PARTY.sub(other, case.marked) for case in cases for _ in range(times)]
    return [Case(encode(tokenizer, *from_marks(t)), (), None, None, None, "", "renamed", t) for t in told]


def forgetful(cases: Sequence[Case], chance: random.Random) -> list[Encoded]:
    """The codes of a batch; now and then a mark is left unread."""
    codes = []
    for case in cases:
        code = case.code
        if chance.random() < FORGET_MARK:
            code = code._replace(actor=-1) if chance.random() < 0.5 else code._replace(recipient=-1)
        codes.append(code)
    return codes


def folds(cases: Sequence[Case]) -> list[set[int]]:
    """Five folds; the cases of one group (a brief, a sentence) stand in one."""
    groups = sorted({c.group for c in cases})
    random.Random(SEED).shuffle(groups)
    place = {group: n % FOLDS for n, group in enumerate(groups)}
    return [{n for n, c in enumerate(cases) if place[c.group] == fold} for fold in range(FOLDS)]


def macro_f1(gold: Sequence[str], given: Sequence[str]) -> float:
    """Mean F1 over the classes of `gold`."""
    scores = []
    for label in sorted(set(gold)):
        hit = sum(g == p == label for g, p in zip(gold, given, strict=True))
        scores.append(2 * hit / (list(gold).count(label) + list(given).count(label)))
    return sum(scores) / len(scores)


def score(cases: Sequence[Case], answers: dict[str, NDArray[Any]]) -> dict[str, float]:
    """What the logits of `model.predict` are worth on cases not trained on.

    Macro-F1 and accuracy of the 16 types (15 where CONCEDE and RETREAT are one) and of the four quads, among the types
    alone; precision and recall of NONE; shares of modes and auxiliaries right given the type, and F1 of contexts.
    """
    logits = answers["types"]
    judged = [n for n, case in enumerate(cases) if case.gold != "NONE"]
    merged = any(c.gold == "YIELD" for c in cases)
    best = logits[judged][:, : len(TYPES) - 1].argmax(1)
    given = [TYPES[n] for n in best]
    given = ["YIELD" if merged and t in YIELD else t for t in given]
    gold = [cases[n].gold for n in judged]
    quads = {str(t): str(kind.quad) for t, kind in types().items()} | {"YIELD": "material cooperation"}
    table = {
        "cases": float(len(gold)),
        "root.macro_f1": macro_f1(gold, given),
        "root.accuracy": sum(g == p for g, p in zip(gold, given, strict=True)) / len(gold),
        "quad.macro_f1": macro_f1([quads[g] for g in gold], [quads[p] for p in given]),
    }
    none = np.array([c.gold == "NONE" for c in cases])
    if none.any():
        said = logits.argmax(1) == TYPES.index("NONE")
        table["none.precision"] = float((none & said).sum() / max(1, said.sum()))
        table["none.recall"] = float((none & said).sum() / none.sum())
    modes = [(c, row) for c, row in zip(cases, answers["modes"], strict=True) if c.mode is not None]
    modes = [(c, row[MODES_OF[c.gold]]) for c, row in modes if len(MODES_OF[c.gold]) > 1]
    if modes:
        table["mode.accuracy"] = float(np.mean([MODES_OF[c.gold][int(row.argmax())] == c.mode for c, row in modes]))
    known = [n for n, c in enumerate(cases) if c.auxiliary is not None]
    if known:
        told = answers["auxiliaries"][known].argmax(1)
        right = [cases[n].auxiliary for n in known]
        table["auxiliary.accuracy"] = float(np.mean(told == np.array(right)))
        table["auxiliary.macro_f1"] = macro_f1([str(n) for n in right], [str(n) for n in told])
        owed = np.zeros((len(known), len(CONTEXTS)), dtype=bool)
        for row_number, n in enumerate(known):
            owed[row_number, list(cases[n].contexts or ())] = True
        given_contexts = answers["contexts"][known] > 0
        table["context.f1"] = float(2 * (owed & given_contexts).sum() / max(1, owed.sum() + given_contexts.sum()))
    return {name: round(value, 4) for name, value in table.items()}
