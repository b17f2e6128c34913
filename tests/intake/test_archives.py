"""WARC archives: which records are pages, what is undone on the way, what damage costs."""

import gzip
import io
import os
import resource
import subprocess
import sys
import tracemalloc
import zipfile
import zlib
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from fastwarc.stream_io import BrotliWriter, GzipWriter, ZstdWriter
from fastwarc.warc import WarcHeader, WarcRecord, WarcRecordType

from detente.errors import BadRecord, Empty, NoArticle, NotText, SourceError, TooLarge
from detente.intake import RawPage, Tally, article_of, articles, expected, pages, raw_pages
from detente.model import Article
from tests.intake.warc import chunked, http, packed, page, record, response

Found = list[RawPage | SourceError]


def read(data: bytes, *, after: int = 0, tally: Tally | None = None) -> Found:
    given = {"-": after} if after else None
    return list(raw_pages(["-"], stdin=io.BytesIO(data), input_format="warc", after=given, tally=tally))


def told(found: Found) -> list[str | int | None]:
    """Of a page the last part of its address, of an error the record it names."""
    return [
        int((raw.url or "").rsplit("/", 1)[1]) if isinstance(raw, RawPage) else raw.source.removeprefix("-, ")
        for raw in found
    ]


def one(block: bytes) -> RawPage | SourceError:
    (raw,) = read(record("response", block))
    return raw


THREE = [response(1), response(2), response(3)]


@pytest.mark.parametrize(
    "data",
    [b"".join(THREE), packed(THREE), gzip.compress(b"".join(THREE)), packed(THREE[:2]) + gzip.compress(THREE[2])],
    ids=["plain", "member-a-record", "one-member", "mixed"],
)
@pytest.mark.parametrize("form", ["warc", "auto"])
def test_each_form_of_archive_gives_its_pages(data: bytes, form: str, tmp_path: Path) -> None:
    found = list(raw_pages(["-"], stdin=io.BytesIO(data), input_format=form))  # type: ignore[arg-type]
    assert told(found) == [1, 2, 3]
    first = found[0]
    assert isinstance(first, RawPage)
    assert (first.data, first.form, first.charset) == (page(1), "html", "utf-8")
    assert (first.source, first.archive, first.position) == ("-, record 1", "-", 1)
    assert first.fetched_at == datetime(2022, 1, 21, 10, 30, tzinfo=UTC)
    assert first.headers == {"content-type": "text/html; charset=utf-8"}
    path = tmp_path / "crawl.warc.gz"
    path.write_bytes(data)
    assert [a.title for a in articles([str(path)]) if isinstance(a, Article)] == [f"Talks, day {n}" for n in (1, 2, 3)]


def test_an_archive_that_fastwarc_writes() -> None:
    whole = io.BytesIO()
    with GzipWriter(whole) as writer:
        for number in (1, 2):
            made = WarcRecord()
            made.init_headers(WarcRecordType.response)
            made.headers[WarcHeader.WARC_TARGET_URI] = f"https://news.example/{number}"
            made.is_http = True
            made.set_bytes_content(http(page(number)))
            made.write(writer)
    assert told(read(whole.getvalue())) == [1, 2]


def test_pages_and_articles_are_named_by_their_address() -> None:
    found = list(pages(["-"], stdin=io.BytesIO(packed(THREE)), input_format="warc", published=date(2022, 1, 23)))
    assert [name for name, _ in found] == [f"https://news.example/{n}" for n in (1, 2, 3)]
    assert all(isinstance(a, Article) and a.published == date(2022, 1, 23) for _, a in found)
    assert len({a.id for _, a in found if isinstance(a, Article)}) == 3


def test_what_is_no_page_is_passed_over_and_counted() -> None:
    text = b"Talks end\n\nThe ministers met in Geneva on Friday.\n"
    data = packed(
        [
            record("warcinfo", b"software: own\r\n", media="application/warc-fields"),
            record("request", b"GET / HTTP/1.1\r\n\r\n", media="application/http; msgtype=request"),
            record("response", http(b"\x89PNG\r\n", media="image/png")),
            record("response", http(b"gone", status="404 Not Found")),
            record("response", http(b"User-agent: *", media="text/plain"), url="https://news.example/robots.txt"),
            record("response", b"1.2.3.4", media="text/dns", url="dns:news.example"),
            record("response", http(b" ")),
            record("revisit", http(b"")),
            record("metadata", b"via: x", media="application/warc-fields"),
            record("resource", text, media="text/plain", url="https://news.example/1"),
            record("conversion", text, media="text/plain", url="https://news.example/2"),
            record("resource", b"\xff\xd8\xff", media="image/jpeg"),
            record("response", http(text, media="text/plain"), url="<https://news.example/3>"),
        ]
    )
    tally = Tally()
    found = read(data, tally=tally)
    assert told(found) == [1, 2, 3]
    assert all(article_of(raw).title == "Talks end" for raw in found if isinstance(raw, RawPage))
    reasons = {"warcinfo": 1, "request": 1, "no text": 3, "HTTP 404": 1, "robots.txt": 1, "empty": 1}
    assert tally.of("-").skipped == reasons | {"revisit": 1, "metadata": 1}
    assert tally.lines()[0].startswith("-: 3 pages, 10 passed over (3 no text, ")


def brotli(body: bytes) -> bytes:
    out = io.BytesIO()
    with BrotliWriter(out) as writer:
        writer.write(body)
    return out.getvalue()


def zstd(body: bytes) -> bytes:
    out = io.BytesIO()
    with ZstdWriter(out) as writer:
        # In one piece its writer keeps only the first 8 MB.
        for at in range(0, len(body), 500_000):
            writer.write(body[at : at + 500_000])
    return out.getvalue()


def bare(body: bytes) -> bytes:
    return zlib.compress(body)[2:-4]


CODED = {
    "gzip": ("Content-Encoding: gzip\r\n", gzip.compress),
    "deflate": ("Content-Encoding: deflate\r\n", zlib.compress),
    "bare-deflate": ("Content-Encoding: deflate\r\n", bare),
    "br": ("Content-Encoding: br\r\n", brotli),
    "zstd": ("content-encoding: ZSTD\r\n", zstd),
    "chunked": ("Transfer-Encoding: chunked\r\n", chunked),
    "gzip-chunked": (
        "Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n",
        lambda body: chunked(gzip.compress(body)),
    ),
    "twice": ("Content-Encoding: gzip, br\r\n", lambda body: brotli(gzip.compress(body))),
    "undone-already": ("Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n", lambda body: body),
}


@pytest.mark.parametrize("coding", CODED)
def test_codings_are_undone(coding: str) -> None:
    more, code = CODED[coding]
    raw = one(http(code(page(7)), more=more))
    assert isinstance(raw, RawPage)
    assert raw.data == page(7)


@pytest.mark.parametrize("coding", ["gzip", "deflate", "bare-deflate", "br", "zstd", "gzip-chunked", "twice"])
def test_a_bomb_is_refused_and_the_next_page_read(coding: str) -> None:
    more, code = CODED[coding]
    bomb = record("response", http(code(b"<p>" + b" " * 100_000_000), more=more))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = read(gzip.compress(bomb) + gzip.compress(response(2)))
    assert [type(raw) for raw in found] == [TooLarge, RawPage]
    # Unpacked whole it would take 100 MB; the bound is 10.
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60_000


def test_a_bomb_of_the_archive_s_own_gzip_takes_no_memory() -> None:
    bomb = gzip.compress(b"WARC/1.1\r\n" + b"x" * 100_000_000)
    large = gzip.compress(record("response", http(b" " * 50_000_000)))
    film = gzip.compress(record("response", http(b" " * 50_000_000, media="video/mp4")))
    tracemalloc.start()
    found = read(bomb + large + film + gzip.compress(response(4)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [type(raw) for raw in found] == [BadRecord, TooLarge, RawPage]
    assert isinstance(found[-1], RawPage)
    assert found[-1].position == 4
    assert peak < 5_000_000


@pytest.mark.parametrize(
    ("more", "body"),
    [
        ("Content-Encoding: gzip\r\n", gzip.compress(page(1))[:-20]),
        ("Content-Encoding: gzip\r\n", b"\x1f\x8b\x08\x00 nothing of gzip"),
        ("Content-Encoding: br\r\n", b"nothing of brotli"),
        ("Content-Encoding: own\r\n", page(1)),
        ("Content-Encoding: gzip, gzip, gzip, gzip\r\n", page(1)),
        ("Transfer-Encoding: chunked\r\n", chunked(page(1))[:-60]),
        ("Transfer-Encoding: chunked\r\n", b"ffffffff\r\nabc"),
    ],
)
def test_a_body_that_cannot_be_unpacked_is_a_bad_record(more: str, body: bytes) -> None:
    assert isinstance(one(http(body, more=more)), BadRecord)


@pytest.mark.parametrize(
    "block", [b"", b"<html>", b"\r\n\r\n", b"HTTP/1.1\r\n\r\nx", b"HTTP/1.1 200 OK\r\nContent-Type:"]
)
def test_a_response_without_an_answer_is_a_bad_record(block: bytes) -> None:
    assert isinstance(one(block), BadRecord)


ONE, TWO = response(1), response(2)
GZ1, GZ2 = gzip.compress(ONE, mtime=0), gzip.compress(TWO, mtime=0)
FLIPPED = GZ1[:-8] + bytes([GZ1[-8] ^ 1]) + GZ1[-7:]
HURT = GZ1[:60] + b"....." + GZ1[65:]
DAMAGED: dict[str, tuple[bytes, list[str | int]]] = {
    "cut-off": (ONE + TWO[:-30], [1, "record 2"]),
    "cut-off-in-its-head": (ONE + TWO[:40], [1, "record 2"]),
    "cut-off-gzip": (GZ1 + GZ2[:-30], [1, "record 2"]),
    "cut-off-checksum": (GZ1 + GZ2[:-3], [1, "record 2"]),
    "cut-off-in-one-member": (gzip.compress(ONE + TWO)[:-14], [1, "record 2"]),
    "garbage-between": (ONE + b"no record\r\n\r\n at all" + TWO, [1, "record 2", 2]),
    "garbage-between-gzip": (GZ1 + b"no record\r\n at all" + GZ2, [1, "record 2", 2]),
    "garbage-packed": (GZ1 + gzip.compress(b"no record at all") + GZ2, [1, "record 2", 2]),
    "garbage-at-the-end": (GZ1 + GZ2 + b"\r\n.", [1, 2, "record 3"]),
    "wrong-checksum": (FLIPPED + GZ2, ["record 1", 2]),
    "hurt-member": (HURT + GZ2, ["record 1", 2]),
    "hurt-members": (HURT + HURT + GZ2, ["record 1", 2]),
    "length-too-small": (response(1, length=60) + TWO, ["record 1", 2]),
    "length-too-large": (response(1, length=len(ONE)) + TWO, ["record 1", 2]),
    "length-beyond-all": (response(1, length=9_000_000) + TWO, ["record 1", 2]),
    "length-too-small-gzip": (packed([response(1, length=60)]) + GZ2, ["record 1", 2]),
    "length-too-large-gzip": (packed([response(1, length=len(ONE))]) + GZ2, ["record 1", 2]),
    "length-beyond-all-gzip": (packed([response(1, length=10**15)]) + GZ2, ["record 1", 2]),
    "length-missing": (ONE.replace(b"Content-Length", b"X") + TWO, ["record 1", 2]),
    "length-absurd": (ONE.replace(b"Content-Length: ", b"Content-Length: -") + TWO, ["record 1", 2]),
    "no-head-s-end": (b"WARC/1.1\r\nA: " + b"b" * 70_000 + TWO, ["record 1", 2]),
}


@pytest.mark.parametrize("damage", DAMAGED)
def test_damage_costs_its_own_record_and_no_other(damage: str) -> None:
    data, expected_ = DAMAGED[damage]
    tally = Tally()
    found = read(data, tally=tally)
    assert told(found) == expected_
    assert all(isinstance(raw, RawPage | BadRecord) for raw in found)
    assert tally.of("-").bad == 1


@pytest.mark.parametrize("data", [ONE.rstrip(b"\r\n") + b"\r\n" + TWO, GZ1 + b"\0" * 5_000 + GZ2, b"\n\n" + ONE + TWO])
def test_what_writers_do_amiss_without_harm(data: bytes) -> None:
    assert told(read(data)) == [1, 2]


@pytest.mark.parametrize("gz", [False, True])
def test_reading_goes_on_after_any_record(gz: bool) -> None:
    parts = [response(1), record("request", b"GET /"), response(3), b"garbage " * 20, response(5), response(6)]
    data = packed(parts) if gz else b"".join(parts)
    whole = read(data)
    assert told(whole) == [1, 3, "record 4", 5, 6]
    places = [1, 3, 4, 5, 6]
    for after in range(8):
        assert told(read(data, after=after)) == [t for t, at in zip(told(whole), places, strict=True) if at > after]


def test_ten_thousand_records_are_a_stream(tmp_path: Path) -> None:
    path = tmp_path / "large.warc.gz"
    path.write_bytes(packed(THREE[:2]) * 5_000)
    tracemalloc.start()
    count = sum(1 for raw in raw_pages([str(path)]) if isinstance(raw, RawPage))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 10_000
    assert peak < 2_000_000


def test_a_record_from_a_pipe_is_read_when_it_comes() -> None:
    reads, writes = os.pipe()
    with os.fdopen(reads, "rb") as stream, os.fdopen(writes, "wb", buffering=0) as pipe:
        found = raw_pages(["-"], stdin=stream, input_format="warc")
        for number in (1, 2):
            pipe.write(gzip.compress(response(number)))
            raw = next(found)
            assert isinstance(raw, RawPage)
            assert raw.position == number


def test_archives_within_archives_are_not_unpacked(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("data.warc", b"".join(THREE))
    path = tmp_path / "crawl.wacz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("inner.warc", inner.getvalue())
    (bad,) = raw_pages([str(path)])
    assert isinstance(bad, BadRecord)


def test_a_wacz_file_holds_archives(tmp_path: Path) -> None:
    path = tmp_path / "crawl.wacz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("datapackage.json", "{}")
        archive.writestr("archive/b.warc", THREE[2])
        archive.writestr("archive/a.warc.gz", packed(THREE[:2]))
    found = list(raw_pages([str(path)], after={str(path): 1}))
    assert told(found) == [2, 3]
    path.write_bytes(path.read_bytes()[:-30])
    assert [type(raw) for raw in raw_pages([str(path)])] == [BadRecord]


def test_what_is_no_archive_says_so(tmp_path: Path) -> None:
    path = tmp_path / "page.warc"
    path.write_bytes(page(1))
    (tmp_path / "void.warc.gz").write_bytes(b"")
    assert [type(raw) for raw in raw_pages([str(path), str(tmp_path / "void.warc.gz")])] == [NotText, Empty]
    assert expected([str(path)]) is None


def test_a_page_without_an_article_is_named_by_its_record() -> None:
    data = packed([record("response", http(b"<html><body><a href='/'>Home</a></body></html>")), response(2)])
    first, second = articles(["-"], stdin=io.BytesIO(data), input_format="warc")
    assert isinstance(first, NoArticle)
    assert first.source == "-, record 1"
    assert isinstance(second, Article)


def test_pages_alone_load_no_reader_of_archives(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(page(1))
    code = f"import sys; from detente.intake import articles; list(articles([{str(tmp_path)!r}])); "
    subprocess.run([sys.executable, "-c", code + "assert 'fastwarc' not in sys.modules"], check=True)
