"""What a caller can name, and what each bad source says while the others are read."""

import contextlib
import io
import json
import os
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from detente.errors import (
    BadLine,
    Empty,
    NoArticle,
    NotFound,
    NotText,
    SourceError,
    TooLarge,
    UsageError,
)
from detente.intake import article_from_bytes, article_from_text, articles
from detente.model import Article

TEXT = "A warning from Kyiv\n\nThe two ministers met on Friday.\n\nThey agreed to go on talking.\n"
BODY = "The two ministers met on Friday.\n\nThey agreed to go on talking."


def lines(*objects: object) -> io.BytesIO:
    return io.BytesIO("".join(json.dumps(o, ensure_ascii=False) + "\n" for o in objects).encode())


def test_files_folders_and_standard_input_in_order(tmp_path: Path) -> None:
    for name in ("b.txt", "a.txt", ".hidden.txt"):
        (tmp_path / name).write_text(name + " " + TEXT)
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "c.html").write_text(f"<article><h1>Talks</h1><p>{BODY}</p></article>")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "x.txt").write_text(TEXT)
    got = list(articles([str(tmp_path), "-"], stdin=io.BytesIO(TEXT.encode())))
    assert [a.title for a in got if isinstance(a, Article)] == [
        "a.txt A warning from Kyiv",
        "b.txt A warning from Kyiv",
        "Talks",
        "A warning from Kyiv",
    ]
    assert len(got) == 4


def test_a_bad_source_says_what_and_the_rest_goes_on(tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text(TEXT)
    (tmp_path / "empty.txt").write_text("")
    (tmp_path / "doc.pdf").write_bytes(b"%PDF-1.4 \x00")
    (tmp_path / "page.html").write_text("<html><body><nav><a href='/'>Home</a></nav></body></html>")
    (tmp_path / "void").mkdir()
    names = ["missing.txt", "empty.txt", "doc.pdf", "page.html", "void", "good.txt"]
    got = list(articles([str(tmp_path / name) for name in names]))
    assert [type(a) for a in got] == [NotFound, Empty, NotText, NoArticle, Empty, Article]
    for name, error in zip(names[:5], got[:5], strict=True):
        assert isinstance(error, SourceError)
        assert error.source == str(tmp_path / name)
        assert ": " in error.message
        assert "\n" not in str(error)


def test_json_lines_keep_their_ids_and_dates() -> None:
    got = list(
        articles(
            ["-"],
            stdin=lines(
                {
                    "id": "a",
                    "text": BODY,
                    "title": "Talks end – Archyde",
                    "published": "2022-01-21",
                    "url": "https://x.example/a",
                },
                {
                    "id": 7,
                    "html": f"<article><h1>Talks</h1><p>{BODY}</p></article>",
                    "published": "2022-01-22T10:00:00Z",
                },
                {"id": "c", "text": "Blinken met Lavrov"},
            ),
        )
    )
    first, second, third = (a for a in got if isinstance(a, Article))
    assert (first.id, first.title, first.site, first.published, first.url) == (
        "a",
        "Talks end",
        "Archyde",
        date(2022, 1, 21),
        "https://x.example/a",
    )
    assert (second.id, second.published) == ("7", date(2022, 1, 22))
    assert (third.text, third.title, third.published) == ("Blinken met Lavrov", None, None)


def test_bad_json_lines_are_named_by_their_number_and_the_others_read() -> None:
    rows = [
        b'{"id": "a", "text": "They met."}', b"{broken", b"", b"[1]", b'{"text": "x"}', b'{"id": "b"}',
        b'{"id": "c", "text": ""}', b'{"id": "d", "text": 3}', b'{"id": "e", "text": "They met.", "published": "soon"}',
        b'{"id": "f", "text": "\xff"}', b'{"id": "g", "text": "They met."}',
    ]  # fmt: skip
    data = b"\n".join(rows)
    got = list(articles(["-"], stdin=io.BytesIO(data)))
    assert [type(a) for a in got] == [Article, *[BadLine] * 8, Article]
    assert [e.source for e in got if isinstance(e, BadLine)] == [f"-, line {n}" for n in (2, 4, 5, 6, 7, 8, 9, 10)]


def test_json_lines_are_streamed() -> None:
    class Slow(io.RawIOBase):
        """Gives one line at a time, and fails where a second is asked for before the first was used."""

        served = 0

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
            self.served += 1
            line = json.dumps({"id": str(self.served), "text": "They met."}).encode() + b"\n"
            buffer[: len(line)] = line
            return len(line)

    source = Slow()
    stream: Iterator[Article | SourceError] = articles(["-"], stdin=io.BufferedReader(source), input_format="jsonl")
    for number in range(1, 6):
        article = next(stream)
        assert isinstance(article, Article)
        assert article.id == str(number)
        assert source.served <= number + 1


def test_a_json_file_of_one_object_or_a_list(tmp_path: Path) -> None:
    one, many = tmp_path / "one.json", tmp_path / "many.json"
    one.write_text(json.dumps({"id": "a", "text": BODY}, indent=2))
    many.write_text(json.dumps([{"id": "b", "text": BODY}, {"text": BODY}], indent=2))
    got = list(articles([str(one), str(many)]))
    assert [type(a) for a in got] == [Article, Article, BadLine]


def test_an_over_long_json_line_is_refused_and_the_next_read() -> None:
    data = b'{"id": "a", "text": "' + b"x" * 11_000_000 + b'"}\n{"id": "b", "text": "They met."}\n'
    got = list(articles(["-"], stdin=io.BytesIO(data)))
    assert [type(a) for a in got] == [TooLarge, Article]


def test_the_caller_s_date_overrules_the_page_s(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("A warning from Kyiv\n\nPublished: 21 Jan 2022\n\n" + BODY)
    (own,) = articles([str(path)])
    (given,) = articles([str(path)], published=date(2022, 1, 23))
    assert isinstance(own, Article)
    assert isinstance(given, Article)
    assert (own.published, given.published) == (date(2022, 1, 21), date(2022, 1, 23))


def test_the_same_bytes_from_the_same_address_give_the_same_id() -> None:
    one = article_from_bytes(TEXT.encode(), source="x")
    assert one.id == article_from_bytes(TEXT.encode(), source="x").id
    assert one.id != article_from_bytes(TEXT.encode(), source="y").id
    assert one.id != article_from_bytes(TEXT.encode() + b".", source="x").id
    assert article_from_text(BODY).id == article_from_text(BODY).id
    assert article_from_text(BODY, id="mine").id == "mine"


def test_forms_that_hold_many_articles_are_no_form_of_one() -> None:
    with pytest.raises(UsageError):
        article_from_bytes(b"{}", source="x", input_format="jsonl")


def test_the_caller_s_form_is_kept_to() -> None:
    text = "<p>is how a paragraph begins in HTML, the minister explained.</p>"
    assert article_from_bytes(text.encode(), source="x", input_format="text").text == text


def page(paragraphs: int) -> bytes:
    body = "".join(
        f"<p>The ministers met for the {i}th time in <a href='/g'>Geneva</a> on Friday.</p>" for i in range(paragraphs)
    )
    return f"<html><body><article>{body}</article></body></html>".encode()


@pytest.mark.parametrize(
    "data",
    [
        page(280_000),
        page(60_000),
        b"<html><body><p>" + b"The ministers met in Geneva on Friday. " * 600_000,
        b"<div>" * 10_000 + b"The ministers met in Geneva on Friday." + b"</div>" * 10_000,
        b"<html><body>" + b"<div><p>The ministers met in Geneva on Friday.</p>" * 3_000,
        b"<" * 2_000_000,
        b"<b><i>" * 300_000,
        b"{" * 100_000,
        b"<html><body><table>" + b"<tr><td><table>" * 5_000,
        b"<p>" + b"&amp;" * 1_000_000,
        ("word " * 2_000_000).encode(),
    ],
    ids=[
        "20MB",
        "4MB",
        "20MB-one-line",
        "nested",
        "unclosed",
        "brackets",
        "inline",
        "braces",
        "tables",
        "entities",
        "10MB-text",
    ],
)
def test_a_monstrous_page_is_read_or_refused_in_time(data: bytes) -> None:
    start = time.process_time()
    with contextlib.suppress(TooLarge, NoArticle, NotText):
        assert article_from_bytes(data, source="x").text
    assert time.process_time() - start < 10


def test_a_file_that_may_not_be_read_says_so(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may read all")
    path = tmp_path / "a.txt"
    path.write_text(TEXT)
    path.chmod(0)
    (error,) = articles([str(path)])
    assert isinstance(error, SourceError)
    assert "permissions" in error.message


@pytest.mark.parametrize("source", ["\0", "", "x" * 5_000, "a/\0/b"])
def test_names_that_no_file_can_have(source: str) -> None:
    (error,) = articles([source])
    assert isinstance(error, SourceError)
