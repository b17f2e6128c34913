"""Addresses: only the public web, within bounds, whatever the server does. No test leaves this machine."""

import gzip
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from detente.errors import NotFound, NotText, SourceError, TooLarge
from detente.intake import articles
from detente.intake import fetch as fetching
from detente.intake.fetch import fetch, is_public
from detente.model import Article

WORDS = "The two ministers met in Genève on Friday and agreed to go on."
PAGE = f"<html><head><title>Talks end – Archyde</title></head><body><article><p>{WORDS}</p></article></body></html>"
Answer = Callable[[BaseHTTPRequestHandler], None]


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "64:ff9b::808:808"]
)
def test_public_addresses(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.9.9.9", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254",
        "100.64.0.1", "192.0.2.1", "198.18.0.1", "224.0.0.1", "255.255.255.255", "240.0.0.1", "::", "::1",
        "fe80::1", "fe80::1%eth0", "fc00::1", "fec0::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
        "2002:7f00:1::", "64:ff9b::7f00:1", "2001:db8::1", "192.0.0.192", "168.63.129.16", "64:ff9b:1::1",
        "100.100.100.200", "fd00:ec2::254", "::7f00:1", "3fff::1",
    ],
)  # fmt: skip
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/", "http://localhost/", "http://2130706433/", "http://0x7f000001/", "http://0177.0.0.1/", "http://127.1/",
        "http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://169.254.169.254/latest/meta-data/", "http://10.1.2.3:8080/x",
        "http://user:pass@127.0.0.1/", "http://0/",
    ],
)  # fmt: skip
def test_no_notation_reaches_a_private_address(url: str) -> None:
    with pytest.raises(SourceError, match=r"public web|no such host"):
        fetch(url)


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://example.org/x", "http:///x", "https://"])
def test_only_http_and_https(url: str) -> None:
    with pytest.raises(SourceError):
        fetch(url)


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Answer], str]]:
    """A server on this machine that counts as public for the test."""
    monkeypatch.setattr(fetching, "is_public", lambda address: address == "127.0.0.1")
    servers: list[ThreadingHTTPServer] = []

    def start(answer: Answer) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                answer(self)

            def log_message(self, format: str, *args: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def give(body: bytes, status: int = 200, **headers: str) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in {"Content_Type": "text/html", **headers}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def test_a_page_is_fetched_and_read(serve: Callable[[Answer], str]) -> None:
    seen = {}

    def answer(handler: BaseHTTPRequestHandler) -> None:
        seen.update(handler.headers.items(), path=handler.path)
        give(
            gzip.compress(PAGE.encode("cp1252")),
            Content_Type="text/html; charset=windows-1252",
            Content_Encoding="gzip",
        )(handler)

    url = serve(answer) + "/2022/01/21/t?a=b c&d=é"
    (article,) = articles([url])
    assert isinstance(article, Article)
    assert article.text == WORDS
    assert (article.title, article.site, str(article.published), article.url) == (
        "Talks end",
        "Archyde",
        "2022-01-21",
        url,
    )
    assert seen["User-Agent"].startswith("detente/")
    assert seen["path"] == "/2022/01/21/t?a=b%20c&d=%C3%A9"


def test_redirects_are_followed_and_counted(serve: Callable[[Answer], str]) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        left = int(handler.path.strip("/"))
        give(PAGE.encode())(handler) if not left else give(b"", 302, Location=f"/{left - 1}")(handler)

    base = serve(answer)
    assert fetch(f"{base}/5").url == f"{base}/0"
    with pytest.raises(SourceError, match="redirects"):
        fetch(f"{base}/6")


@pytest.mark.parametrize(
    "target", ["http://10.0.0.1/", "http://169.254.169.254/", "file:///etc/passwd", "ftp://a.example/", "http://[::1]/"]
)
def test_a_redirect_cannot_lead_inside(serve: Callable[[Answer], str], target: str) -> None:
    url = serve(give(b"", 302, Location=target))
    with pytest.raises(SourceError, match=r"public web|only http"):
        fetch(url)


def test_the_connection_goes_to_the_address_that_was_checked(
    serve: Callable[[Answer], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    url = serve(give(PAGE.encode()))
    port = int(url.rsplit(":", 1)[1])
    asked: list[str] = []
    resolve = socket.getaddrinfo

    def once(host: str, *args: object, **kwargs: object) -> object:
        # A name that means a public address when checked, and a private one when asked again.
        if host == "rebind.example":
            asked.append(host)
            host = "127.0.0.1" if len(asked) == 1 else "10.0.0.1"
        return resolve(host, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", once)
    assert fetch(f"http://rebind.example:{port}/").data == PAGE.encode()
    assert len(asked) == 1


def test_a_host_with_one_private_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    entries = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, 80)) for ip in ("8.8.8.8", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: entries)
    with pytest.raises(SourceError, match="public web"):
        fetch("http://both.example/")


@pytest.mark.parametrize(
    ("answer", "error", "says"),
    [
        (give(b"", 404), NotFound, "check the address"),
        (give(b"", 503), SourceError, "503"),
        (give(b"x", Content_Type="image/png"), NotText, "image/png"),
        (give(b"x" * 11_000_000), TooLarge, "10 MB"),
        (give(gzip.compress(b"x" * 50_000_000), Content_Encoding="gzip"), TooLarge, "10 MB"),
        (give(b"x", Content_Encoding="br"), NotText, "br"),
        (give(b"not gzip", Content_Encoding="gzip"), SourceError, "broke off"),
        (give(b""), SourceError, "nothing"),
    ],
    ids=["404", "503", "image", "large", "bomb", "brotli", "no-gzip", "empty"],
)
def test_what_a_server_can_do_wrong(
    serve: Callable[[Answer], str], answer: Answer, error: type[SourceError], says: str
) -> None:
    with pytest.raises(error, match=says):
        fetch(serve(answer))


def test_a_server_that_drips_meets_the_deadline(
    serve: Callable[[Answer], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "FETCH_SECONDS", 0.5)
    stop = threading.Event()

    def drip(handler: BaseHTTPRequestHandler) -> None:
        give(b"<html>")(handler)
        for _ in range(50):
            if stop.wait(0.1):
                return
            handler.wfile.write(b".")
            handler.wfile.flush()

    url = serve(drip)
    with pytest.raises(SourceError, match="seconds"):
        fetch(url)
    stop.set()
