"""WARC records made by hand, so that each can be wrong in one way."""

import gzip
from collections.abc import Iterator


def record(
    kind: str,
    block: bytes,
    *,
    url: str = "https://news.example/a",
    media: str = "application/http; msgtype=response",
    length: int | None = None,
    date: str = "2022-01-21T10:30:00Z",
) -> bytes:
    """One record; `length` says another Content-Length than its own."""
    fields = {
        "WARC-Type": kind,
        "WARC-Target-URI": url,
        "WARC-Date": date,
        "WARC-Record-ID": "<urn:uuid:00000000-0000-4000-8000-000000000001>",
        "Content-Type": media,
        "Content-Length": str(len(block) if length is None else length),
    }
    head = "WARC/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return head.encode() + b"\r\n" + block + b"\r\n\r\n"


def http(body: bytes, *, media: str = "text/html; charset=utf-8", status: str = "200 OK", more: str = "") -> bytes:
    """One HTTP response; `more` are lines of its head, each with its line end."""
    return f"HTTP/1.1 {status}\r\nContent-Type: {media}\r\n{more}\r\n".encode() + body


def page(number: int) -> bytes:
    """The HTML of one page of its own."""
    return (
        f"<html><head><title>Talks, day {number}</title></head><body><article><h1>Talks, day {number}</h1>"
        f"<p>The two ministers met in Geneva for the {number}th time on Friday.</p>"
        f"<p>They agreed to go on talking next week.</p></article></body></html>"
    ).encode()


def response(number: int, *, length: int | None = None) -> bytes:
    """The record of one page, at https://news.example/NUMBER."""
    return record("response", http(page(number)), url=f"https://news.example/{number}", length=length)


def packed(records: Iterator[bytes] | list[bytes]) -> bytes:
    """A .warc.gz: one gzip member a record."""
    return b"".join(gzip.compress(each, mtime=0) for each in records)


def chunked(body: bytes, size: int = 50) -> bytes:
    """A body as HTTP/1.1 sends it in chunks."""
    parts = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x;name=value\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"
