"""A table (CSV or TSV) with named columns → one raw page a row."""

import codecs
import csv
import json
import re
from collections import deque
from collections.abc import Iterator, Mapping
from datetime import date
from typing import BinaryIO

from detente.errors import BadLine, Empty, SourceError, UsageError
from detente.intake import words
from detente.intake.article import looks_like_html, stable_id
from detente.intake.limits import MAX_BYTES
from detente.intake.raw import RawPage
from detente.intake.streams import lines, pieces
from detente.intake.tally import Count

FIELDS = ("id", "url", "title", "published", "text", "html")
_DELIMITERS = ",;\t|"
_SEPARATOR = re.compile(rb"sep=([,;\t|])\r?$")
"""What spreadsheets write before the headings, to tell the delimiter."""
_QUOTED = re.compile(rb'"[^"]*"')
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_SAME = re.compile(r"[\s_-]+")


def parse_columns(value: str) -> dict[str, str]:
    """Which column is which field, from "text=body,title=headline". Raises UsageError."""
    columns: dict[str, str] = {}
    for part in value.split(","):
        field, mark, heading = (each.strip() for each in part.partition("="))
        if not mark or not heading or field not in FIELDS:
            raise UsageError(
                f"{part.strip()!r} names no column; give them as text=HEADING,title=HEADING with {', '.join(FIELDS)}"
            )
        columns[field] = heading
    return columns


def row_pages(
    first: bytes,
    stream: BinaryIO,
    source: str,
    *,
    published: date | None,
    columns: Mapping[str, str] | None,
    after: int,
    count: Count,
) -> Iterator[RawPage | SourceError]:
    """The pages of a table whose first row names its columns, one in memory at a time, in the form of JSON lines.

    The columns are those of `columns` (field → heading), and those that common headings name. The delimiter (comma,
    semicolon, tab or bar) is that of the first row. A row's `position` is its number below the first; rows up to
    `after` are passed over. A row that is none is an error, named by its line. A row without an id of its own gets one
    of its address and its words. Raises BadLine for a table without a column of text or without one that `columns`
    names, Empty for one without rows.
    """
    table = _Lines(lines(_utf8(first, stream)))
    rows = _rows(table, table.delimiter(source))
    line, heading = next(rows, (0, ()))
    if not line:
        raise Empty(source, "no rows in it: give a table whose first row names its columns")
    if isinstance(heading, str):
        raise BadLine(f"{source}, line {line}", f"{heading}: give a table whose first row names its columns")
    places = _places(heading, columns or {}, f"{source}, line {line}")
    position = 0
    for position, (line, row) in enumerate(rows, start=1):
        if position <= after:
            continue
        place = f"{source}, line {line}"
        try:
            fields = _fields(row, places, len(heading), place)
        except BadLine as error:
            count.bad += 1
            yield error
            continue
        count.pages += 1
        yield RawPage(
            data=json.dumps(fields, ensure_ascii=False).encode(),
            source=place,
            form="json",
            url=fields.get("url"),
            archive=source,
            position=position,
            published=published,
        )
    if not position:
        raise Empty(source, "no rows below the headings: give a table with a row a page")


def _fields(row: tuple[str, ...] | str, places: Mapping[str, int], width: int, place: str) -> dict[str, str]:
    """A row's cells by field, as a JSON line has them. Raises BadLine."""
    if isinstance(row, str):
        raise BadLine(place, f"{row}: mend its quotes")
    if len(row) < width or any(row[width:]):
        raise BadLine(place, f"{len(row)} cells where the headings are {width}: mend its delimiters or quotes")
    fields = {field: row[at].strip() for field, at in places.items() if row[at].strip()}
    text = fields.get("text") or fields.get("html")
    if text is None:
        raise BadLine(place, "no words in its column of text: give the article's words")
    if "text" in fields and looks_like_html(text):
        fields["html"] = fields.pop("text")
    fields.setdefault("id", stable_id(fields.get("url", ""), text.encode("utf-8", "replace")))
    return fields


def _places(heading: tuple[str, ...], columns: Mapping[str, str], place: str) -> dict[str, int]:
    """At which place of a row each field stands. Raises BadLine."""
    at: dict[str, int] = {}
    for number, name in enumerate(heading):
        at.setdefault(_plain(name), number)
    found = ", ".join(name.strip() or "(none)" for name in heading)[:500]
    places: dict[str, int] = {}
    for field, name in columns.items():
        if _plain(name) not in at:
            raise BadLine(place, f"no column {name!r}: its columns are {found}")
        places[field] = at[_plain(name)]
    taken = set(places.values())
    for row in words.rows("columns"):
        if row["heading"] in at and at[row["heading"]] not in taken:
            places.setdefault(row["field"], at[row["heading"]])
    if not {"text", "html"} & set(places):
        raise BadLine(place, f"no column of text: name it with --columns text=HEADING; its columns are {found}")
    return places


def _plain(heading: str) -> str:
    return _SAME.sub("_", heading.strip().casefold())


def _utf8(first: bytes, stream: BinaryIO) -> Iterator[bytes]:
    """The stream in UTF-8 where its byte order mark says that it is UTF-16, else as it is, without its mark."""
    found = pieces(first, stream)
    start = next(found, b"")
    while len(start) < len(codecs.BOM_UTF8) and (more := next(found, b"")):
        start += more
    if start.startswith(_UTF16):
        decoder = codecs.getincrementaldecoder("utf-16")(errors="replace")
        yield decoder.decode(start).encode()
        yield from (decoder.decode(piece).encode() for piece in found)
        return
    yield start.removeprefix(codecs.BOM_UTF8)
    yield from found


def _rows(found: "_Lines", delimiter: str) -> Iterator[tuple[int, tuple[str, ...] | str]]:
    """Each row with the number of its first line, or what is wrong with it; empty lines are no rows.

    Where a quote is not closed, or is closed in the middle of a cell, the row ends with its first line, so that those
    below are not lost with it; once for each line, so that no table takes time beyond its size.
    """
    # The csv module's bound is for the whole process; it is raised to ours, never lowered.
    csv.field_size_limit(max(csv.field_size_limit(), MAX_BYTES))
    tried = 0
    while True:
        found.begin_row()
        row: list[str] | str | None
        try:
            row = next(csv.reader(found, delimiter=delimiter, strict=True), None)
        except csv.Error as error:
            row = f"no row ({error})"
        if row is None:
            return
        first, last = found.row[0][0], found.row[-1][0]
        if isinstance(row, str):
            if first > tried:
                tried = last
                found.back_to_second_line()
            yield first, row
        elif any(cell.strip() for cell in row):
            yield first, tuple(row)


class _Lines:
    """The lines of a table as text, numbered, of which those of the row in hand can be read once more."""

    def __init__(self, found: Iterator[bytes | None]) -> None:
        self.row: list[tuple[int, bytes | None]] = []
        self._size = 0
        self._coming = enumerate(found, start=1)
        self._again: deque[tuple[int, bytes | None]] = deque()

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._coming)
        self.row.append(line)
        self._size += len(line[1] or b"")
        if line[1] is None or self._size > MAX_BYTES:
            raise csv.Error(f"more than {MAX_BYTES // 1_000_000} MB, or a quote that is never closed")
        return _text(line[1]) + "\n"

    def begin_row(self) -> None:
        """Forget the row in hand."""
        self.row = []
        self._size = 0

    def back_to_second_line(self) -> None:
        """Let the row in hand be read again but for its first line."""
        self._again.extendleft(reversed(self.row[1:]))

    def delimiter(self, source: str) -> str:
        """What parts the cells: what the line "sep=" says, else the mark that the first line has most of."""
        first = next((line for line in self._coming if line[1] is None or line[1].strip()), None)
        if first is None:
            return ","
        line = first[1] or b""
        if said := _SEPARATOR.match(line):
            return said[1].decode()
        self._again.append(first)
        if source.lower().endswith((".tsv", ".tab")):
            return "\t"
        bare = _QUOTED.sub(b"", line)
        return max(_DELIMITERS, key=lambda mark: bare.count(mark.encode()))


def _text(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        # As spreadsheets on Windows write them.
        return line.decode("cp1252", "replace")
