"""A WARC archive → the raw pages in it: what servers answered with text or HTML, and saved text."""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import BinaryIO
from urllib.parse import urlsplit

from detente.errors import BadRecord, Empty, NotText, TooLarge
from detente.intake.gunzip import MAGIC, Piece, gunzip
from detente.intake.limits import MAX_BYTES
from detente.intake.payload import BadPayload, LargePayload, payload
from detente.intake.raw import Form, RawPage
from detente.intake.records import BEGIN, Damage, Record, parse_head, records, split_head
from detente.intake.streams import pieces
from detente.intake.tally import Count

_ZIP = b"PK\x03\x04"
_FORMS: dict[str, Form] = {"text/html": "html", "application/xhtml+xml": "html", "text/plain": "auto"}
_KEPT_HEADERS = ("content-type", "content-language", "etag", "last-modified")
_TEXT_TYPES = frozenset({"resource", "conversion"})
_KNOWN_TYPES = frozenset({"warcinfo", "request", "metadata", "revisit", "continuation"})


class _Passed(Exception):
    """A record that holds no page; its text is the reason."""


def warc_pages(
    first: bytes, stream: BinaryIO, source: str, *, published: date | None, after: int, count: Count
) -> Iterator[RawPage | BadRecord | TooLarge]:
    """The pages of a WARC file, plain or gzip, or of a WACZ file, one in memory at a time.

    `first` is what was read of the stream already. A page's `position` is its record's number; records up to `after`
    are passed over. A damaged record, or one whose page is beyond the bounds, is an error in its place. Raises Empty
    for a stream of no records, NotText for one that is no archive.
    """
    number = 0
    for number, found in enumerate(_all_records(first, stream, source), start=1):
        if number <= after:
            continue
        place = f"{source}, record {number}"
        try:
            if isinstance(found, Damage):
                raise BadRecord(place, f"{found.reason}; it is left out: fetch its page anew, if it matters")
            page = _page(found, source, place, number, published)
        except _Passed as reason:
            count.skipped[str(reason)] += 1
        except (BadRecord, TooLarge) as error:
            count.bad += 1
            yield error
        else:
            count.pages += 1
            yield page
    if not number:
        raise Empty(source, "no records in it: give a WARC file as crawlers write it")


def begins_archive(first: bytes) -> bool:
    """Whether bytes begin a WARC file, plain or gzip."""
    if first.startswith(MAGIC):
        start = next(gunzip(iter([first]), begin=BEGIN), Piece(b"")).data
        return start.startswith(BEGIN)
    return first.startswith(BEGIN)


def _all_records(first: bytes, stream: BinaryIO, source: str) -> Iterator[Record | Damage]:
    if first.startswith(_ZIP):
        yield from _zipped(len(first), stream, source)
    elif first.startswith(MAGIC):
        yield from records(gunzip(pieces(first, stream), begin=BEGIN))
    elif first.lstrip().startswith(BEGIN):
        yield from records(Piece(data) for data in pieces(first, stream))
    elif first.strip():
        raise NotText(source, "no WARC archive: give a .warc, .warc.gz or .wacz file")


def _zipped(read: int, stream: BinaryIO, source: str) -> Iterator[Record | Damage]:
    """The records of the WARC files in a WACZ file (WACZ 1.1.1, section 5), which is a zip archive."""
    try:
        if not stream.seekable():
            raise NotText(source, "a WACZ file can only be read from a file: save it, and give its name")
        stream.seek(0)
        with zipfile.ZipFile(stream) as archive:
            names = sorted(name for name in archive.namelist() if name.lower().endswith((".warc", ".warc.gz")))
            for name in names:
                with archive.open(name) as member:
                    first = member.read(len(MAGIC) + len(BEGIN))
                    if first.startswith(_ZIP):
                        raise BadRecord(source, f"{name} in it is an archive again: unpack it, and give its WARC files")
                    yield from _all_records(first, member, source)  # type: ignore[arg-type]
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError) as error:
        raise BadRecord(source, f"a damaged WACZ file ({error}): fetch it anew, or unpack its WARC files") from error


def _page(record: Record, source: str, place: str, number: int, published: date | None) -> RawPage:
    """The page of a record. Raises _Passed where it holds none, BadRecord, TooLarge."""
    kind = record.fields.get("warc-type", "").lower()
    url = record.fields.get("warc-target-uri", "").strip("<>") or None
    if kind == "response":
        fields, body = _response(record, place)
    elif kind in _TEXT_TYPES:
        fields, body = {"content-type": record.fields.get("content-type", "")}, record.block
    else:
        raise _Passed(kind if kind in _KNOWN_TYPES else "of another type")
    media, charset = _media(fields.get("content-type", ""))
    if media not in _FORMS:
        raise _Passed("no text")
    if url is not None and _is_robots(url):
        raise _Passed("robots.txt")
    if record.over:
        raise TooLarge(place, f"more than {MAX_BYTES // 1_000_000} MB: give the article's own page, or its text")
    if kind == "response":
        try:
            body = payload(body, fields)
        except LargePayload as error:
            raise TooLarge(place, f"{error}: give the article's own page, or its text") from error
        except BadPayload as error:
            raise BadRecord(place, f"{error}; it is left out: fetch its page anew, if it matters") from error
    if not body.strip():
        raise _Passed("empty")
    return RawPage(
        data=body,
        source=place,
        form="text" if kind == "conversion" else _FORMS[media],
        url=url,
        charset=charset,
        fetched_at=_moment(record.fields.get("warc-date", "")),
        headers=MappingProxyType({name: fields[name] for name in _KEPT_HEADERS if name in fields}),
        archive=source,
        position=number,
        published=published,
    )


def _response(record: Record, place: str) -> tuple[dict[str, str], bytes]:
    """Fields and body of the HTTP response in a record. Raises _Passed for another answer than 200."""
    if not record.fields.get("content-type", "application/http").lower().startswith("application/http"):
        # A response of another protocol, such as the names' service ("text/dns").
        raise _Passed("no text")
    parts = split_head(record.block)
    head = parse_head(parts[0]) if parts else None
    status = head.line.split()[1:2] if head else []
    if parts is None or head is None or not (status and head.line.upper().startswith("HTTP/")):
        raise BadRecord(place, "no HTTP response in it; it is left out: fetch its page anew, if it matters")
    if status != ["200"]:
        raise _Passed(f"HTTP {status[0]}" if len(status[0]) == 3 and status[0].isascii() else "HTTP of no status")
    return head.fields, parts[1]


def _media(content_type: str) -> tuple[str, str | None]:
    """Media type and charset of a Content-Type."""
    media, _, rest = content_type.partition(";")
    charset: str | None = None
    for parameter in rest.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            charset = value.strip().strip("\"'") or None
    return media.strip().lower(), charset


def _is_robots(url: str) -> bool:
    with suppress(ValueError):
        return urlsplit(url).path == "/robots.txt"
    return False


def _moment(text: str) -> datetime | None:
    """A WARC-Date, which is in UTC (WARC 1.1, section 5.4); None where it is none."""
    with suppress(ValueError):
        moment = datetime.fromisoformat(text)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return None
