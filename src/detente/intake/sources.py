"""What the caller names (files, folders, addresses, standard input) → articles, one at a time."""

import json
import os
import sys
from collections.abc import Iterable, Iterator
from datetime import date
from io import BytesIO
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from detente.errors import BadLine, Empty, NotFound, NotText, SourceError, TooLarge
from detente.intake.article import InputFormat, article_from_bytes, article_from_json
from detente.intake.limits import MAX_BYTES
from detente.model import Article

_WARC = (
    "WARC archives are read by `detente add`, which keeps what it has read: unpack the pages, or give their addresses"
)
_JSONL_SUFFIXES = (".jsonl", ".ndjson", ".jsonlines")
_WARC_SUFFIXES = (".warc", ".warc.gz", ".wacz")
_PEEKED = 65_536
# Bytes, white space apart, that tell one form from another.
_TELLING = 32
Named = tuple[str, Article | SourceError]
# What a folder is searched for; a file of another ending is read when it is named itself.
_PAGES = {".html", ".htm", ".xhtml", ".shtml", ".php", ".asp", ".aspx", ".txt", ".text", ".jsonl", ".ndjson", ""}


def articles(
    sources: Iterable[str],
    *,
    published: date | None = None,
    input_format: InputFormat = "auto",
    stdin: BinaryIO | None = None,
) -> Iterator[Article | SourceError]:
    """The articles of `pages`, without the names of their files."""
    return (item for _, item in pages(sources, published=published, input_format=input_format, stdin=stdin))


def pages(
    sources: Iterable[str],
    *,
    published: date | None = None,
    input_format: InputFormat = "auto",
    stdin: BinaryIO | None = None,
) -> Iterator[Named]:
    """The article of each page that `sources` name, in their order, one in memory at a time, with its file's name.

    A source is a file, a folder (walked in the order of names, hidden files left out), an http(s) address, or `-`
    for `stdin` (default: the process's own). JSON lines are streamed. A page or line that cannot be read yields its
    SourceError in its place, and the rest goes on. `published` overrules all pages' own dates. The name is the
    file's path, the address, or a JSON line's id.
    """
    for source in sources:
        try:
            yield from _source(source, published, input_format, stdin)
        except SourceError as error:
            yield source, error


def _source(source: str, published: date | None, input_format: InputFormat, stdin: BinaryIO | None) -> Iterator[Named]:
    if source == "-":
        yield from _stream(stdin or sys.stdin.buffer, "-", published, input_format)
    elif source.startswith(("http://", "https://")):
        # httpx and what it brings are loaded only where an address is read.
        from detente.intake.fetch import fetch

        page = fetch(source)
        yield (
            source,
            article_from_bytes(
                page.data,
                source=source,
                url=page.url,
                published=published,
                input_format="text" if input_format == "text" else "auto",
                charset=page.charset,
            ),
        )
    elif os.path.isdir(source):
        yield from _folder(source, published, input_format)
    else:
        yield from _file(source, published, input_format)


def expected(sources: Iterable[str]) -> int | None:
    """How many pages `sources` hold, for a progress bar; None where only reading them tells (JSON lines, `-`)."""
    paths = [path for source in sources for path in (_paths(source) if os.path.isdir(source) else [source])]
    return None if any(path == "-" or path.lower().endswith(_JSONL_SUFFIXES) for path in paths) else len(paths)


def _paths(folder: str) -> Iterator[str]:
    """The pages of a folder and the folders in it, in the order of their names."""
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = os.path.join(place, name)
            # Pipes and devices in a folder would wait for ever.
            if not name.startswith(".") and Path(name).suffix.lower() in _PAGES and os.path.isfile(path):
                yield path


def _folder(folder: str, published: date | None, input_format: InputFormat) -> Iterator[Named]:
    found = False
    for path in _paths(folder):
        found = True
        try:
            yield from _file(path, published, input_format)
        except SourceError as error:
            yield path, error
    if not found:
        raise Empty(folder, "no pages in the folder (.html, .txt, .jsonl …): give a folder of pages, or name the files")


def _file(path: str, published: date | None, input_format: InputFormat) -> Iterator[Named]:
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
            yield from _stream(file, path, published, input_format)
        except OSError as error:
            raise _unreadable(path, error) from error


def _unreadable(path: str, error: OSError | ValueError) -> SourceError:
    return SourceError(path, f"cannot be read ({getattr(error, 'strerror', None) or error}): check the file")


def _stream(stream: BinaryIO, source: str, published: date | None, input_format: InputFormat) -> Iterator[Named]:
    if input_format == "warc" or (input_format == "auto" and source.lower().endswith(_WARC_SUFFIXES)):
        raise NotText(source, _WARC)
    first = _some(stream)
    while len(first.strip()) < _TELLING and (more := _some(stream)):
        first += more
    if input_format == "auto" and first.startswith(b"WARC/"):
        raise NotText(source, _WARC)
    if input_format == "auto" and source.lower().endswith(".json"):
        yield from _by_id(_json_file(first + stream.read(max(0, MAX_BYTES + 1 - len(first))), source, published))
        return
    if input_format == "jsonl" or (
        input_format == "auto" and (source.lower().endswith(_JSONL_SUFFIXES) or _begins_json(first))
    ):
        yield from _by_id(_json_lines(first, stream, source, published))
        return
    data = first + stream.read(max(0, MAX_BYTES + 1 - len(first)))
    yield source, article_from_bytes(data, source=source, published=published, input_format=input_format)


def _by_id(found: Iterator[Article | SourceError]) -> Iterator[Named]:
    return ((item.id if isinstance(item, Article) else item.source, item) for item in found)


def _begins_json(start: bytes) -> bool:
    """Whether bytes begin a JSON object, as no page does: a brace, and a quoted name after it."""
    stripped = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    return stripped.startswith(b"{") and stripped[1:].lstrip().startswith(b'"')


def _json_file(data: bytes, source: str, published: date | None) -> Iterator[Article | SourceError]:
    """A file that is one JSON object or a list of them, or JSON lines under another name."""
    if len(data) > MAX_BYTES:
        raise TooLarge(source, f"more than {MAX_BYTES // 1_000_000} MB of JSON in one piece: write JSON lines instead")
    try:
        whole = json.loads(data)
    except (ValueError, RecursionError):
        yield from _json_lines(data, BytesIO(), source, published)
        return
    for number, fields in enumerate(whole if isinstance(whole, list) else [whole], start=1):
        try:
            yield article_from_json(json.dumps(fields), source=f"{source}, item {number}", published=published)
        except SourceError as error:
            yield error


def _json_lines(first: bytes, stream: BinaryIO, source: str, published: date | None) -> Iterator[Article | SourceError]:
    given = False
    for number, line in enumerate(_lines(first, stream), start=1):
        place = f"{source}, line {number}"
        if line is None:
            yield TooLarge(place, f"more than {MAX_BYTES // 1_000_000} MB: give the article's own text")
        elif line.strip():
            try:
                yield article_from_json(line.removeprefix(b"\xef\xbb\xbf"), source=place, published=published)
            except SourceError as error:
                yield error
            except UnicodeDecodeError:
                yield BadLine(place, "no UTF-8: write JSON lines in UTF-8")
        else:
            continue
        given = True
    if not given:
        raise Empty(source, 'no lines in it: give one object a line, {"id": …, "text": …}')


def _lines(first: bytes, stream: BinaryIO) -> Iterator[bytes | None]:
    """The lines of a stream, each as soon as it is whole; None in place of one beyond the bound."""
    waiting: bytearray = bytearray()
    over = False
    for chunk in chain([first], iter(lambda: _some(stream), b"")):
        start = 0
        while (end := chunk.find(b"\n", start)) >= 0:
            waiting += chunk[start:end]
            yield None if over or len(waiting) > MAX_BYTES else bytes(waiting)
            waiting.clear()
            over = False
            start = end + 1
        waiting += chunk[start:]
        if len(waiting) > MAX_BYTES:
            over = True
            waiting.clear()
    if waiting or over:
        yield None if over else bytes(waiting)


def _some(stream: BinaryIO) -> bytes:
    """What the stream has now, so that a line from a pipe is read when it comes; b"" at its end."""
    read1 = getattr(stream, "read1", None)
    return bytes(read1(_PEEKED) if read1 else stream.read(_PEEKED))
