"""Damages good input at random and reads it: nothing may crash, hang, or raise what is no SourceError.

`python tests/intake/mutate.py --rounds 10000 [--seed 1] [--kind warc]` from the repository; the tests do a few hundred.
A kind is a line of KINDS: its name, its good examples, and what reads them.
"""

import argparse
import gzip
import io
import random
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from detente.errors import SourceError  # noqa: E402
from detente.intake import RawPage, article_from_bytes, article_of, raw_pages  # noqa: E402
from detente.intake.feeds import read_feed  # noqa: E402
from detente.intake.sitemaps import read_sitemap  # noqa: E402
from tests.intake import warc  # noqa: E402

SECONDS = 5.0
"""Processor time that one item may take (the project's bound, see `detente.intake.limits`)."""


def _stream(form: str) -> Callable[[bytes], Iterable[object]]:
    return lambda data: raw_pages(["-"], stdin=io.BytesIO(data), input_format=form)  # type: ignore[arg-type]


def _page(data: bytes) -> Iterable[object]:
    return [article_from_bytes(data, source="page")]


def _warcs() -> list[bytes]:
    blocks = [
        warc.http(warc.page(1)),
        warc.http(gzip.compress(warc.page(2)), more="Content-Encoding: gzip\r\n"),
        warc.http(warc.chunked(warc.page(3)), more="Transfer-Encoding: chunked\r\n"),
        b"HTTP/1.1 404 Not Found\r\n\r\n",
    ]
    records = [warc.record("response", block) for block in blocks]
    return [b"".join(records), warc.packed(records), gzip.compress(b"".join(records))]


def _feed(data: bytes) -> Iterable[object]:
    return read_feed(data, source="feed", url="https://news.example/rss").entries


def _sitemap(data: bytes) -> Iterable[object]:
    return read_sitemap(data, source="sitemap", url="https://news.example/sitemap.xml").entries


_ENTRY = (
    "<item><title>Talks</title><link>https://news.example/{n}</link>"
    "<pubDate>Fri, 21 Jan 2022 10:00:00 GMT</pubDate></item>"
)
_ENTRIES = "".join(_ENTRY.format(n=n) for n in range(9))
_RSS = f"<rss version='2.0'><channel><title>N</title>{_ENTRIES}</channel></rss>"
_ATOM = (
    "<feed xmlns='http://www.w3.org/2005/Atom'><title>N</title><entry><title>Talks</title><id>1</id>"
    "<link href='/a'/><updated>2022-01-21T10:00:00Z</updated></entry></feed>"
)
_JSON = (
    '{"version": "https://jsonfeed.org/version/1.1", "title": "N", "items": [{"id": "1", "url": "/a", "title": "T"}]}'
)
_SITEMAP = (
    "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' "
    "xmlns:n='http://www.google.com/schemas/sitemap-news/0.9'><url><loc>https://news.example/a</loc>"
    "<n:news><n:title>Talks</n:title><n:publication_date>2022-01-21</n:publication_date></n:news></url></urlset>"
)
_INDEX = (
    "<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><sitemap><loc>https://news.example/s.xml</loc>"
    "<lastmod>2022-01-21</lastmod></sitemap></sitemapindex>"
)
_PAGES = [path.read_bytes() for path in sorted((ROOT / "examples").glob("2022-*.*"))]
_TABLE = b'id,url,text\na,https://news.example/a,"They met.\nThey said ""no""."\nb,,They met again.\n'

KINDS: dict[str, tuple[list[bytes], Callable[[bytes], Iterable[object]]]] = {
    "page": (_PAGES, _page),
    "warc": (_warcs(), _stream("warc")),
    "csv": ([_TABLE, _TABLE.decode().encode("utf-16")], _stream("csv")),
    "feed": ([_RSS.encode(), _ATOM.encode(), _JSON.encode()], _feed),
    "sitemap": ([_SITEMAP.encode(), gzip.compress(_SITEMAP.encode()), _INDEX.encode()], _sitemap),
    "jsonl": ([(ROOT / "examples" / "2022-02-21-short-items.jsonl").read_bytes()], _stream("jsonl")),
}


@dataclass(frozen=True, slots=True)
class Failure:
    """One input that was not borne, and why."""

    kind: str
    data: bytes
    why: str


def mutated(data: bytes, chance: random.Random) -> bytes:
    """`data` with one to five damages: bytes flipped, cut out, doubled, put in, exchanged, or cut off."""
    found = bytearray(data)
    for _ in range(chance.randint(1, 5)):
        if not found:
            break
        at = chance.randrange(len(found))
        end = min(len(found), at + chance.choice([1, 4, 64, 1024]))
        match chance.randrange(7):
            case 0:
                found[at] ^= 1 << chance.randrange(8)
            case 1:
                del found[at:end]
            case 2:
                found[at:at] = found[at:end] * chance.choice([1, 2, 50])
            case 3:
                found[at:at] = chance.randbytes(chance.choice([1, 8, 200]))
            case 4:
                found[at:end] = chance.choice([b"\x00", b"\xff", b"<", b'"', b"\r\n", b"9", b"&"]) * (end - at)
            case 5:
                other = chance.randrange(len(found))
                found[at:end], found[other : other + end - at] = found[other : other + end - at], found[at:end]
            case _:
                del found[at:]
    return bytes(found)


def failure(kind: str, data: bytes) -> Failure | None:
    """What is wrong with how `data` is read, if anything; each page in it is made an article too."""
    read = KINDS[kind][1]
    longest = 0.0
    start = time.process_time()
    try:
        with suppress(SourceError):
            for item in read(data):
                if isinstance(item, RawPage):
                    with suppress(SourceError):
                        article_of(item)
                longest = max(longest, time.process_time() - start)
                start = time.process_time()
    except Exception as error:
        return Failure(kind, data, f"{type(error).__name__}: {error}")
    longest = max(longest, time.process_time() - start)
    return Failure(kind, data, f"{longest:.1f} seconds") if longest > SECONDS else None


def failures(kinds: Iterable[str], rounds: int, seed: int) -> list[Failure]:
    """What is not borne of `rounds` mutations, taken from the kinds in turn."""
    chance = random.Random(seed)
    kinds = list(kinds)
    found = []
    for number in range(rounds):
        kind = kinds[number % len(kinds)]
        bad = failure(kind, mutated(chance.choice(KINDS[kind][0]), chance))
        if bad is not None:
            found.append(bad)
    return found


def main() -> None:
    """Mutate and read; write each input that was not borne to a file, and fail where there is one."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kind", choices=sorted(KINDS), action="append", help="only this kind; may be given again")
    parser.add_argument("--keep", type=Path, default=Path("build/mutants"), help="where inputs not borne are written")
    asked = parser.parse_args()
    found = failures(asked.kind or KINDS, asked.rounds, asked.seed)
    for number, bad in enumerate(found):
        asked.keep.mkdir(parents=True, exist_ok=True)
        path = asked.keep / f"{bad.kind}-{asked.seed}-{number}"
        path.write_bytes(bad.data)
        print(f"{path}: {bad.why}")
    print(f"{asked.rounds:,} mutations, {len(found)} not borne")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
