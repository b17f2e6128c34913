"""What a record keeps, and that keeping it twice changes nothing: the same on SQLite and PostgreSQL."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from detente.errors import RecordError
from detente.intake.raw import RawPage
from detente.model import Article, Reading
from detente.record.identity import identity
from detente.record.store import Kept, Neighbour, PollState, Record
from detente.record.unread import Unread
from tests.record.whole import broken, contents

MONDAY = datetime(2022, 1, 24, 9, tzinfo=timezone(timedelta(hours=1)))
PAGE = RawPage(
    b"<p>The ministers met.</p>\x00\xff", "talks.html", "html", url="https://paper.example/talks#top", charset="cp1252",
    fetched_at=MONDAY, headers={"etag": '"a"'}, position=12, title="Talks", published=date(2022, 1, 21),
)  # fmt: skip
ARTICLE = Article(id="a", title="Talks", published=date(2022, 1, 21), language="en", text="The ministers met.")
READING = Reading(article=ARTICLE)


@pytest.fixture
def record(where: str) -> Iterator[Record]:
    with Record(where) as opened:
        yield opened
        assert broken(opened) == []


def keep(record: Record, raw: RawPage, found: Reading | Unread, reader: str = "reader 1") -> Kept:
    return record.keep(raw, identity(raw), found, reader)


def other(data: bytes = b"<p>The ministers meet again.</p>", at: datetime = MONDAY + timedelta(days=1)) -> RawPage:
    return RawPage(data, "talks.html", "html", url="https://paper.example/talks", fetched_at=at)


def test_a_page_comes_out_as_it_went_in(record: Record) -> None:
    assert record.held(identity(PAGE), "reader 1") is None
    assert keep(record, PAGE, READING) == "added"
    held = record.held(identity(PAGE), "reader 1")
    assert held is not None
    assert held.current
    assert held.last_seen == MONDAY
    assert record.raw(held.page) == PAGE
    assert list(record.articles()) == [ARTICLE]
    assert list(record.readings()) == [READING]
    with pytest.raises(RecordError, match="no page 99"):
        record.raw(99)


def test_keeping_the_same_again_changes_nothing(record: Record) -> None:
    keep(record, PAGE, READING)
    keep(record, other(), Unread("paywall", "only its first lines are shown"))
    before = contents(record)
    assert keep(record, PAGE, READING) == "already there"
    assert keep(record, other(), Unread("paywall", "only its first lines are shown")) == "already there"
    assert contents(record) == before


def test_other_content_of_an_address_is_a_revision_and_both_are_kept(record: Record) -> None:
    keep(record, PAGE, READING)
    newer = Reading(article=ARTICLE.model_copy(update={"text": "The ministers meet again."}))
    assert keep(record, other(), newer) == "revised"
    counts = record.counts()
    assert (counts.pages, counts.articles) == (2, 2)
    assert [a.text for a in record.articles()] == ["The ministers meet again."]
    # The first content is back: it is the newest again, and nothing is added.
    back = RawPage(PAGE.data, "talks.html", "html", url=PAGE.url, fetched_at=MONDAY + timedelta(days=2))
    assert keep(record, back, READING) == "already there"
    assert [a.text for a in record.articles()] == ["The ministers met."]
    assert record.counts().pages == 2


def test_an_older_copy_added_later_is_not_the_newest(record: Record) -> None:
    keep(record, other(), Reading(article=ARTICLE.model_copy(update={"text": "The ministers meet again."})))
    assert keep(record, PAGE, READING) == "revised"
    assert [a.text for a in record.articles()] == ["The ministers meet again."]


def test_a_newer_reader_adds_a_revision_and_the_older_reading_stays(record: Record) -> None:
    keep(record, PAGE, READING)
    held = record.held(identity(PAGE), "reader 2")
    assert held is not None
    assert not held.current
    mended = Reading(article=ARTICLE.model_copy(update={"byline": "Ann Reporter"}))
    assert keep(record, PAGE, mended, "reader 2") == "read again"
    assert keep(record, PAGE, READING, "reader 1") == "already there"
    assert record.counts().readings == {"reader 1": 1, "reader 2": 1}
    assert list(record.readings()) == [mended]
    assert list(record.articles()) == [mended.article]


def test_what_is_not_read_is_kept_with_its_reason_until_it_is_read(record: Record) -> None:
    assert keep(record, PAGE, Unread("no article", "a page of headlines")) == "added"
    waiting = list(record.unread())
    assert [(w.why.kind, w.why.words, w.source) for w in waiting] == [
        ("no article", "a page of headlines", "talks.html")
    ]
    assert waiting[0].known == identity(PAGE)
    assert record.raw(waiting[0].page) == PAGE
    assert list(record.unread("paywall")) == []
    assert list(record.articles()) == list(record.readings()) == []
    assert keep(record, PAGE, READING, "reader 2") == "read again"
    assert list(record.unread()) == []
    assert list(record.readings()) == [READING]


def test_a_copy_keeps_its_article_and_has_no_reading(record: Record) -> None:
    keep(record, PAGE, Unread("copy", "as page 1", ARTICLE))
    assert list(record.articles()) == [ARTICLE]
    assert list(record.readings()) == []


def test_a_language_that_is_not_read_is_a_reason(record: Record) -> None:
    french = Reading(article=ARTICLE.model_copy(update={"language": "fr"}), unread="the page's language is 'fr'")
    keep(record, PAGE, french)
    assert [w.why.kind for w in record.unread()] == ["language"]
    assert list(record.readings()) == [french]


def test_what_no_database_keeps_is_kept_as_an_escape(record: Record) -> None:
    odd = ARTICLE.model_copy(update={"title": "Talks\x00 again", "text": "Łódź — 和平 🕊"})
    raw = RawPage(b"x", "odd\udcff\x00.html", url="https://paper.example/\x00", headers={"etag": "\x00"})
    assert keep(record, raw, Reading(article=odd)) == "added"
    assert list(record.articles()) == [odd]
    assert [a.text for a in record.articles()] == ["Łódź — 和平 🕊"]


def test_more_articles_than_one_batch_come_in_their_order(record: Record) -> None:
    def work(_: object) -> None:
        for number in range(220):
            raw = RawPage(b'{"id": "%d"}' % number, "lines", "json")
            keep(record, raw, Reading(article=ARTICLE.model_copy(update={"id": str(number)})))

    record.transaction(work)
    assert [a.id for a in record.articles()] == [str(n) for n in range(220)]
    assert [r.article.id for r in record.readings()] == [str(n) for n in range(220)]


def test_reading_on_while_adding(record: Record) -> None:
    for number in range(3):
        keep(record, RawPage(b"x%d" % number, f"{number}.txt"), READING)
    for number, _ in zip(range(3, 6), record.articles(), strict=False):
        keep(record, RawPage(b"x%d" % number, f"{number}.txt"), READING)
    assert record.counts().articles == 6


def test_a_transaction_is_kept_whole_or_not_at_all(record: Record) -> None:
    def work(_: object) -> None:
        keep(record, PAGE, READING)
        record.set_position("archive.warc", 12)
        raise ZeroDivisionError

    before = contents(record)
    with pytest.raises(ZeroDivisionError):
        record.transaction(work)
    assert contents(record) == before


def test_polls_and_positions(record: Record) -> None:
    assert record.poll_state("https://paper.example/feed") is None
    state = PollState({"etag": '"a"', "ids": ["1"]}, last_polled=MONDAY, failures=2)
    record.save_poll("https://paper.example/feed", state)
    assert record.poll_state("https://paper.example/feed") == state
    newer = PollState({"etag": '"b"'}, last_polled=MONDAY, last_new=MONDAY)
    record.save_poll("https://paper.example/feed", newer)
    assert record.poll_state("https://paper.example/feed") == newer
    assert record.position("archive.warc") is None
    record.set_position("archive.warc", 7)
    record.set_position("archive.warc", 2**40)
    assert record.position("archive.warc") == 2**40


def test_neighbours_share_a_band(record: Record) -> None:
    for number in range(1, 4):
        keep(record, RawPage(b"x%d" % number, f"{number}.txt"), READING)
    record.add_sketch(1, b"one", [1, 2**64 - 1])
    record.add_sketch(2, b"two", [2**64 - 1, 2**63])
    record.add_sketch(3, b"three", [5])
    record.add_sketch(3, b"three", [5])
    assert record.neighbours([2**64 - 1]) == [Neighbour(1, b"one"), Neighbour(2, b"two")]
    assert record.neighbours([2**63, 5]) == [Neighbour(2, b"two"), Neighbour(3, b"three")]
    assert record.neighbours([-1]) == [Neighbour(1, b"one"), Neighbour(2, b"two")]
    assert record.neighbours([]) == record.neighbours([77]) == []


def test_moments_owe_a_zone(record: Record) -> None:
    with pytest.raises(RecordError, match="time zone"):
        record.save_poll("s", PollState({}, last_polled=datetime(2022, 1, 24)))


def test_counts(record: Record) -> None:
    keep(record, PAGE, READING)
    keep(record, other(), Unread("error", "no text"))
    counts = record.counts()
    assert (counts.pages, counts.articles, counts.readings, counts.unread) == (2, 1, {"reader 1": 1}, {"error": 1})
    assert counts.size > 10_000


def test_identity() -> None:
    fragment = RawPage(b"x", "a", url="https://paper.example/a#b")
    assert identity(fragment) == identity(RawPage(b"x", "elsewhere", url="https://paper.example/a"))
    assert identity(RawPage(b"x", "./a.txt")) == identity(RawPage(b"x", "a.txt"))
    assert identity(RawPage(b"x", "a.txt")).key != identity(RawPage(b"x", "b.txt")).key
    assert identity(RawPage(b"x", "-")).key != identity(RawPage(b"y", "-")).key
    one, two = (RawPage(b'{"id": 1, "text": "%s"}' % word, "l", "json") for word in (b"a", b"b"))
    assert identity(one).key == identity(two).key
    assert identity(one).content != identity(two).content
    assert identity(RawPage(b"[" * 100_000, "l", "json")).key == identity(RawPage(b"[" * 100_000, "m", "json")).key


def test_utc_is_what_is_kept(record: Record) -> None:
    keep(record, PAGE, READING)
    held = record.held(identity(PAGE), "reader 1")
    assert held is not None
    assert held.last_seen.tzinfo is UTC
