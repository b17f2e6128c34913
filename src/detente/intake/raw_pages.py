"""What the caller names (files, folders, addresses, standard input) → raw pages; a raw page → its article."""

import os
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import BinaryIO

from detente.errors import Empty, NotFound, NotText, SourceError, TooLarge
from detente.intake import sources as walk
from detente.intake.article import InputFormat, article_from_bytes, article_from_json
from detente.intake.fetch import fetch
from detente.intake.limits import MAX_BYTES
from detente.intake.raw import Form, RawPage
from detente.model import Article


def raw_pages(
    sources: Iterable[str],
    *,
    published: date | None = None,
    input_format: InputFormat = "auto",
    stdin: BinaryIO | None = None,
) -> Iterator[RawPage | SourceError]:
    """The pages that `sources` name, as `articles` takes them, in their order, nothing decided about them yet.

    A source that cannot be read yields its SourceError in its place, and the rest goes on.
    """
    for source in sources:
        try:
            if source == "-":
                yield from _stream(stdin or sys.stdin.buffer, "-", published, input_format)
            elif source.startswith(("http://", "https://")):
                page = fetch(source)
                form: Form = "text" if input_format == "text" else "auto"
                yield RawPage(
                    page.data, source, form, page.url, page.charset, fetched_at=datetime.now(UTC), published=published
                )
            elif os.path.isdir(source):
                yield from _folder(source, published, input_format)
            else:
                yield from _file(source, published, input_format)
        except SourceError as error:
            yield error


def article_of(raw: RawPage) -> Article:
    """The article that a raw page holds. Raises the SourceErrors of `article_from_bytes` and `article_from_json`."""
    if raw.form == "json":
        found = article_from_json(raw.data, source=raw.source, published=raw.published)
    else:
        found = article_from_bytes(
            raw.data,
            source=raw.source,
            url=raw.url,
            published=raw.published,
            input_format=raw.form,
            charset=raw.charset,
        )
    given = {"id": raw.id, "title": raw.title}
    return found.model_copy(update={name: value for name, value in given.items() if value is not None})


def _folder(folder: str, published: date | None, input_format: InputFormat) -> Iterator[RawPage | SourceError]:
    found = False
    for path in walk._paths(folder):
        found = True
        try:
            yield from _file(path, published, input_format)
        except SourceError as error:
            yield error
    if not found:
        raise Empty(folder, "no pages in the folder (.html, .txt, .jsonl …): give a folder of pages, or name the files")


def _file(path: str, published: date | None, input_format: InputFormat) -> Iterator[RawPage | SourceError]:
    try:
        with Path(path).open("rb") as file:
            yield from _stream(file, path, published, input_format)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise NotFound(path, "no such file or folder: check the path, or write an address with https://") from error
    except (OSError, ValueError) as error:
        raise walk._unreadable(path, error) from error


def _stream(
    stream: BinaryIO, source: str, published: date | None, input_format: InputFormat
) -> Iterator[RawPage | SourceError]:
    if input_format == "warc" or (input_format == "auto" and source.lower().endswith(walk._WARC_SUFFIXES)):
        raise NotText(source, walk._WARC)
    first = walk._some(stream)
    lines = source.lower().endswith((".json", *walk._JSONL_SUFFIXES)) or walk._begins_json(first)
    if input_format == "jsonl" or (input_format == "auto" and lines):
        for number, line in enumerate(walk._lines(first, stream), start=1):
            place = f"{source}, line {number}"
            if line is None:
                yield TooLarge(place, f"more than {MAX_BYTES // 1_000_000} MB: give the article's own text")
            elif line.strip():
                yield RawPage(line.removeprefix(b"\xef\xbb\xbf"), place, "json", published=published)
        return
    data = first + stream.read(max(0, MAX_BYTES + 1 - len(first)))
    form: Form = "auto" if input_format in ("auto", "jsonl", "warc") else input_format
    yield RawPage(data, source, form, published=published)
