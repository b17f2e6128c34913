"""Look-ups in the tables of `intake/data`: the words by which a line's nature shows."""

from functools import cache
from importlib.resources import files

from detente.ontology.tables import Row, parse


@cache
def rows(table: str) -> tuple[Row, ...]:
    """All rows of `intake/data/TABLE.tsv`, in order."""
    return tuple(parse((files("detente.intake") / "data" / f"{table}.tsv").read_text(encoding="utf-8")))


@cache
def column(table: str, name: str) -> frozenset[str]:
    """One column of a table, in lower case, as a set."""
    return frozenset(row[name].lower() for row in rows(table))


@cache
def cues(kind: str) -> frozenset[str]:
    """The words of one class of `data/cues.tsv`, in lower case."""
    return frozenset(row["word"] for row in rows("cues") if row["class"] == kind)


@cache
def originals(table: str, name: str) -> frozenset[str]:
    """One column of a table as it is written, as a set."""
    return frozenset(row[name] for row in rows(table))
