"""Raw pages in, articles and readings kept: each page looked up, read where it is new, and written in one transaction.

Pages are looked up and written by the process that adds; others only read. A page that is there already is never
parsed. Several processes may add to one record at once.
"""

import hashlib
import os
import signal
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import BinaryIO, Literal, Protocol, Self

from detente.errors import RecordError, SourceError
from detente.intake.article import InputFormat, article_of
from detente.intake.copies import Sketch, sketch
from detente.intake.raw import RawPage
from detente.intake.relevance import not_relevant
from detente.intake.sources import raw_pages
from detente.model import Article, Reading
from detente.reader import Reader, as_day
from detente.record.copies import copy_of, keep_sketch
from detente.record.identity import Identity, identity
from detente.record.store import Kept, Record
from detente.record.unread import Kind, Unread, of_error, of_reading

Outcome = Kept | Kind | Literal["failed"]
"""What became of a page: what keeping it did, why it was not read, or that there was none."""
_AHEAD = 4
"""Pages a process that may wait for their turn, so that memory stays bounded."""


class Reads(Protocol):
    """What reads articles: a `Reader`, or whatever else may be sent to another process. `version` tells two apart."""

    @property
    def version(self) -> str:
        """Changes whenever a reading might."""

    def read_article(self, article: Article) -> Reading:
        """The reading of an article."""


@dataclass(frozen=True, slots=True)
class Added:
    """What adding did, each page counted once.

    `added` pages are new, `revised` ones have new content, `read_again` ones were there and are now read by a newer
    reader, `already_there` ones changed nothing. `unread` counts pages that were kept without being read, by reason;
    `failed` sources gave no page, or one that is none.
    """

    added: int = 0
    revised: int = 0
    read_again: int = 0
    already_there: int = 0
    unread: Mapping[Kind, int] = field(default_factory=dict)
    failed: int = 0

    def __str__(self) -> str:
        """One line for people: `added 12, already there 3, not read 2 (no article 1, language 1)`."""
        counts = {
            "added": self.added,
            "revised": self.revised,
            "read again": self.read_again,
            "already there": self.already_there,
        }
        said = [f"{name} {count:,}" for name, count in counts.items() if count or name in ("added", "already there")]
        if self.unread:
            reasons = ", ".join(f"{kind} {count:,}" for kind, count in self.unread.items())
            said.append(f"not read {sum(self.unread.values()):,} ({reasons})")
        if self.failed:
            said.append(f"failed {self.failed:,}")
        return ", ".join(said)


@dataclass(frozen=True, slots=True)
class _Page:
    """A page on its way. `new` says whether it is to be read; what is not was there already."""

    raw: RawPage
    known: Identity
    new: bool


def _no_one(*_: object) -> None:
    """Who is told where nobody asks."""


@dataclass(frozen=True, slots=True)
class Gate:
    """What is turned away before it is parsed: what is not about states and their people, what copies a kept page."""

    relevant_only: bool = False
    no_copies: bool = False


ALL = Gate()


@dataclass(frozen=True, slots=True)
class _Found:
    """What reading a page gave, and the sketch of its article, by which its copies are known."""

    reading: Reading | Unread
    sketch: Sketch | None = None


class Reached(Mapping[str, int]):
    """Where an earlier run that broke off came to in each archive, by path; nothing of one that ran to its end.

    For `raw_pages(…, after=…)` and `add(…, reached=…)`. `way` is all that decides how pages are read (the reader's
    version, options): read another way, an archive is begun anew, as is one that has changed since.
    """

    def __init__(self, record: Record, *way: object) -> None:
        self._record = record
        self._way = hashlib.blake2b(repr(way).encode(), digest_size=8).hexdigest()

    def key(self, path: str) -> str | None:
        """What an archive goes by while it is added; None for what is no file."""
        try:
            stat = os.stat(path)
        except (OSError, ValueError):
            return None
        return f"{os.path.abspath(path)}|{stat.st_size}|{stat.st_mtime_ns}|{self._way}"

    def __getitem__(self, path: str) -> int:
        key = self.key(path)
        position = self._record.position(key) if key is not None else None
        if position is None:
            raise KeyError(path)
        return position

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def add(
    pages: Iterable[RawPage | SourceError],
    record: Record,
    reader: Reads,
    jobs: int = 1,
    *,
    gate: Gate = ALL,
    reached: Reached | None = None,
    failed: Callable[[SourceError], None] = _no_one,
    done: Callable[[RawPage | SourceError, Outcome], None] = _no_one,
) -> Added:
    """Read what is new of `pages` with `jobs` processes and keep it, each page in one transaction, in their order.

    A page that is there, and that this version of the reader has been at, is not read; nor is what `gate` turns away,
    which is kept with the reason. With `reached` it is kept how far each archive has been read, until its end. `failed`
    is called with each source that failed, `done` after each page with what became of it. What was added before an
    error or interrupt stays. Raises RecordError where the record cannot be written.
    """
    adding = _Adding(record, reader, gate, reached, failed, done)
    return adding.run((item if isinstance(item, SourceError) else adding.look_up(item) for item in pages), jobs)


def add_unread(
    record: Record,
    reader: Reads,
    jobs: int = 1,
    *,
    kind: Kind | None = None,
    failed: Callable[[SourceError], None] = _no_one,
    done: Callable[[RawPage | SourceError, Outcome], None] = _no_one,
) -> Added:
    """Read again the kept pages that were not read, all or those of one reason. Otherwise as `add`."""
    pages = (_Page(record.raw(waiting.page), waiting.known, new=True) for waiting in record.unread(kind))
    return _Adding(record, reader, ALL, None, failed, done).run(pages, jobs)


class _Adding:
    """One run: its counts, and how far each archive has been read."""

    def __init__(
        self,
        record: Record,
        reader: Reads,
        gate: Gate,
        reached: Reached | None,
        failed: Callable[[SourceError], None],
        done: Callable[[RawPage | SourceError, Outcome], None],
    ) -> None:
        self._gate, self._reached = gate, reached
        self._record = record
        self._reader = reader
        self._version = reader.version
        self._failed = failed
        self._done = done
        self._counts: Counter[Kept] = Counter()
        self._unread: Counter[Kind] = Counter()
        self._failures = 0
        self._archives: dict[str, str] = {}
        """The key of each archive that pages came from."""
        self._positions: dict[str, int] = {}
        """Of archives whose last pages were there already: written with the next page."""

    def look_up(self, raw: RawPage) -> _Page:
        known = identity(raw)
        held = self._record.held(known, self._version)
        if held is not None:
            # A file tells no time: that it is there is seen now, which counts where it had changed in between.
            at = raw.fetched_at or (datetime.now(UTC) if not held.latest else held.last_seen)
            if at > held.last_seen:
                self._record.seen(held.page, at)
        return _Page(raw, known, new=held is None or not held.current)

    def run(self, pages: Iterable[_Page | SourceError], jobs: int) -> Added:
        if jobs > 1:
            self._run_beside(pages, jobs)
        else:
            for page in pages:
                if isinstance(page, _Page) and page.new:
                    self._finish(page, _read(page, self._reader, self._gate, self._record))
                else:
                    self._pass(page)
        self._record.forget_positions(self._archives.values())
        return self._tally()

    def _run_beside(self, pages: Iterable[_Page | SourceError], jobs: int) -> None:
        waiting: deque[tuple[_Page | SourceError, Future[_Found] | None]] = deque()
        pool = ProcessPoolExecutor(
            jobs, initializer=_begin_beside, initargs=(self._reader, self._gate, self._record.address)
        )

        def finish_one() -> None:
            page, reading = waiting.popleft()
            if isinstance(page, _Page) and reading is not None:
                self._finish(page, reading.result())
            else:
                self._pass(page)

        try:
            for page in pages:
                if isinstance(page, _Page) and page.new:
                    waiting.append((page, pool.submit(_read_beside, page)))
                else:
                    waiting.append((page, None))
                while len(waiting) >= jobs * _AHEAD:
                    finish_one()
            while waiting:
                finish_one()
        finally:
            # Where it breaks off, what is not begun is not read.
            pool.shutdown(cancel_futures=True)

    def _pass(self, page: _Page | SourceError) -> None:
        """A page that was there already, or a source that gave none."""
        if isinstance(page, SourceError):
            self._fail(page)
            self._done(page, "failed")
            return
        self._counts["already there"] += 1
        self._positions |= self._position(page.raw)
        self._done(page.raw, "already there")

    def _finish(self, page: _Page, found: _Found) -> None:
        """A page that was read: keep it, and with it how far its archive has been read."""
        positions = self._positions | self._position(page.raw)

        def work(_: object) -> Kept:
            kept = self._record.keep(page.raw, page.known, found.reading, self._version)
            held = self._record.held(page.known, self._version) if found.sketch is not None else None
            if held is not None and found.sketch is not None and kept != "already there":
                keep_sketch(self._record, page.known, held.page, found.sketch)
            for source, position in positions.items():
                self._record.set_position(source, position)
            return kept

        kept = self._record.transaction(work)
        self._positions = {}
        why = found.reading if isinstance(found.reading, Unread) else of_reading(found.reading)
        if why is None or kept == "already there":
            self._counts[kept] += 1
            self._done(page.raw, kept)
            return
        self._unread[why.kind] += 1
        if why.kind == "error":
            self._fail(SourceError(page.raw.source, why.words))
        self._done(page.raw, why.kind)

    def _position(self, raw: RawPage) -> dict[str, int]:
        if self._reached is None or raw.archive is None or raw.position is None:
            return {}
        if raw.archive not in self._archives and (key := self._reached.key(raw.archive)) is not None:
            self._archives[raw.archive] = key
        key = self._archives.get(raw.archive)
        return {key: raw.position} if key is not None else {}

    def _fail(self, error: SourceError) -> None:
        self._failures += 1
        self._failed(error)

    def _tally(self) -> Added:
        return Added(
            added=self._counts["added"],
            revised=self._counts["revised"],
            read_again=self._counts["read again"],
            already_there=self._counts["already there"],
            unread=dict(sorted(self._unread.items())),
            failed=self._failures,
        )


def _read(page: _Page, reader: Reads, gate: Gate, record: Record) -> _Found:
    try:
        article = article_of(page.raw)
        if gate.relevant_only and (skipped := not_relevant(page.raw.source, article)) is not None:
            return _Found(Unread("not relevant", skipped.reason, article))
        sketched = sketch(article.text, article.title or "")
        if gate.no_copies and (copied := copy_of(record, page.known, sketched)) is not None:
            return _Found(Unread("copy", f"a copy of page {copied.original}", article), sketched)
        return _Found(reader.read_article(article), sketched)
    except SourceError as error:
        return _Found(of_error(error))
    except RecordError:
        # No fault of the page.
        raise
    except Exception as error:
        # A fault of ours on one page must not end the adding of a hundred thousand: it is kept, to be asked again.
        return _Found(Unread("error", f"its reading failed ({type(error).__name__}: {error})"))


_beside: tuple[Reads, Gate, Record] | None = None
"""In a process that reads for another: its reader, its gate, and the record, in which it looks for copies."""


def _begin_beside(reader: Reads, gate: Gate, where: str) -> None:
    global _beside
    # A terminal sends its interrupt to the whole group: the process that was started answers it, and ends these.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _beside = reader, gate, Record(where)


def _read_beside(page: _Page) -> _Found:
    assert _beside is not None
    return _read(page, *_beside)


class OpenRecord:
    """A record that reads what it is given and tells what it holds; threads and processes may share one.

    Raises UsageError for an address that is none, NewerRecord for a record of a newer detente, RecordError where it
    cannot be opened.
    """

    def __init__(self, where: str | os.PathLike[str] | None = None) -> None:
        self._record = Record(where)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close its connections."""
        self._record.close()

    def articles(self) -> Iterator[Article]:
        """The articles, of each page the content last seen, in the order in which they were added."""
        return self._record.articles()

    def readings(self) -> Iterator[Reading]:
        """The readings, of each page the newest, in the order in which their pages were added."""
        return self._record.readings()

    def add(
        self,
        *sources: str | os.PathLike[str],
        published: date | str | None = None,
        input_format: InputFormat = "auto",
        jobs: int = 1,
        reader: Reader | None = None,
        stdin: BinaryIO | None = None,
        columns: Mapping[str, str] | None = None,
        failed: Callable[[SourceError], None] | None = None,
    ) -> Added:
        """Read files, folders and addresses and keep what they hold; adding the same again changes nothing.

        What broke off inside an archive goes on where it stopped. `columns` says which heading of a table is which
        field. `failed` is called with each source that failed. Raises UsageError where `published` is no date,
        RecordError where the record cannot be written.
        """
        reads, day = reader or Reader(), as_day(published)
        reached = Reached(self._record, reads.version, ALL, day, input_format, columns)
        found = raw_pages(
            [os.fspath(source) for source in sources],
            published=day,
            input_format=input_format,
            stdin=stdin,
            columns=columns,
            after=reached,
        )
        return add(found, self._record, reads, jobs, reached=reached, failed=failed or _no_one)


def open_record(where: str | os.PathLike[str] | None = None) -> OpenRecord:
    """Open a record, making it where it is missing: `with detente.open_record("talks.db") as record: …`.

    `where` is a file's path (SQLite) or `postgresql://…`; without it the environment's DETENTE_RECORD, else
    `detente.db` in the user's data folder. Raises UsageError, NewerRecord or RecordError as `OpenRecord` does.
    """
    return OpenRecord(where)
