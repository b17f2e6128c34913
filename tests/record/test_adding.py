"""Adding: new pages are read and kept, once, by one process or several, whatever crashes; the rest is left alone."""

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, event

from detente.adding import Added, Gate, Reached, add, add_unread
from detente.errors import NotFound, SourceError
from detente.intake import articles
from detente.intake.article import article_of
from detente.intake.raw import RawPage
from detente.intake.sources import raw_pages
from detente.model import Article, Reading
from detente.record.copies import groups
from detente.record.revisions import revised
from detente.record.store import Record
from tests.record.cheap import Cheap, line, pages
from tests.record.torture import torture
from tests.record.whole import broken, contents

NOTHING = RawPage(b'{"id": "none"}', "lines.jsonl, line 9", "json")
EMPTY = RawPage(b"<html><body><nav><a href='/'>Home</a></nav></body></html>", "index.html")


class Counting(Cheap):
    """Counts what it was asked to read."""

    def __init__(self, version: str = "cheap 1") -> None:
        super().__init__(version)
        self.read: list[str] = []

    def read_article(self, article: Article) -> Reading:
        self.read.append(article.id)
        return super().read_article(article)


@pytest.fixture
def record(where: str) -> Iterator[Record]:
    with Record(where) as opened:
        yield opened
        assert broken(opened) == []


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Record]:
    """For what does not hang on the database."""
    with Record(tmp_path / "small.db") as opened:
        yield opened
        assert broken(opened) == []


def test_adding_again_reads_nothing_and_changes_nothing(record: Record) -> None:
    reader = Counting()
    given = [*pages(5), NOTHING, EMPTY]
    first = add(given, record, reader)
    assert first == Added(added=5, unread={"error": 1, "no article": 1}, failed=1)
    assert reader.read == ["a1", "a2", "a3", "a4", "a5"]
    before = contents(record)
    assert add(given, record, reader) == Added(already_there=7)
    assert len(reader.read) == 5
    assert contents(record) == before


def test_an_id_with_other_words_is_a_revision(record: Record) -> None:
    add(pages(1), record, Cheap())
    mended = RawPage(line("a1", "The ministers did not meet on Friday, officials said."), "mended.jsonl", "json")
    assert add([mended], record, Cheap()) == Added(revised=1)
    assert [a.text for a in record.articles()] == ["The ministers did not meet on Friday, officials said."]
    assert record.counts().articles == 2


def test_a_newer_reader_reads_again(record: Record) -> None:
    add(pages(3), record, Cheap())
    assert add(pages(4), record, Counting("cheap 2")) == Added(added=1, read_again=3)
    assert record.counts().readings == {"cheap 1": 3, "cheap 2": 4}


def test_the_same_page_twice_in_one_run(record: Record) -> None:
    assert add([*pages(2), *pages(2)], record, Cheap(), 2) == Added(added=2, already_there=2)


def test_sources_that_fail_are_told_and_the_rest_goes_on(small: Record) -> None:
    told: list[SourceError] = []
    done: list[int] = []
    given = [NotFound("gone.html", "no such file"), *pages(1), NOTHING, *pages(2)]
    tally = add(given, small, Cheap(), failed=told.append, done=lambda *_: done.append(1))
    assert tally == Added(added=2, already_there=1, unread={"error": 1}, failed=2)
    assert [error.source for error in told] == ["gone.html", "lines.jsonl, line 9"]
    assert len(done) == len(given)
    assert str(tally) == "added 2, already there 1, not read 1 (error 1), failed 2"


REPORT = (
    "The foreign ministers of Norway and Peru met in Lima on Friday and signed a treaty on fishing in the South "
    "Pacific, ending nine years of talks. Ingrid Dahl said that the treaty would let forty Norwegian vessels work "
    "beside the Peruvian fleet for six months of the year. Her host, Tomas Quispe, called it a fair bargain for the "
    "coast. The parliament in Oslo will vote on it in March, and the congress in Lima before that. Unions in Chimbote "
    "had asked for a smaller number of foreign ships, and marched to the harbour on Thursday evening with banners."
)
MATCH = (
    "The striker scored twice in the second half as Rovers beat United in the cup on Saturday. The coach praised his "
    "goalkeeper, who saved a penalty, and said that the team would rest before the league match on Wednesday."
)


def _texts(*texts: str) -> list[RawPage]:
    return [RawPage(line(f"t{n}", text), f"lines.jsonl, line {n}", "json") for n, text in enumerate(texts, 1)]


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_copy_is_kept_with_its_original(record: Record, jobs: int) -> None:
    given = _texts(REPORT, REPORT.replace("Friday", "Jan. 21"), "The king of Tonga opened the parliament on Tuesday.")
    assert add(given, record, Cheap(), jobs) == Added(added=3)
    ((page, original, kind, score),) = record.copies()
    assert (page, original, kind) == (2, 1, "copy")
    assert score > 0.5
    assert record.counts().copies == 1


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_gate_keeps_what_it_turns_away_with_the_reason(small: Record, jobs: int) -> None:
    add(_texts(REPORT), small, Cheap())
    given = [replace(page, id=f"later {n}") for n, page in enumerate(_texts(REPORT, MATCH))]
    gate = Gate(relevant_only=True, no_copies=True)
    assert add(given, small, Cheap(), jobs, gate=gate) == Added(unread={"copy": 1, "not relevant": 1})
    assert {page.why.kind: page.why.words for page in small.unread()}["copy"] == "a copy of page 1"
    assert add_unread(small, Cheap(), jobs) == Added(read_again=2)


def test_a_group_of_copies_tells_its_source(record: Record) -> None:
    credited = "LIMA (Reuters) - " + REPORT
    lines = (
        line("a", REPORT, published="2022-01-23"),
        line("b", credited, published="2022-01-22"),
        line("c", " ".join(REPORT.split()[:60]) + ".", published="2022-01-24"),
    )
    add([RawPage(data, f"line {n}", "json") for n, data in enumerate(lines)], record, Cheap())
    (group,) = groups(record)
    told = group.to_dict()
    assert [copy["page"] for copy in told["copies"]] == [1, 2, 3]
    assert (told["original"], told["earliest"], told["agency"]) == (2, "2022-01-22", "Reuters")


def test_other_contents_of_an_address_are_no_copies(small: Record) -> None:
    given = [
        replace(page, form="text", data=text.encode(), url="https://paper.example/a")
        for page, text in zip(_texts("", ""), (REPORT, REPORT + " The talks go on."), strict=True)
    ]
    assert add(given, small, Cheap()) == Added(added=1, revised=1)
    assert list(small.copies()) == []


def test_a_corrected_page_that_others_copied_is_no_copy_of_itself(small: Record) -> None:
    corrected = REPORT.replace("forty", "thirty") + " Correction: an earlier version gave a wrong number."
    given = [
        RawPage(text.encode(), url, "text", url=url)
        for url, text in (
            ("https://a.example/1", REPORT),
            ("https://b.example/2", REPORT.replace("Friday", "Jan. 21")),
            ("https://a.example/1", corrected),
        )
    ]
    assert add(given, small, Cheap(), gate=Gate(no_copies=True)) == Added(added=1, revised=1, unread={"copy": 1})


def test_a_file_that_is_as_it_was_again_is_what_was_last_seen(small: Record, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    for text in (REPORT, MATCH, REPORT):
        path.write_text(text)
        add(raw_pages([str(path)]), small, Cheap())
    assert [article.text for article in small.articles()] == [REPORT]


def test_what_could_not_be_read_is_not_asked_again_once_it_was_mended(small: Record, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    for text in (" ", REPORT):
        path.write_text(text)
        add(raw_pages([str(path)]), small, Cheap())
    assert list(small.unread()) == []
    assert small.counts().unread == {}


def test_what_changed_in_a_page_is_told(record: Record) -> None:
    later = REPORT.replace("forty", "thirty") + " Correction: an earlier version gave a wrong number."
    lines = (line("r", REPORT), line("r", later), line("r", REPORT))
    add([RawPage(data, f"line {n}", "json") for n, data in enumerate(lines)], record, Cheap())
    (change,) = revised(record)
    told = change.to_dict()
    assert told["called"] == "correction"
    assert [part["change"] for part in told["text"]] == ["changed", "added"]
    assert "thirty" in told["text"][0]["new"]
    assert "forty" in told["text"][0]["old"]
    assert told["events"] == {"added": [], "gone": [], "changed": []}


class Failing(Cheap):
    def read_article(self, article: Article) -> Reading:
        if article.id == "a2":
            raise KeyError("a fault")
        return super().read_article(article)


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_fault_of_the_reader_costs_one_page_which_can_be_asked_again(small: Record, jobs: int) -> None:
    assert add(pages(3), small, Failing(), jobs) == Added(added=2, unread={"error": 1}, failed=1)
    (waiting,) = small.unread()
    assert "KeyError" in waiting.why.words
    assert add(pages(3), small, Failing()) == Added(already_there=3)
    assert add_unread(small, Failing()) == Added(already_there=1)
    assert add_unread(small, Cheap(), kind="paywall") == Added()
    assert add_unread(small, Cheap(), jobs) == Added(read_again=1)
    assert small.counts().unread == {}
    assert small.counts().articles == 3


def test_the_last_fetch_of_the_same_bytes_is_remembered(small: Record) -> None:
    days = [datetime(2022, 1, day, tzinfo=UTC) for day in (21, 23, 22)]
    for day in days:
        add([RawPage(line("a1", "The ministers met on Friday."), "l", "json", fetched_at=day)], small, Counting())
    ((_, _, _, _, *rest),) = contents(small)["page"]
    assert [str(value) for value in rest if str(value).startswith("2022")][-2:] == [
        "2022-01-21 00:00:00.000000", "2022-01-23 00:00:00.000000",
    ]  # fmt: skip


@pytest.fixture
def archive(tmp_path: Path) -> str:
    (tmp_path / "a.jsonl").write_bytes(b"here are pages\n")
    return str(tmp_path / "a.jsonl")


def _breaking(found: list[RawPage]) -> Iterator[RawPage]:
    yield from found
    raise KeyboardInterrupt


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_run_that_breaks_off_is_gone_on_with_where_it_stopped(record: Record, archive: str, jobs: int) -> None:
    found = pages(6, archive=archive)
    with pytest.raises(KeyboardInterrupt):
        add(_breaking(found[:4]), record, Cheap(), jobs, reached=Reached(record))
    reached = Reached(record).get(archive, 0)
    # With several processes some of what was begun is lost with the break, never more than what was kept.
    assert record.counts().articles == reached
    assert reached == 4 or jobs > 1
    add(found[reached:], record, Cheap(), jobs, reached=Reached(record))
    assert record.counts().articles == 6
    assert Reached(record).get(archive) is None


def test_an_archive_that_changed_is_begun_anew(record: Record, archive: str) -> None:
    with pytest.raises(KeyboardInterrupt):
        add(_breaking(pages(3, archive=archive)), record, Cheap(), reached=Reached(record))
    assert Reached(record).get(archive) == 3
    assert Reached(record, "read another way").get(archive) is None
    Path(archive).write_bytes(b"here are other pages\n")
    assert Reached(record).get(archive) is None


def test_lines_are_not_passed_over_once_all_were_read(record: Record, tmp_path: Path) -> None:
    path = tmp_path / "lines.jsonl"
    path.write_bytes(b"\n".join(page.data for page in pages(3)))

    def once() -> Added:
        reached = Reached(record)
        return add(raw_pages([str(path)], after=reached), record, Cheap(), reached=reached)

    with pytest.raises(KeyboardInterrupt):
        add(_breaking(list(raw_pages([str(path)]))[:1]), record, Cheap(), reached=Reached(record))  # type: ignore[arg-type]
    assert once() == Added(added=2)
    assert once() == Added(already_there=3)


def _beside(where: str, start: int) -> None:
    # Each in an order of its own, so that they meet at different pages.
    given = pages(30)
    random.Random(start).shuffle(given)
    with Record(where) as record:
        add(given, record, Cheap())


@pytest.mark.parametrize("processes", [2, 4])
def test_processes_add_the_same_at_once_each_article_once(where: str, processes: int) -> None:
    context = get_context("fork")
    running = [context.Process(target=_beside, args=(where, start)) for start in range(processes)]
    for process in running:
        process.start()
    for process in running:
        process.join(60)
    assert [process.exitcode for process in running] == [0] * processes
    with Record(where) as record:
        assert broken(record) == []
        counts = record.counts()
        assert (counts.pages, counts.articles, counts.readings) == (30, 30, {"cheap 1": 30})


def _open(where: str) -> None:
    Record(where).close()


def test_processes_make_a_new_record_at_once(new: Callable[[], str]) -> None:
    context = get_context("fork")
    for _ in range(5):
        where = new()
        running = [context.Process(target=_open, args=(where,)) for _ in range(4)]
        for process in running:
            process.start()
        for process in running:
            process.join(60)
        assert [process.exitcode for process in running] == [0] * 4


def _revise(where: str, word: int) -> None:
    with Record(where) as record:
        for turn in range(5):
            text = f"The ministers met for talks number {turn} of round {word} in Geneva."
            add([RawPage(line("a1", text), "l", "json")], record, Cheap())


def test_processes_revise_one_article_at_once_and_no_revision_is_lost(where: str) -> None:
    context = get_context("fork")
    running = [context.Process(target=_revise, args=(where, word)) for word in range(3)]
    for process in running:
        process.start()
    for process in running:
        process.join(60)
    assert [process.exitcode for process in running] == [0, 0, 0]
    with Record(where) as record:
        assert broken(record) == []
        assert record.counts().articles == 15


class Crash(BaseException):
    """As a process that ends: nothing catches it."""


def test_a_crash_at_any_statement_leaves_all_of_an_article_or_nothing(where: str) -> None:
    given = pages(1, archive=__file__)
    with Record(where) as record:
        empty = contents(record)
    for last in range(1, 100):
        left = last

        def crash(*_: Any) -> None:
            nonlocal left
            left -= 1
            if left == 0:
                raise Crash

        with Record(where) as record:
            event.listen(Engine, "before_cursor_execute", crash)
            try:
                add(given, record, Cheap(), reached=Reached(record))
                break
            except Crash:
                pass
            finally:
                event.remove(Engine, "before_cursor_execute", crash)
            assert broken(record) == []
            now = contents(record)
            whole = all(len(now[name]) == 1 for name in ("page", "article", "reading", "archive_position"))
            # Once all is kept, what is left is to forget how far the archive was read.
            assert whole or now == empty
            if whole:
                break
    # Looking up, the page, the reading, the article, the reason that falls away, the position at the least.
    assert last > 6
    with Record(where) as record:
        assert broken(record) == []
        assert record.counts().readings == {"cheap 1": 1}
        add(given, record, Cheap(), reached=Reached(record))
        assert Reached(record).get(__file__) is None


def test_killed_processes_leave_the_record_whole(new: Callable[[], str]) -> None:
    torture(new, 6, 60, random.Random(), lambda line: None)


@pytest.fixture(scope="module")
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Record]:
    with Record(tmp_path_factory.mktemp("lasting") / "record.db") as opened:
        yield opened


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(min_size=1).filter(str.strip), st.booleans())
def test_the_text_kept_is_what_cleaning_gives_and_spans_are_its_words(lasting: Record, text: str, html: bool) -> None:
    """Whatever the words: what is kept is byte for byte the article's text, and evidence points at it."""
    name = f"p{lasting.counts().pages}"
    page = f"<article><h1>Talks</h1><p>The ministers met on Friday. {text}</p></article>"
    body = {"html": page} if html else {"text": text}
    raw = RawPage(json.dumps({"id": name} | body).encode(), name, "json")
    add([raw], lasting, Cheap())
    try:
        cleaned = article_of(raw)
    except SourceError:
        assert name not in {a.id for a in lasting.articles()}
        return
    kept = {r.article.id: r for r in lasting.readings()}[name]
    assert kept.article.text.encode() == cleaned.text.encode()
    for statement in kept.statements:
        assert statement.text == kept.article.text[statement.start : statement.end]
    assert kept == Reading.model_validate_json(Cheap().read_article(cleaned).to_json())


def test_the_examples_are_kept_as_they_are_cleaned(small: Record) -> None:
    folder = str(Path(__file__).parents[2] / "examples")
    cleaned = [item for item in articles([folder]) if isinstance(item, Article)]
    tally = add(raw_pages([folder]), small, Cheap())
    assert tally.added == len([a for a in cleaned if a.language == "en"])
    assert list(small.articles()) == cleaned
