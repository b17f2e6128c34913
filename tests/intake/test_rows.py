"""Tables: how their columns are found, what a bad row costs."""

import io
import json
import time
import tracemalloc
from datetime import date
from pathlib import Path

import pytest

from detente.errors import BadLine, Empty, SourceError, UsageError
from detente.intake import RawPage, Tally, articles, expected, pages, raw_pages
from detente.intake.rows import parse_columns
from detente.model import Article

Found = list[Article | SourceError]


def read(data: str | bytes, columns: str | None = None) -> Found:
    stream = io.BytesIO(data.encode() if isinstance(data, str) else data)
    given = parse_columns(columns) if columns else None
    return list(articles(["-"], stdin=stream, input_format="csv", columns=given))


def row(article: Article | SourceError) -> tuple[object, ...]:
    assert isinstance(article, Article), article
    return article.id, article.url, article.title, article.published, article.text


EXPECTED = ("a1", "https://news.example/a", "Talks end", date(2022, 1, 21), "The ministers met; they talked.")
PLAIN = "id,url,title,published,text\na1,https://news.example/a,Talks end,2022-01-21,The ministers met; they talked.\n"


@pytest.mark.parametrize(
    ("data", "columns"),
    [
        (PLAIN, None),
        (PLAIN.replace("\n", "\r\n").rstrip(), None),
        ("\ufeff" + PLAIN, None),
        (PLAIN.encode("utf-16"), None),
        (PLAIN.replace(",", "\t"), None),
        (PLAIN.replace(",", "|"), None),
        ("sep=|\r\n" + PLAIN.replace(",", "|"), None),
        ("\n\n" + PLAIN.replace("\n", "\n\n"), None),
        ('"Key";"Link";"Head-Line";"Publication Date";"Body"\n'
         'a1;https://news.example/a;Talks end;2022-01-21;"The ministers met; they talked."\n', "title=Head_line"),
        (PLAIN.replace("text", "Wortlaut").replace("title", "t"), "text=Wortlaut, title = T"),
        ("n,content," + PLAIN.replace("\na1", "\n7,nothing,a1"), "text=text"),
    ],
)  # fmt: skip
def test_the_forms_of_tables(data: str | bytes, columns: str | None) -> None:
    found = read(data, columns)
    assert [row(a) for a in found] == [EXPECTED]


def test_quoted_line_ends_are_the_text_s_own_and_rows_are_named_by_their_line(tmp_path: Path) -> None:
    path = tmp_path / "pages.csv"
    path.write_text('text,id\n"They met.\n\nThey said ""no"".",a\n"x",\nbad\n"They met again.",b\n')
    tally = Tally()
    found = list(raw_pages([str(path)], tally=tally))
    assert [(raw.source, raw.position) for raw in found if isinstance(raw, RawPage)] == [
        (f"{path}, line 2", 1),
        (f"{path}, line 5", 2),
        (f"{path}, line 7", 4),
    ]
    assert [str(raw) for raw in found if isinstance(raw, SourceError)] == [
        f"{path}, line 6: 1 cells where the headings are 2: mend its delimiters or quotes"
    ]
    assert tally.lines() == [f"{path}: 3 pages, 1 bad"]
    names, (first, *_) = zip(*pages([str(path)]), strict=True)
    assert isinstance(first, Article)
    assert first.text == 'They met.\n\nThey said "no".'
    assert names[0] == "a"
    assert expected([str(path)]) is None


def test_reading_goes_on_after_any_row() -> None:
    data = b"id,text\na,They met.\nbad\nc,\nd,They met again.\n"
    whole = list(raw_pages(["-"], stdin=io.BytesIO(data), input_format="csv"))
    assert [type(raw) for raw in whole] == [RawPage, BadLine, BadLine, RawPage]
    for after in range(6):
        rest = raw_pages(["-"], stdin=io.BytesIO(data), input_format="csv", after={"-": after})
        assert [str(r) if isinstance(r, SourceError) else r for r in rest] == [
            str(r) if isinstance(r, SourceError) else r for r in whole[after:]
        ]


def test_a_cell_of_html_is_read_as_html() -> None:
    html = "<article><h1>Talks end</h1><p>The ministers met.</p><p>They talked.</p></article>"
    for heading in ("html", "content"):
        (article,) = read(f"id,{heading}\na,{html}\n")
        assert isinstance(article, Article)
        assert (article.title, article.text) == ("Talks end", "The ministers met.\nThey talked.")


def test_a_row_without_an_id_gets_the_same_one_each_time() -> None:
    data = "url,text\nhttps://news.example/a,They met.\nhttps://news.example/b,They met.\n,They met.\n"
    first, second = ([a.id for a in read(data) if isinstance(a, Article)] for _ in range(2))
    assert first == second
    assert len(set(first)) == 3


@pytest.mark.parametrize(
    ("data", "columns", "says"),
    [
        ("a,b,c\n1,2,3\n", None, "no column of text: name it with --columns text=HEADING; its columns are a, b, c"),
        ("a,text\n1,2\n", "title=headline", "no column 'headline': its columns are a, text"),
        ('"a,text\n1,2\n', None, "no row"),
    ],
)
def test_a_table_without_its_columns_is_one_error(data: str, columns: str | None, says: str) -> None:
    (error,) = read(data, columns)
    assert isinstance(error, BadLine)
    assert error.source == "-, line 1"
    assert says in error.message


@pytest.mark.parametrize("data", ["", "\n\n", "id,text\n"])
def test_a_table_without_rows_is_empty(data: str) -> None:
    assert [type(e) for e in read(data)] == [Empty]


@pytest.mark.parametrize("value", ["", "text", "text=", "words=body", "text=a,,title=b"])
def test_columns_that_are_none_say_so(value: str) -> None:
    with pytest.raises(UsageError):
        parse_columns(value)


def test_columns_go_with_tables_alone() -> None:
    with pytest.raises(UsageError, match="jsonl has none"):
        raw_pages(["-"], input_format="jsonl", columns={"text": "a"})


@pytest.mark.parametrize(
    "bad", ['b,"They met', 'b,"They" met', 'b,They met,"and, ""so"" on', "b", "b,They,met", "b,They\rmet"]
)
def test_a_bad_row_costs_itself_alone(bad: str) -> None:
    found = read(f"id,text\na,They met.\n{bad}\nc,They met again.\nd,They met at last.\n")
    assert [a.id if isinstance(a, Article) else a.source for a in found] == ["a", "-, line 3", "c", "d"]


def test_a_day_that_is_none_names_its_row() -> None:
    first, second = read("id,date,text\na,soon,They met.\nb,2022-01-21 10:00,They met.\n")
    assert isinstance(first, BadLine)
    assert first.source == "-, line 2"
    assert isinstance(second, Article)
    assert second.published == date(2022, 1, 21)


def test_windows_letters() -> None:
    (article,) = read("id,text\na,The café’s owner met him.\n".encode("cp1252"))
    assert isinstance(article, Article)
    assert article.text == "The café’s owner met him."


@pytest.mark.parametrize(
    "line", [b'x","', b'a,"', b'a,"""', b'"', b'""', b"\x00" * 20, b",,,,"], ids=lambda line: repr(line)
)
def test_a_hostile_table_takes_time_for_its_size_alone(line: bytes) -> None:
    data = b"id,text\n" + (line + b"\n") * 60_000 + b"z,They met.\n"
    start = time.process_time()
    list(raw_pages(["-"], stdin=io.BytesIO(data), input_format="csv"))
    assert time.process_time() - start < 10


def test_a_table_is_a_stream(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    path.write_text("id,text\n" + "".join(f'{n},"{"They met. " * 20}"\n' for n in range(10_000)))
    tracemalloc.start()
    count = sum(1 for raw in raw_pages([str(path)]) if isinstance(raw, RawPage))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 10_000
    assert peak < 2_000_000


def test_tables_in_a_folder_are_read_where_they_are_asked_for(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("id,text\na,They met.\n")
    (tmp_path / "page.txt").write_text("Talks end\n\nThe ministers met.\n")
    assert [a.title for a in articles([str(tmp_path)]) if isinstance(a, Article)] == ["Talks end"]
    found = list(raw_pages([str(tmp_path / "list.csv")]))
    assert [json.loads(raw.data) for raw in found if isinstance(raw, RawPage)] == [{"id": "a", "text": "They met."}]
