"""Reads the package's own TSV tables.

A table's first line names its columns; `|` parts the items of a cell that holds several; a line that
begins with `#` is a remark.
"""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files

Row = dict[str, str]


def parse(text: str) -> Iterator[Row]:
    """The rows of a table's text, each as column name to cell. Raises ValueError where a row has too many cells."""
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    header = lines[0].split("\t")
    for line in lines[1:]:
        cells = line.split("\t")
        if len(cells) > len(header):
            raise ValueError(f"{len(cells)} cells for {len(header)} columns: {line[:80]}")
        yield dict(zip(header, cells + [""] * (len(header) - len(cells)), strict=True))


@cache
def rows(table: str) -> tuple[Row, ...]:
    """All rows of `data/TABLE.tsv`, or of each file in the folder `data/TABLE/`, in the order of their names."""
    data = files("detente.ontology") / "data"
    folder = data / table
    parts = (
        sorted((p for p in folder.iterdir() if p.name.endswith(".tsv")), key=lambda p: p.name)
        if folder.is_dir()
        else [data / f"{table}.tsv"]
    )
    return tuple(row for part in parts for row in parse(part.read_text(encoding="utf-8")))


def items(cell: str) -> list[str]:
    """The items of a cell that holds several."""
    return [item for item in (part.strip() for part in cell.split("|")) if item]
