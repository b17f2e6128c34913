"""`detente sources` as a user types it: a real file, a real server, one line for each fault."""

import json
import sys
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from detente.cli import main
from detente.intake import fetch

RSS = """<rss version="2.0"><channel><title>The Desk</title><language>en-GB</language>
<item><link>/a</link><title>Talks</title><pubDate>Fri, 21 Jan 2022 12:00:00 GMT</pubDate></item></channel></rss>"""
FRONT = """<html><head><link rel="alternate" type="application/rss+xml" href="/gone.xml">
<link rel="alternate" type="application/rss+xml" href="/news.xml"></head><body>Front</body></html>"""
PAGES = {
    "/": ("text/html", FRONT),
    "/news.xml": ("application/rss+xml; charset=utf-8", RSS),
    "/map.xml": ("application/xml", "<urlset><url><loc>/a</loc></url></urlset>"),
    "/empty.xml": ("text/xml", "<rss version='2.0'><channel><title>Empty</title></channel></rss>"),
    "/bare": ("text/html", "<html><body><p>No feed and no link here.</p></body></html>"),
}
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kind, body = PAGES.get(self.path, ("text/html", ""))
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", kind)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def listing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "sources.toml"
    monkeypatch.setenv("DETENTE_SOURCES", str(path))
    monkeypatch.setattr(fetch, "is_public", lambda address: address == "127.0.0.1")
    return path


@pytest.fixture
def run(listing: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    def command(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["detente", "sources", *words])
        status = 0
        try:
            main()
        except SystemExit as done:
            status = int(done.code or 0)
        told = capsys.readouterr()
        return status, told.out, told.err

    return command


def listed(run: Run) -> list[dict[str, object]]:
    return [json.loads(line) for line in run("list", "--format", "jsonl")[1].splitlines()]


def test_add_finds_the_feed_of_a_plain_address(run: Run, base: str) -> None:
    status, out, err = run("add", f"{base}/", "--region", "Europe", "--every", "900")
    assert (status, err) == (0, "")
    assert f'address = "{base}/news.xml"' in out
    (source,) = listed(run)
    expected = {"name": "The Desk", "language": "en-gb", "region": "Europe", "every": 900, "tested": True}
    assert source | expected == source
    status, _, err = run("add", f"{base}/")
    assert status == 2
    assert "--name" in err


def test_add_takes_what_is_given(run: Run, base: str, tmp_path: Path) -> None:
    assert run("add", f"{base}/map.xml", "--name", "Map")[0] == 0
    assert run("add", "https://far.example/feed", "--no-fetch")[0] == 0
    assert run("add", str(tmp_path), "--kind", "folder", "--name", "Here")[0] == 0
    found = [(s["name"], s["kind"], s["tested"]) for s in listed(run)]
    assert found == [("Map", "sitemap", True), ("far.example", "feed", False), ("Here", "folder", True)]
    status, out, _ = run("list")
    assert status == 0
    assert all(name in out for name in ("Map", "far.example", "Here"))


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        (["add", "{}/bare"], 1, "no feed found"), (["add", "{}/nothing"], 1, "no such page"),
        (["add", "words"], 2, "--kind folder"), (["add", "/no/such", "--kind", "folder"], 1, "no such folder"),
        (["add", "{}/bare", "--kind", "sitemap"], 1, "no sitemap"),
        (["add", "https://x.example", "--every", "1"], 2, "60"),
        (["add", "https://x.example", "--no-fetch", "--language", "?"], 2, "language"),
        (["list"], 1, "sources add"), (["test"], 1, "sources add"), (["remove", "x"], 1, "sources add"),
        (["starter", "--region", "Mars"], 2, "Oceania"),
    ],
)  # fmt: skip
def test_faults_are_one_line(run: Run, base: str, listing: Path, words: list[str], status: int, told: str) -> None:
    done, out, err = run(*(word.format(base) for word in words))
    assert (done, out) == (status, "")
    assert len(err.splitlines()) == 1
    assert told in err
    assert not listing.exists()


def test_test_tells_each_and_fails_where_one_does(run: Run, base: str) -> None:
    for name, path in (("Desk", "news.xml"), ("Gone", "gone.xml"), ("Empty", "empty.xml")):
        run("add", f"{base}/{path}", "--no-fetch", "--name", name)
    status, out, err = run("test")
    assert status == 1
    assert out == "Desk: feed, 1 listed, newest 2022-01-21 12:00 UTC\n"
    assert [line.split(":")[1].strip() for line in err.splitlines()] == ["Gone", "Empty"]
    status, out, err = run("test", "Desk", "--format", "jsonl")
    assert (status, err) == (0, "")
    assert json.loads(out)["newest"] == "2022-01-21T12:00:00Z"
    assert run("test", "Nobody")[0] == 2


def test_a_bad_table_is_told_and_the_rest_shown(run: Run, listing: Path) -> None:
    listing.write_text('[[source]]\nname = "x"\n[[source]]\nname = "y"\naddress = "https://y.example/"\n')
    status, out, err = run("list", "--format", "jsonl")
    assert (status, len(out.splitlines()), len(err.splitlines())) == (1, 1, 1)


def test_opml_out_and_in_and_remove(run: Run, listing: Path, tmp_path: Path) -> None:
    assert run("starter", "--add")[0] == 0
    before = listed(run)
    assert "0 added" in run("starter", "--add")[1]
    status, out, _ = run("export")
    assert status == 0
    (tmp_path / "all.opml").write_text(out)
    listing.unlink()
    assert run("import", str(tmp_path / "all.opml"))[0] == 0
    after = listed(run)
    assert sorted(map(str, after)) == sorted(map(str, before))
    assert run("remove", str(after[0]["name"]))[0] == 0
    assert listed(run) == after[1:]
    assert run("remove", str(after[0]["name"]))[0] == 2


def test_starter_prints_toml(run: Run, listing: Path) -> None:
    status, out, _ = run("starter", "--region", "oceania")
    assert status == 0
    listing.write_text(out)
    assert {s["region"] for s in listed(run)} == {"Oceania"}
