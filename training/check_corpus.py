"""Checks the training corpus: `python training/check_corpus.py [--against FILE ...] [CORPUS_FILE ...]`.

Each row must hold one actor and one recipient mark, a known type (or NONE), modes of that type, known contexts, a known
auxiliary and its brief; no sentence may stand twice with the same marks (with others it may: they decide). With
`--against`, no run of six words of a sentence may stand in a given file (a manual, a codebook, a test set): the corpus
is the project's own. Common runs that are mere grammar ("for the first time in a year") are reported too, and reworded.
Exits 1 where anything is found.
"""

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple, get_args

from detente.model import Auxiliary, EventType
from detente.ontology.plover import contexts, types

FOLDER = Path(__file__).parent / "corpus"
COLUMNS = {"sentence", "type", "mode", "auxiliary"}
BRIEF = ("source brief", "brief")
RUN = 6


class Row(NamedTuple):
    """One sentence of the corpus; `where` is its file and line."""

    where: str
    sentence: str
    type: str
    mode: str
    context: str
    auxiliary: str
    brief: str


def read(paths: Iterable[Path]) -> list[Row]:
    """The rows of corpus files. Raises ValueError where a file lacks a column or a row has not as many cells."""
    found: list[Row] = []
    for path in paths:
        lines = path.read_text(encoding="utf-8").splitlines()
        header = lines[0].split("\t") if lines else []
        brief = next((name for name in BRIEF if name in header), None)
        if not set(header) >= COLUMNS or brief is None:
            raise ValueError(f"{path.name}: the first line must name {sorted(COLUMNS)} and 'source brief'")
        for number, line in enumerate(lines[1:], 2):
            cells = line.split("\t")
            if not line.strip() or line.startswith("#"):
                continue
            if len(cells) != len(header):
                raise ValueError(f"{path.name}:{number}: {len(cells)} cells for {len(header)} columns")
            row = dict(zip(header, cells, strict=True))
            kind, mode, auxiliary = row["type"], row["mode"], row["auxiliary"]
            found.append(
                Row(f"{path.name}:{number}", row["sentence"], kind, mode, row.get("context", ""), auxiliary, row[brief])
            )
    return found


def unmarked(sentence: str) -> str:
    """The sentence without its marks."""
    return re.sub(r"</?[st]>", "", sentence)


def words(text: str) -> list[str]:
    """Words in lower case, without marks and punctuation."""
    return re.findall(r"[^\W_]+", unmarked(text).lower())


def runs(text: str, length: int = RUN) -> set[tuple[str, ...]]:
    """All runs of `length` words."""
    found = words(text)
    return {tuple(found[i : i + length]) for i in range(len(found) - length + 1)}


def faults(row: Row) -> Iterator[str]:
    """What is wrong with a row's form."""
    for mark in "st":
        if not re.fullmatch(rf"[^<]*(<(?!/?{mark}>)[^<]*)*<{mark}>[^<]+</{mark}>.*", row.sentence) or (
            row.sentence.count(f"<{mark}>") != 1 or row.sentence.count(f"</{mark}>") != 1
        ):
            yield f"not one <{mark}>…</{mark}>"
    if row.type != "NONE" and row.type not in get_args(EventType):
        yield f"no type {row.type!r}"
    else:
        known = {} if row.type == "NONE" else types()[row.type].modes  # type: ignore[index]
        for mode in filter(None, row.mode.split("|")):
            if mode not in known:
                yield f"{row.type} has no mode {mode!r}"
    for context in filter(None, row.context.split("|")):
        if context not in contexts():
            yield f"no context {context!r}"
    if row.auxiliary and row.auxiliary not in get_args(Auxiliary):
        yield f"no auxiliary {row.auxiliary!r}"
    if not row.brief:
        yield "no brief"
    if row.sentence != row.sentence.strip() or "  " in row.sentence:
        yield "stray spaces"


def main() -> int:
    """Print what is wrong, then the counts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--against", nargs="+", type=Path, default=[], metavar="FILE")
    parser.add_argument("files", nargs="*", type=Path)
    options = parser.parse_args()
    rows = read(options.files or sorted(FOLDER.glob("*.tsv")))
    wrong = [f"{row.where}: {fault}" for row in rows for fault in faults(row)]
    seen: dict[tuple[str, ...], str] = {}
    for row in rows:
        key = tuple(re.findall(r"</?[st]>|[^\W_]+", row.sentence.lower()))
        if key in seen:
            wrong.append(f"{row.where}: the same as {seen[key]}")
        seen.setdefault(key, row.where)
    for path in options.against:
        known = runs(path.read_text(encoding="utf-8", errors="replace"))
        for row in rows:
            wrong += [f"{row.where}: {path.name} has {' '.join(run)!r}" for run in sorted(runs(row.sentence) & known)]
    print("\n".join(wrong), file=sys.stderr) if wrong else None
    distinct = len({tuple(words(row.sentence)) for row in rows})
    print(f"{len(rows)} rows, {distinct} sentences of {len({r.brief for r in rows})} briefs")
    print(*(f"{t} {n}" for t, n in Counter(r.type for r in rows).most_common()), sep=", ")
    print(*(f"{a or 'null'} {n}" for a, n in Counter(r.auxiliary for r in rows).most_common()), sep=", ")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
