"""A watch over a local web: what is new is added once, whatever fails, and nothing is lost where it breaks off."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from detente.adding import ALL
from detente.intake.fetch import Fetcher
from detente.intake.limits import FetchLimits
from detente.intake.source_list import Kind, Source
from detente.model import Article, Reading
from detente.record.store import Record
from detente.watching.watch import ATTEMPTS, Watch
from tests.intake.local_web import Answer, LocalWeb, give, in_turn
from tests.record.cheap import Cheap

WORDS = (
    "The foreign minister of Chile received the ambassador of Ghana on Monday for talks on a treaty about copper.",
    "The president of Kenya sent two hundred soldiers to the border with Somalia on Tuesday after a night of fighting.",
    "The parliament in Oslo refused on Wednesday to approve the sanctions that the government had asked for in May.",
    "The army of Sudan agreed on Thursday to a ceasefire of ten days, which envoys of the African Union will watch.",
)


class Clock:
    """Hours that pass when the test says so."""

    def __init__(self) -> None:
        self.now = datetime(2022, 1, 21, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_on(self, hours: float = 2) -> None:
        self.now += timedelta(hours=hours)


@pytest.fixture
def web() -> Iterator[LocalWeb]:
    with LocalWeb() as opened:
        yield opened


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    with Record(tmp_path / "record.db") as opened:
        yield opened


@pytest.fixture
def clock() -> Clock:
    return Clock()


def fetcher(web: LocalWeb) -> Fetcher:
    limits = FetchLimits(seconds=2.0, attempts=1, backoff=0.01, longest_wait=0.1)
    return Fetcher(None, web.allow_hosts, 0.0, web.resolve, limits=limits)


def feed(*links: str) -> bytes:
    items = "".join(f"<item><title>News {link}</title><link>{link}</link></item>" for link in links)
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>T</title>{items}</channel></rss>'.encode()


def rss(*links: str) -> Answer:
    return give(feed(*links), Content_Type="application/rss+xml")


def page(words: str) -> Answer:
    head = " ".join(words.split()[:5])
    body = "".join(f"<p>{part}.</p>" for part in words.rstrip(".").split(". "))
    whole = f"<html><head><title>{head}</title></head><body><article><h1>{head}</h1>{body}</article></body></html>"
    return give(whole.encode())


def source(name: str, address: str, kind: Kind = "feed") -> Source:
    return Source(name=name, address=address, kind=kind)


def test_what_is_new_is_added_once(web: LocalWeb, record: Record, clock: Clock) -> None:
    host = web.site("news.example", {f"/{n}": page(words) for n, words in enumerate(WORDS)})
    web.site(
        "feeds.example",
        in_turn(rss(f"{host}/0", f"{host}/1"), rss(f"{host}/0", f"{host}/1"), rss(f"{host}/2", f"{host}/0")),
    )
    with fetcher(web) as fetching:
        watch = Watch(
            [source("a", f"http://feeds.example:{web.port}/rss")], record, Cheap(), fetching, gate=ALL, now=clock
        )
        assert watch.round().added == 2
        assert watch.round().looked == 0
        clock.pass_on()
        assert watch.round().added == 0
        clock.pass_on()
        assert watch.round().added == 1
    assert record.counts().articles == 3
    assert [path for path in web.asked_of("news.example") if path != "/robots.txt"] == ["/0", "/1", "/2"]
    (status,) = watch.statuses
    assert (status.new, status.copies, status.failures, status.waiting) == (3, 0, 0, 0)


def test_a_page_that_cannot_be_had_for_the_moment_is_asked_for_again(
    web: LocalWeb, record: Record, clock: Clock
) -> None:
    host = web.site(
        "news.example", {"/0": in_turn(give(b"", 503), give(b"", 503), page(WORDS[0])), "/1": give(b"", 404)}
    )
    web.site("feeds.example", rss(f"{host}/0", f"{host}/1"))
    with fetcher(web) as fetching:
        watch = Watch(
            [source("a", f"http://feeds.example:{web.port}/rss")], record, Cheap(), fetching, now=clock, gate=ALL
        )
        watch.round()
        assert watch.statuses[0].waiting == 1
        assert record.counts().pages == 0
        for _ in range(2):
            clock.pass_on()
            watch.round()
    assert record.counts().articles == 1
    assert watch.statuses[0].waiting == 0
    assert watch.statuses[0].failures == 3


def test_a_page_that_never_comes_is_given_up(web: LocalWeb, record: Record, clock: Clock) -> None:
    host = web.site("news.example", give(b"", 503))
    web.site("feeds.example", rss(f"{host}/0"))
    with fetcher(web) as fetching:
        watch = Watch([source("a", f"http://feeds.example:{web.port}/rss")], record, Cheap(), fetching, now=clock)
        for _ in range(ATTEMPTS + 2):
            watch.round()
            clock.pass_on(48)
    assert watch.statuses[0].waiting == 0
    assert watch.statuses[0].failures == ATTEMPTS


class Breaking(Cheap):
    """Ends the process, so to speak, at the second article."""

    def __init__(self) -> None:
        super().__init__()
        self.read = 0

    def read_article(self, article: Article) -> Reading:
        self.read += 1
        if self.read == 2:
            raise KeyboardInterrupt
        return super().read_article(article)


def test_where_a_watch_breaks_off_the_next_one_goes_on(web: LocalWeb, record: Record, clock: Clock) -> None:
    host = web.site("news.example", {f"/{n}": page(words) for n, words in enumerate(WORDS)})
    web.site("feeds.example", in_turn(rss(*(f"{host}/{n}" for n in range(4))), rss()))
    sources = [source("a", f"http://feeds.example:{web.port}/rss")]
    with fetcher(web) as fetching:
        with pytest.raises(KeyboardInterrupt):
            Watch(sources, record, Breaking(), fetching, now=clock, gate=ALL).round()
        assert record.counts().articles == 1
        Watch(sources, record, Cheap(), fetching, now=clock, gate=ALL).round()
    # The feed names none of them any more: they were written down before they were fetched.
    assert record.counts().articles == 4


def test_a_sick_source_rests_longer_and_holds_nobody_up(web: LocalWeb, record: Record, clock: Clock) -> None:
    host = web.site("news.example", {"/0": page(WORDS[0])})
    web.site("feeds.example", rss(f"{host}/0"))
    web.site("sick.example", give(b"", 500))
    sources = [
        source("sick", f"http://sick.example:{web.port}/rss"),
        source("good", f"http://feeds.example:{web.port}/rss"),
    ]
    with fetcher(web) as fetching:
        watch = Watch(sources, record, Cheap(), fetching, gate=ALL, now=clock)
        looked = []
        for _ in range(8):
            looked.append(watch.round().looked)
            clock.pass_on(1)
    assert record.counts().articles == 1
    # After the first failure it is looked at after two hours, then after four.
    assert looked == [2, 1, 2, 1, 1, 1, 2, 1]
    sick = watch.statuses[0]
    assert sick.health(clock.now) == "sick"
    assert "500" in sick.fault


def test_copies_and_sport_are_kept_unread_by_default(web: LocalWeb, record: Record, clock: Clock) -> None:
    long = " ".join(WORDS)
    match = (
        "The striker scored twice in the second half as Rovers beat United in the cup on Saturday. The coach praised "
        "his goalkeeper, who saved a penalty, and said the team would rest before the league match on Wednesday."
    )
    host = web.site(
        "news.example", {"/0": page(long), "/1": page(long.replace("Monday", "Jan. 17")), "/2": page(match)}
    )
    web.site("feeds.example", rss(f"{host}/0", f"{host}/1", f"{host}/2"))
    with fetcher(web) as fetching:
        watch = Watch([source("a", f"http://feeds.example:{web.port}/rss")], record, Cheap(), fetching, now=clock)
        assert watch.round().added == 1
    assert record.counts().unread == {"copy": 1, "not relevant": 1}
    assert (watch.statuses[0].copies, watch.statuses[0].unread) == (1, 1)


def test_a_source_that_names_nothing_any_more_has_changed(web: LocalWeb, record: Record, clock: Clock) -> None:
    host = web.site("news.example", page(WORDS[0]))
    web.site("feeds.example", in_turn(rss(f"{host}/0"), rss()))
    sources = [source("a", f"http://feeds.example:{web.port}/rss")]
    with fetcher(web) as fetching:
        Watch(sources, record, Cheap(), fetching, gate=ALL, now=clock).round()
        clock.pass_on()
        later = Watch(sources, record, Cheap(), fetching, gate=ALL, now=clock)
        later.round()
    assert later.statuses[0].health(clock.now) == "changed"


def test_a_folder_is_watched(tmp_path: Path, web: LocalWeb, record: Record, clock: Clock) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.txt").write_text(WORDS[0])
    with fetcher(web) as fetching:
        watch = Watch([source("f", str(folder), "folder")], record, Cheap(), fetching, gate=ALL, now=clock)
        assert watch.round().added == 1
        (folder / "b.txt").write_text(WORDS[1])
        clock.pass_on()
        assert watch.round().added == 1
        again = Watch([source("f", str(folder), "folder")], record, Cheap(), fetching, gate=ALL, now=clock)
        clock.pass_on()
        assert again.round().added == 0


def test_it_ends_when_told(web: LocalWeb, record: Record) -> None:
    host = web.site("news.example", page(WORDS[0]))
    web.site("feeds.example", rss(f"{host}/0"))
    stop = threading.Event()
    with fetcher(web) as fetching:
        watch = Watch([source("a", f"http://feeds.example:{web.port}/rss")], record, Cheap(), fetching, gate=ALL)
        running = threading.Thread(target=watch.run, args=(stop, lambda done: stop.set()))
        running.start()
        running.join(20)
        assert not running.is_alive()
    assert record.counts().articles == 1
