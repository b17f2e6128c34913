"""The commands on archives and tables: records out, the count on standard error, the exit status."""

import json
from pathlib import Path

from tests.e2e.test_cli import detente
from tests.intake.warc import http, packed, page, record, response


def test_an_archive_is_read_in_order_by_one_process_and_by_two(tmp_path: Path) -> None:
    bare = record("response", http(b"<html><body><a href='/'>Home</a></body></html>"))
    data = packed([record("request", b"GET /"), response(1), bare, response(2)]) + packed([response(3)])[:-20]
    path = tmp_path / "crawl.warc.gz"
    path.write_bytes(data)
    one, two = (detente("read", path, "--format", "jsonl", "--jobs", n) for n in (1, 2))
    assert (one.returncode, two.returncode) == (1, 1)
    assert one.stdout == two.stdout
    assert one.stderr == two.stderr
    urls = [json.loads(line)["article"]["url"] for line in one.stdout.splitlines()]
    assert urls == ["https://news.example/1", "https://news.example/2"]
    first, second, third = one.stderr.splitlines()
    assert f"{path}, record 3: no article" in first
    assert f"{path}, record 5: " in second
    assert third == f"detente: {path}: 3 pages, 1 passed over (1 request), 1 bad"
    piped = detente("clean", "-", "--input-format", "warc", "--format", "jsonl", stdin=data)
    assert [json.loads(line)["file"] for line in piped.stdout.splitlines()] == urls


def test_a_table_with_columns_named(tmp_path: Path) -> None:
    path = tmp_path / "pages.csv"
    path.write_text(f'a1,"{page(1).decode()}"\n'.join(["key,words\n", ""]))
    done = detente("clean", path, "--columns", "text=words", "--format", "jsonl")
    assert done.returncode == 0
    assert json.loads(done.stdout)["id"] == "a1"
    assert done.stderr == f"detente: {path}: 1 page\n"
    bad = detente("clean", path)
    assert bad.returncode == 1
    assert "its columns are key, words" in bad.stderr
    for columns in ("words", "text="):
        assert detente("clean", path, "--columns", columns).returncode == 2
    assert detente("read", path, "--columns", "text=words", "--input-format", "html").returncode == 2
