"""Looking at sources again and again: what is new once, what changed again, nothing twice. Real server, real files."""

import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from detente.errors import NotFound, SourceError, TooLarge
from detente.intake import local, polling
from detente.intake.polling import Poll, State, poll
from detente.intake.source_list import Source


@dataclass(frozen=True)
class Given:
    data: bytes
    url: str
    charset: str | None = None
    not_modified: bool = False
    headers: dict[str, str] = field(default_factory=dict)
    fetched_at: datetime = field(default_factory=lambda: datetime.now(UTC))


class Site:
    """A server whose pages a test changes; it answers validators as RFC 9110 has it."""

    def __init__(self) -> None:
        self.pages: dict[str, bytes] = {}
        self.asked: list[tuple[str, int]] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = site.pages.get(self.path)
                tag = f'"{hash(body)}"'
                status = 404 if body is None else 304 if self.headers.get("If-None-Match") == tag else 200
                site.asked.append((self.path, status))
                self.send_response(status)
                self.send_header("ETag", tag)
                self.end_headers()
                if status == 200 and body:
                    self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.base = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def get(self, url: str, *, etag: str | None = None, last_modified: str | None = None) -> Given:
        asked = Request(url, headers={"If-None-Match": etag} if etag else {})
        try:
            with urlopen(asked, timeout=10) as answer:
                headers = {name.lower(): value for name, value in answer.headers.items()}
                return Given(answer.read(), answer.url, headers=headers)
        except HTTPError as error:
            if error.code == 304:
                return Given(b"", url, not_modified=True)
            raise NotFound(url, "no such page: check the address") from error

    def look(self, path: str, state: State | None, kind: str = "feed") -> Poll:
        source = Source.model_validate({"name": "x", "address": self.base + path, "kind": kind})
        # The state goes through JSON, as whoever keeps it will have it.
        kept = State.model_validate_json(state.model_dump_json()) if state else None
        return poll(source, self.get, kept)


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    yield site
    site.server.shutdown()
    site.server.server_close()


def rss(*items: tuple[str, str, str]) -> bytes:
    return "".join((
        "<rss version='2.0'><channel><title>x</title>",
        *(f"<item><link>/{n}</link><title>{t}</title><pubDate>{d}</pubDate></item>" for n, t, d in items),
        "</channel></rss>",
    )).encode()  # fmt: skip


def urlset(*names: str) -> bytes:
    entries = "".join(f"<url><loc>/{n}</loc><lastmod>2022-01-{n[-2:]}</lastmod></url>" for n in names)
    return f"<urlset>{entries}</urlset>".encode()


def titles(found: Poll) -> list[str]:
    return [entry.title for entry in found.entries]


DAY, NEXT = "Fri, 21 Jan 2022 12:00:00 GMT", "Sat, 22 Jan 2022 12:00:00 GMT"


def test_nothing_comes_twice_and_what_changed_comes_again(site: Site) -> None:
    site.pages["/f"] = rss(("a", "A", DAY), ("b", "B", DAY), ("a", "A again", DAY))
    first = site.look("/f", None)
    assert titles(first) == ["A", "B"]
    site.pages["/f"] = rss(("c", "C", NEXT), ("a", "A", NEXT), ("b", "B, mended", DAY))
    second = site.look("/f", first.state)
    assert titles(second) == ["C", "B, mended"]
    # What left the feed and comes back is no news either.
    site.pages["/f"] = rss(("c", "C", NEXT))
    third = site.look("/f", second.state)
    site.pages["/f"] = rss(("a", "A", DAY), ("c", "C", NEXT))
    assert titles(site.look("/f", third.state)) == []


def test_a_server_that_says_unchanged_is_believed(site: Site) -> None:
    site.pages["/f"] = rss(("a", "A", DAY))
    first = site.look("/f", None)
    second = site.look("/f", first.state)
    assert site.asked == [("/f", 200), ("/f", 304)]
    assert second.entries == ()
    assert second.state == first.state


def test_a_failed_look_raises_and_a_poll_goes_to_json(site: Site) -> None:
    with pytest.raises(NotFound):
        site.look("/gone", None)
    site.pages["/f"] = b"<html><body>moved</body></html>"
    with pytest.raises(SourceError, match="HTML page"):
        site.look("/f", None)
    site.pages["/f"] = rss(("a", "A", DAY))[:-20]
    found = site.look("/f", None)
    assert "broken" in found.faults[0]
    back = Poll.model_validate_json(found.model_dump_json())
    assert back == found


def test_what_is_remembered_is_bounded(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling, "MAX_SEEN", 4)
    state = None
    for names in ("ab", "cd", "ef"):
        site.pages["/f"] = rss(*((n, n, DAY) for n in names))
        state = site.look("/f", state).state
    assert state is not None
    assert len(state.seen) == 4
    site.pages["/f"] = rss(*((n, n, DAY) for n in "cdef"))
    assert titles(site.look("/f", state)) == []


def test_an_index_leads_to_its_sitemaps_and_unchanged_ones_are_left_alone(site: Site) -> None:
    def index(moment: str) -> bytes:
        return (
            f"<sitemapindex><sitemap><loc>/1</loc><lastmod>{moment}</lastmod></sitemap>"
            "<sitemap><loc>/2</loc><lastmod>2022-01-20</lastmod></sitemap><sitemap><loc>/gone</loc></sitemap>"
            "<sitemap><loc>/i</loc></sitemap></sitemapindex>"
        ).encode()

    site.pages |= {"/i": index("2022-01-21T10:00:00Z"), "/1": urlset("a20", "a21"), "/2": urlset("b19")}
    first = site.look("/i", None, "sitemap")
    assert [entry.url[-3:] for entry in first.entries] == ["a21", "a20", "b19"]
    assert len(first.faults) == 1
    assert "/gone" in first.faults[0]
    site.asked.clear()
    site.pages["/2"] = urlset("b19", "b22")
    second = site.look("/i", first.state, "sitemap")
    assert [entry.url[-3:] for entry in second.entries] == ["b22"]
    assert sorted(path for path, _ in site.asked) == ["/2", "/gone", "/i"]
    site.pages["/i"] = index("2022-01-21T11:00:00Z")
    site.pages["/1"] = urlset("a20", "a21", "a22")
    assert [e.url[-3:] for e in site.look("/i", second.state, "sitemap").entries] == ["a22"]


def test_sitemaps_that_name_each_other_come_to_an_end(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling, "MAX_SITEMAPS", 5)
    for n in range(30):
        children = "".join(f"<sitemap><loc>/{m}</loc></sitemap>" for m in range(n + 1, 30))
        site.pages[f"/{n}"] = f"<sitemapindex>{children}</sitemapindex>".encode()
    site.look("/0", None, "sitemap")
    assert len(site.asked) == 6


def test_a_listing_page(site: Site) -> None:
    link = "<p><a href='/{0}'>The ministers met for the {0} time</a></p>"
    site.pages["/p"] = f"<html><body>{link.format('first')}</body></html>".encode()
    first = site.look("/p", None, "page")
    assert [entry.url for entry in first.entries] == [f"{site.base}/first"]
    site.pages["/p"] = f"<html><body>{link.format('second')}{link.format('first')}</body></html>".encode()
    assert [entry.url for entry in site.look("/p", first.state, "page").entries] == [f"{site.base}/second"]


# -- folders and maildirs ----------------------------------------------------------------------------------------------


def no_get(url: str, *, etag: str | None = None, last_modified: str | None = None) -> Given:
    raise AssertionError("nothing is fetched for a folder")


def look(path: Path, state: State | None, kind: str = "folder") -> Poll:
    source = Source.model_validate({"name": "x", "address": str(path), "kind": kind})
    return poll(source, no_get, State.model_validate_json(state.model_dump_json()) if state else None)


def names(found: Poll) -> list[str]:
    return [Path(page.source).name for page in found.pages]


def test_a_folder_gives_new_and_changed_files_once(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for name in ("b.html", "a.txt", "in/c.htm", ".hidden.txt", "d.pdf"):
        (tmp_path / name).write_text(f"words of {name}")
    os.mkfifo(tmp_path / "pipe.txt")
    first = look(tmp_path, None)
    assert [(Path(p.source).name, p.form) for p in first.pages] == [
        ("a.txt", "text"), ("b.html", "html"), ("c.htm", "html"),
    ]  # fmt: skip
    assert first.pages[0].data == b"words of a.txt"
    second = look(tmp_path, first.state)
    assert second.pages == ()
    (tmp_path / "a.txt").write_text("other words altogether")
    os.utime(tmp_path / "b.html", ns=(1, 1))
    (tmp_path / "e.txt").write_text("new")
    (tmp_path / "in" / "c.htm").unlink()
    assert names(look(tmp_path, second.state)) == ["a.txt", "b.html", "e.txt"]


def test_a_folder_comes_in_portions_and_a_bad_file_is_told_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local, "MAX_POLL_PAGES", 2)
    monkeypatch.setattr(local, "MAX_BYTES", 100)
    for n in range(5):
        (tmp_path / f"{n}.txt").write_text("x" * (200 if n == 1 else 10))
    state, seen, faults = None, [], []
    for more in (True, False, False):
        found = look(tmp_path, state)
        assert found.more is more
        state = found.state
        seen += names(found)
        faults += found.faults
    assert seen == ["0.txt", "2.txt", "3.txt", "4.txt"]
    assert len(faults) == 1
    assert "1.txt" in faults[0]
    monkeypatch.setattr(local, "MAX_SEEN", 3)
    with pytest.raises(TooLarge, match="more than 3"):
        look(tmp_path, None)


def test_folders_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        look(tmp_path / "none", None)
    with pytest.raises(SourceError, match="no maildir"):
        look(tmp_path, None, "maildir")


def letter(subject: str, *, html: str | None = None, text: str = "Ministers met.", when: str = NEXT) -> EmailMessage:
    message = EmailMessage()
    message["Subject"], message["Date"], message["From"] = subject, when, "desk@desk.example"
    message.set_content(text, charset="utf-8")
    if html is not None:
        message.add_alternative(html, subtype="html", charset="iso-8859-1")
        message.add_attachment(b"x" * 999, maintype="application", subtype="pdf", filename="a.pdf")
    return message


def test_a_maildir_gives_each_letter_once_and_leaves_it_as_it_is(tmp_path: Path) -> None:
    for part in ("new", "cur", "tmp"):
        (tmp_path / part).mkdir()
    (tmp_path / "new" / "1.a").write_bytes(bytes(letter("Talks à Genève", html="<p>Ministers met à Genève.</p>")))
    (tmp_path / "cur" / "2.b:2,S").write_bytes(bytes(letter("Plain", when="no date")))
    (tmp_path / "new" / "3.c").write_bytes(b"Content-Type: multipart/mixed; boundary=x\n\n--x\n")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    first = look(tmp_path, None, "maildir")
    plain, html = first.pages
    assert (html.title, html.published, html.form, html.charset) == (
        "Talks à Genève", date(2022, 1, 22), "html", "iso-8859-1",
    )  # fmt: skip
    assert "à Genève" in html.data.decode("iso-8859-1")
    assert (plain.title, plain.published, plain.form) == ("Plain", None, "text")
    assert len(first.faults) == 1
    assert "3.c" in first.faults[0]
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
    # A mail program marks it as read.
    (tmp_path / "new" / "1.a").rename(tmp_path / "cur" / "1.a:2,S")
    second = look(tmp_path, first.state, "maildir")
    assert (second.pages, second.faults) == ((), ())


@pytest.mark.parametrize(
    "hostile",
    [
        b"",
        b"\xff" * 500,
        b"Subject: =?utf-8?q?" + b"=00" * 900 + b"?=\n\nx",
        b"Content-Type: text/html; charset=no-such\nDate: 99\n\n<p>x</p>",
        b"".join(b"Content-Type: multipart/mixed; boundary=%d\n\n--%d\n" % (n, n) for n in range(3_000)),
        b"Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n!!!!",
        b"Content-Type: " + b"a" * 20_000 + b"\n\nx",
    ],
)
def test_hostile_letters_hold_up_nothing(tmp_path: Path, hostile: bytes) -> None:
    for part in ("new", "cur"):
        (tmp_path / part).mkdir()
    (tmp_path / "new" / "1").write_bytes(hostile)
    (tmp_path / "new" / "2").write_bytes(bytes(letter("Good")))
    found = look(tmp_path, None, "maildir")
    assert found.pages[-1].title == "Good"
    assert len(found.pages) + len(found.faults) == 2
