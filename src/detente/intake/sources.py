"""What the caller names (files, folders, addresses, standard input) → raw pages, and their articles, one at a time."""

import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from detente.errors import Empty, NotFound, SourceError, TooLarge, UsageError
from detente.intake.article import InputFormat, article_of
from detente.intake.gunzip import MAGIC
from detente.intake.limits import MAX_BYTES
from detente.intake.raw import Form, RawPage
from detente.intake.rows import row_pages
from detente.intake.streams import lines, pieces, some
from detente.intake.tally import Tally
from detente.model import Article

_JSONL_SUFFIXES = (".jsonl", ".ndjson", ".jsonlines")
_WARC_SUFFIXES = (".warc", ".warc.gz", ".wacz")
_CSV_SUFFIXES = (".csv", ".tsv", ".tab")
# Bytes, white space apart, that tell one form from another.
_TELLING = 32
_BOM = b"\xef\xbb\xbf"
Named = tuple[str, Article | SourceError]
# What a folder is searched for; a file of another ending is read when it is named itself.
_PAGES = (".html", ".htm", ".xhtml", ".shtml", ".php", ".asp", ".aspx", ".txt", ".text", ".jsonl", ".ndjson")


def articles(
    sources: Iterable[str],
    *,
    published: date | None = None,
    input_format: InputFormat = "auto",
    stdin: BinaryIO | None = None,
    columns: Mapping[str, str] | None = None,
    tally: Tally | None = None,
) -> Iterator[Article | SourceError]:
    """The articles of `pages`, without the names of their files."""
    found = pages(sources, published=published, input_format=input_format, stdin=stdin, columns=columns, tally=tally)
    return (item for _, item in found)


def pages(
    sources: Iterable[str],
    *,
    published: date | None = None,
    input_format: InputFormat = "auto",
    stdin: BinaryIO | None = None,
    columns: Mapping[str, str] | None = None,
    tally: Tally | None = None,
) -> Iterator[Named]:
    """The article of each of `raw_pages`, or the error in its place, with its name.

    The name is the file's path, the address (of a page in an archive too), or the id of a JSON line or a table's row.
    """
    for raw in raw_pages(
        sources, published=published, input_format=input_format, stdin=stdin, columns=columns, tally=tally
    ):
        if isinstance(raw, SourceError):
            yield raw.source, raw
            continue
        try:
            article = article_of(raw)
        except SourceError as error:
            yield error.source, error
            continue
        yield name_of(raw, article), article


def name_of(raw: RawPage, article: Article) -> str:
    """What a page goes by: its file's path, its address (in an archive too), or the id of a JSON line or a row."""
    if raw.form == "json":
        return article.id
    return raw.url if raw.archive and raw.url else raw.source


def raw_pages(
    sources: Iterable[str],
    *,
    published: date | None = None,
    input_format: InputFormat = "auto",
    stdin: BinaryIO | None = None,
    columns: Mapping[str, str] | None = None,
    after: Mapping[str, int] | None = None,
    tally: Tally | None = None,
) -> Iterator[RawPage | SourceError]:
    """The pages that `sources` name, as they came, in their order, one in memory at a time.

    A source is a file, a folder (walked in the order of names, hidden files left out), an http(s) address, or `-`
    for `stdin` (default: the process's own). JSON lines, tables and WARC archives are streamed. A page, line, row or
    record that cannot be read yields its SourceError in its place, and the rest goes on. `published` overrules all
    pages' own dates. `columns` says which heading of a table is which field (see `rows`). `after` maps a
    `RawPage.archive` to a `RawPage.position`: what stands there and before is passed over unread. `tally` counts what
    archives and tables hold. Raises UsageError where `columns` are given for a form without any.
    """
    if columns and input_format not in ("auto", "csv"):
        raise UsageError(f"columns are those of CSV; {input_format} has none")
    asked = _Asked(
        published, input_format, columns, after if after is not None else {}, tally if tally is not None else Tally()
    )
    return _all(sources, asked, stdin)


@dataclass(frozen=True, slots=True)
class _Asked:
    """How sources are to be read."""

    published: date | None
    input_format: InputFormat
    columns: Mapping[str, str] | None
    after: Mapping[str, int]
    tally: Tally = field(compare=False)


_Found = Iterator[RawPage | SourceError]


def _all(sources: Iterable[str], asked: _Asked, stdin: BinaryIO | None) -> _Found:
    for source in sources:
        try:
            if source == "-":
                yield from _stream(stdin or sys.stdin.buffer, "-", asked)
            elif source.startswith(("http://", "https://")):
                yield _fetched(source, asked)
            elif os.path.isdir(source):
                yield from _folder(source, asked)
            else:
                yield from _file(source, asked)
        except SourceError as error:
            yield error


def expected(sources: Iterable[str]) -> int | None:
    """How many pages `sources` hold, for a progress bar.

    None where only reading them tells: JSON lines, tables, archives, `-`.
    """
    many = (*_JSONL_SUFFIXES, *_CSV_SUFFIXES, *_WARC_SUFFIXES)
    paths = [path for source in sources for path in (_paths(source) if os.path.isdir(source) else [source])]
    return None if any(path == "-" or path.lower().endswith(many) for path in paths) else len(paths)


def _fetched(source: str, asked: _Asked) -> RawPage:
    # httpx and what it brings are loaded only where an address is read.
    from detente.intake.fetch import fetch, raw_page

    form: Form = "text" if asked.input_format == "text" else "auto"
    return replace(raw_page(fetch(source)), source=source, form=form, published=asked.published)


def _paths(folder: str, more: tuple[str, ...] = _WARC_SUFFIXES) -> Iterator[str]:
    """The pages of a folder and the folders in it, in the order of their names."""
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = os.path.join(place, name)
            ours = not Path(name).suffix or name.lower().endswith((*_PAGES, *more))
            # Pipes and devices in a folder would wait for ever.
            if not name.startswith(".") and ours and os.path.isfile(path):
                yield path


def _folder(folder: str, asked: _Asked) -> _Found:
    found = False
    # Tables beside pages are as a rule about them, not of them: they are read where tables are asked for.
    for path in _paths(folder, _CSV_SUFFIXES if asked.input_format == "csv" else _WARC_SUFFIXES):
        found = True
        try:
            yield from _file(path, asked)
        except SourceError as error:
            yield error
    if not found:
        raise Empty(folder, "no pages in the folder (.html, .txt, .jsonl …): give a folder of pages, or name the files")


def _file(path: str, asked: _Asked) -> _Found:
    try:
        file = Path(path).open("rb")  # noqa: SIM115 - closed below; only its opening is in this try
    except (FileNotFoundError, NotADirectoryError) as error:
        raise NotFound(path, "no such file or folder: check the path, or write an address with https://") from error
    except PermissionError as error:
        raise SourceError(path, "may not be read: check the file's permissions") from error
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from error
    with file:
        try:
            yield from _stream(file, path, asked)
        except OSError as error:
            raise _unreadable(path, error) from error


def _unreadable(path: str, error: OSError | ValueError) -> SourceError:
    return SourceError(path, f"cannot be read ({getattr(error, 'strerror', None) or error}): check the file")


def _stream(stream: BinaryIO, source: str, asked: _Asked) -> _Found:
    first = some(stream)
    while len(first.strip()) < _TELLING and (more := some(stream)):
        first += more
    form = asked.input_format if asked.input_format != "auto" else _form(first, source)
    after = asked.after.get(source, 0)
    if form == "warc":
        # Loaded where it is used: pages alone need no reader of archives.
        from detente.intake.archives import warc_pages

        count = asked.tally.of(source)
        yield from warc_pages(first, stream, source, published=asked.published, after=after, count=count)
    elif form == "csv":
        count = asked.tally.of(source)
        yield from row_pages(
            first, stream, source, published=asked.published, columns=asked.columns, after=after, count=count
        )
    elif form == "jsonl":
        yield from _json_lines(first, stream, source, asked.published, after)
    elif form == "json":
        data = first + stream.read(max(0, MAX_BYTES + 1 - len(first)))
        yield from _json_file(data, source, asked.published, after)
    else:
        data = first + stream.read(max(0, MAX_BYTES + 1 - len(first)))
        yield RawPage(data, source, form, published=asked.published)


def _form(first: bytes, source: str) -> Form | InputFormat:
    """What a stream holds, by its name's ending and its first bytes."""
    name = source.lower()
    if name.endswith(_WARC_SUFFIXES) or (first.startswith((b"WARC/", MAGIC)) and _is_archive(first)):
        return "warc"
    if name.endswith(".json"):
        return "json"
    if name.endswith(_JSONL_SUFFIXES) or _begins_json(first):
        return "jsonl"
    return "csv" if name.endswith(_CSV_SUFFIXES) else "auto"


def _is_archive(first: bytes) -> bool:
    from detente.intake.archives import begins_archive

    return begins_archive(first)


def _begins_json(start: bytes) -> bool:
    """Whether bytes begin a JSON object, as no page does: a brace, and a quoted name after it."""
    stripped = start.removeprefix(_BOM).lstrip()
    return stripped.startswith(b"{") and stripped[1:].lstrip().startswith(b'"')


def _json_file(data: bytes, source: str, published: date | None, after: int) -> _Found:
    """A file that is one JSON object or a list of them, or JSON lines under another name."""
    if len(data) > MAX_BYTES:
        raise TooLarge(source, f"more than {MAX_BYTES // 1_000_000} MB of JSON in one piece: write JSON lines instead")
    try:
        whole = json.loads(data)
    except (ValueError, RecursionError):
        yield from _json_lines(data, BytesIO(), source, published, after)
        return
    for number, fields in enumerate(whole if isinstance(whole, list) else [whole], start=1):
        if number > after:
            yield _json_page(json.dumps(fields).encode(), source, "item", number, published)


def _json_lines(first: bytes, stream: BinaryIO, source: str, published: date | None, after: int) -> _Found:
    given = False
    for number, line in enumerate(lines(pieces(first, stream)), start=1):
        given = given or line is None or bool(line.strip())
        if number <= after:
            continue
        if line is None:
            place = f"{source}, line {number}"
            yield TooLarge(place, f"more than {MAX_BYTES // 1_000_000} MB: give the article's own text")
        elif line.strip():
            yield _json_page(line.removeprefix(_BOM), source, "line", number, published)
    if not given:
        raise Empty(source, 'no lines in it: give one object a line, {"id": …, "text": …}')


def _json_page(data: bytes, source: str, unit: str, number: int, published: date | None) -> RawPage:
    return RawPage(data, f"{source}, {unit} {number}", "json", published=published, archive=source, position=number)
