"""Pages in, readings out: intake and reading joined, for one page or many, in one process or several."""

import signal
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from os import PathLike, fspath
from threading import Lock
from typing import TYPE_CHECKING, BinaryIO

from detente.errors import SourceError, UsageError
from detente.intake import InputFormat, article_from_text, article_of, raw_pages
from detente.intake.raw import RawPage
from detente.intake.relevance import Skipped, not_relevant
from detente.intake.sources import name_of
from detente.intake.tally import Tally
from detente.model import Article, Reading
from detente.reading.coder.report import CoderReport
from detente.reading.coder.spec import Coder

if TYPE_CHECKING:
    from detente.reading.coder.step import SecondReader

_FIRST_DAY, _LAST_DAY = date(1600, 1, 1), date(2200, 12, 31)
"""The days on which a page can have appeared: newspapers begin in the 17th century."""
_AHEAD = 4
"""Pages a process that may wait for their turn, so that memory stays bounded."""


_ADDING = Lock()
"""Held while a report is added to a reader's; of the module, as a reader that holds a lock could not be sent on."""
_Read = tuple[Reading, CoderReport | None]


def _load() -> None:
    # Imported where it is used: what needs no parser (cleaning, help) starts without loading one.
    from detente.reading.syntax import parser

    parser()


def second_reader(coder: Coder) -> "SecondReader":
    """A coder ready to be asked."""
    # What asks an address is loaded only where one is set.
    from detente.reading.coder.step import SecondReader

    return SecondReader(coder)


def _read(article: Article, second: "SecondReader | None", least: float | None) -> _Read:
    from detente.reading import pipeline
    from detente.reading.confidence import EVEN

    bound = EVEN if least is None else least
    reading, draft = pipeline.read_draft(article, bound, second.coder if second is not None else None)
    return reading, draft.coded


@dataclass(frozen=True, slots=True)
class _Way:
    """How pages are read. A second reader remembers from page to page how its address answers."""

    second: "SecondReader | None"
    least: float | None
    relevant_only: bool

    def read(self, raw: RawPage) -> _Read | Skipped | SourceError:
        try:
            article = article_of(raw)
        except SourceError as error:
            return error
        why = not_relevant(name_of(raw, article), article) if self.relevant_only else None
        return why or _read(article, self.second, self.least)


_way: _Way | None = None
"""In a process that reads for another: how."""


def _load_beside(coder: Coder | None, least: float | None, relevant_only: bool) -> None:
    global _way
    # A terminal sends its interrupt to the whole group: the process that was started answers it, and ends these.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _way = _Way(second_reader(coder) if coder is not None else None, least, relevant_only)
    _load()


def _read_beside(raw: RawPage) -> _Read | Skipped | SourceError:
    assert _way is not None
    return _way.read(raw)


def as_day(value: date | str | None) -> date | None:
    """A page's day, given as a date or in ISO 8601 (`2022-01-21`). Raises UsageError where it is none."""
    try:
        day = date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        day = date.min
    if day is None or (isinstance(day, date) and _FIRST_DAY <= date(day.year, day.month, day.day) <= _LAST_DAY):
        return day
    raise UsageError(f"{value!r} is no date of a page; give it as YYYY-MM-DD, such as 2022-01-21")


class Reader:
    """Loads the parser once and reads many pages. Safe to share between threads, and to send to other processes.

    `coder` is an optional second reader, as `openai:MODEL@ADDRESS` or a `Coder`: a language model that is asked about
    candidate sentences. Events less likely than `min_confidence` are left out; without it, those below even odds.
    Raises UsageError where a coder is not named so, or the bound is not between 0 and 1.
    """

    def __init__(self, *, coder: Coder | str | None = None, min_confidence: float | None = None) -> None:
        if min_confidence is not None and not 0 <= min_confidence <= 1:
            raise UsageError(f"{min_confidence} is no probability; give min_confidence between 0 and 1")
        self._least = min_confidence
        self._coder = Coder.named(coder) if isinstance(coder, str) else coder
        self._second = second_reader(self._coder) if self._coder is not None else None
        self._report = CoderReport(coder=self._coder.name) if self._coder is not None else None
        _load()

    @property
    def version(self) -> str:
        """The version of what reads: the package's, a digest of its code and tables, and the options that matter."""
        from detente.reading.version import reading_version

        options = {"min_confidence": self._least, "coder": self._coder.name if self._coder is not None else None}
        named = (f"{name}={value}" for name, value in options.items() if value is not None)
        return " ".join([reading_version(), *named])

    def read(
        self,
        source: str | PathLike[str],
        *,
        published: date | str | None = None,
        input_format: InputFormat = "auto",
    ) -> Reading:
        """Read one page: a file's path or an http(s) address.

        Raises SourceError where it cannot be read, UsageError where `published` is no date or the source holds
        several articles (use `read_all`).
        """
        found = list(self.read_all([source], published=published, input_format=input_format))
        if len(found) != 1:
            raise UsageError(f"{fspath(source)} holds {len(found)} articles; use read_all for several")
        if isinstance(found[0], SourceError):
            raise found[0]
        return found[0]

    def read_text(
        self, text: str, *, title: str | None = None, url: str | None = None, published: date | str | None = None
    ) -> Reading:
        """Read an article's text. Raises UsageError where `published` is no date, SourceError for no words."""
        return self.read_article(article_from_text(text, title=title, url=url, published=as_day(published)))

    def read_article(self, article: Article) -> Reading:
        """Read an article that intake has made."""
        return self._add(_read(article, self._second, self._least))

    def coder_report(self) -> CoderReport | None:
        """What the second reader was asked and answered on all pages so far; None where there is none.

        Pages read in other processes are in it too, those of a copy that was sent to one are not.
        """
        return self._report

    def _add(self, read: _Read) -> Reading:
        reading, report = read
        if report is not None and self._report is not None:
            with _ADDING:
                self._report = self._report + report
        return reading

    def read_all(
        self,
        sources: Iterable[str | PathLike[str]],
        *,
        published: date | str | None = None,
        input_format: InputFormat = "auto",
        jobs: int = 1,
        stdin: BinaryIO | None = None,
        columns: Mapping[str, str] | None = None,
        tally: Tally | None = None,
        skipped: list[Skipped] | None = None,
    ) -> Iterator[Reading | SourceError]:
        """Read files, folders, archives, tables and addresses, one reading or error a page, in order.

        Memory stays bounded.
        `jobs` is the number of processes, which clean and read; `stdin` is what `-` stands for; `columns` says which
        heading of a table is which field (`{"text": "body"}`); `tally` counts what archives and tables hold. Where a
        list `skipped` is given, only pages about states, peoples and their governments are read, and the others added
        to it with the reason. Raises UsageError where `published` is none, or `columns` go with a form that has none.
        """
        found = raw_pages(
            [fspath(s) for s in sources],
            published=as_day(published),
            input_format=input_format,
            stdin=stdin,
            columns=columns,
            tally=tally,
        )
        way = _Way(self._second, self._least, skipped is not None)
        read: Iterator[_Read | Skipped | SourceError]
        if jobs <= 1:
            read = (raw if isinstance(raw, SourceError) else way.read(raw) for raw in found)
        else:
            read = _in_processes(found, jobs, (self._coder, self._least, way.relevant_only))
        return self._kept(read, skipped if skipped is not None else [])

    def _kept(
        self, found: Iterator[_Read | Skipped | SourceError], skipped: list[Skipped]
    ) -> Iterator[Reading | SourceError]:
        for item in found:
            if isinstance(item, Skipped):
                skipped.append(item)
            else:
                yield item if isinstance(item, SourceError) else self._add(item)


def _in_processes(
    found: Iterator[RawPage | SourceError], jobs: int, way: tuple[Coder | None, float | None, bool]
) -> Iterator[_Read | Skipped | SourceError]:
    pool = ProcessPoolExecutor(max_workers=jobs, initializer=_load_beside, initargs=way)
    try:
        waiting: list[Future[_Read | Skipped | SourceError] | SourceError] = []
        for item in found:
            waiting.append(item if isinstance(item, SourceError) else pool.submit(_read_beside, item))
            while len(waiting) >= jobs * _AHEAD:
                first = waiting.pop(0)
                yield first if isinstance(first, SourceError) else first.result()
        for rest in waiting:
            yield rest if isinstance(rest, SourceError) else rest.result()
    finally:
        # Where nobody asks for more, what is not begun is not read.
        pool.shutdown(cancel_futures=True)


def read(
    source: str | PathLike[str], *, published: date | str | None = None, input_format: InputFormat = "auto"
) -> Reading:
    """Read one page into its record: `detente.read("page.html", published="2022-01-22")`.

    `source` is a file's path or an http(s) address; `published` the day it appeared, where the page does not say.
    Raises SourceError where the page cannot be read and UsageError where `published` is no date.
    """
    return Reader().read(source, published=published, input_format=input_format)
