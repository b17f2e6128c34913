"""Sources, a record and a fetcher → rounds that look at what is due, fetch what is new there and add it.

What a look found is written down before it is fetched, and crossed out when it is in the record: wherever a process
ends, the next one goes on from there.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from detente.adding import Gate, Outcome, Reads, add
from detente.errors import Empty, SourceError, TooBusy, TooSlow, Unreachable
from detente.intake.fetch import FEEDS, PAGES, SITEMAPS, Fetched, Fetcher, raw_page
from detente.intake.polling import Poll, State, poll
from detente.intake.raw import RawPage
from detente.intake.source_list import Source
from detente.intake.spread import spread
from detente.record.store import PollState, Record
from detente.watching.schedule import due
from detente.watching.status import Status, Told

UNATTENDED = Gate(relevant_only=True, no_copies=True)
"""What is turned away by default: of a day's news most is neither about states nor new, and parsing is the cost."""
LOOKS = 8
"""Sources looked at at once; each host is asked by one at a time all the same."""
ATTEMPTS = 12
"""Times that a page that cannot be had for the moment is asked for before it is given up: within some three days."""
FIRST_REST = timedelta(minutes=1)
"""The rest of such a page after its first failure; each further one doubles it."""
ROUND_SECONDS = 300.0
"""Time for the pages of one round: what is left of a slow site waits for the next, so that the others are looked at."""
MOST_WAITING = 2_000
"""Pages of one source that wait to be fetched; a sitemap that names more is met with its newest."""
_SAVE_SECONDS = 3.0
"""What was fetched since is fetched once more after a crash, and found to be there; a state may be large to write."""
_ACCEPT = {"feed": FEEDS, "sitemap": SITEMAPS, "page": PAGES}
_PASSING = (Empty, TooBusy, TooSlow, Unreachable)


class Waiting(BaseModel):
    """A page that waits to be fetched: how often that failed, and when it is asked for again (None: at once)."""

    model_config = ConfigDict(frozen=True)

    attempts: int = 0
    again: datetime | None = None


class Memory(BaseModel):
    """What is kept of a source between rounds: its poll's state, and the pages that wait, by address.

    `listed` is how many entries it named at the last look that told, `most` how many ever.
    """

    model_config = ConfigDict(frozen=True)

    look: State = State()
    waiting: Mapping[str, Waiting] = {}
    listed: int | None = None
    most: int = 0


@dataclass(frozen=True, slots=True)
class Round:
    """What one round did: sources looked at, and pages added."""

    looked: int
    added: int


def _no_one(_: object) -> None:
    """Who is told where nobody asks."""


class Watch:
    """Looks at `sources` when they are due and adds what is new to `record`, read by `reader` with `jobs` processes.

    What `gate` turns away is kept with the reason. `failed` is called with each page that could not be had or read. One
    thread calls `run` or `round`; `statuses` may be asked from any.
    """

    def __init__(
        self,
        sources: Iterable[Source],
        record: Record,
        reader: Reads,
        fetcher: Fetcher,
        *,
        jobs: int = 1,
        gate: Gate = UNATTENDED,
        failed: Callable[[SourceError], None] = _no_one,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._sources = {source.name: source for source in sources if source.active}
        self._record, self._reader, self._fetcher = record, reader, fetcher
        self._jobs, self._gate, self._failed, self._now = jobs, gate, failed, now
        self._lock = threading.Lock()
        self._memories: dict[str, Memory] = {}
        self._statuses: dict[str, Status] = {}
        self._more: set[str] = set()
        """Folders and maildirs that have more to give at once."""
        begun = now()
        for source in self._sources.values():
            kept = record.poll_state(source.name)
            memory = _memory(kept)
            self._memories[source.name] = memory
            self._statuses[source.name] = Status(
                source,
                since=begun,
                last_polled=kept.last_polled if kept else None,
                last_new=kept.last_new if kept else None,
                failing=kept.failures if kept else 0,
                listed=memory.listed,
                most=memory.most,
                waiting=len(memory.waiting),
            )

    @property
    def statuses(self) -> tuple[Status, ...]:
        """How each source fares, in the order of the list."""
        with self._lock:
            return tuple(self._statuses.values())

    def run(self, stop: threading.Event, rounded: Callable[[Round], None] = _no_one) -> None:
        """Rounds until `stop` is set; what is being read then is finished and kept. `rounded` hears of each round."""
        while not stop.is_set():
            rounded(self.round(stop))
            stop.wait(max(0.0, min(60.0, (self._next() - self._now()).total_seconds())))

    def round(self, stop: threading.Event | None = None) -> Round:
        """Look at what is due, fetch what is new or still waits, and add it. Raises RecordError."""
        stop = stop or threading.Event()
        now = self._now()
        ready = [s for s in self._sources.values() if self._due(s) <= now]
        local = [page for source, found in self._looks(ready, stop) for page in self._noted(source, found)]
        owners = self._waiting()
        added = 0
        if (owners or local) and not stop.is_set():
            added = self._add(local, owners, stop)
        return Round(len(ready), added)

    # -- looking ------------------------------------------------------------------------------------------------------

    def _due(self, source: Source) -> datetime:
        status = self._statuses[source.name]
        if source.name in self._more:
            return self._now()
        # A clock that was put back must not put off a source.
        last = min(status.last_polled, self._now()) if status.last_polled is not None else None
        return due(source, last, status.failing)

    def _next(self) -> datetime:
        moments = [self._due(source) for source in self._sources.values()]
        if any(memory.waiting for memory in self._memories.values()):
            moments.append(self._now() + timedelta(seconds=60))
        return min(moments, default=self._now() + timedelta(seconds=60))

    def _looks(self, ready: list[Source], stop: threading.Event) -> Iterator[tuple[Source, Poll | SourceError]]:
        def look(source: Source) -> Poll | SourceError | None:
            if stop.is_set():
                return None
            try:
                return poll(source, self._get(source), self._memories[source.name].look)
            except SourceError as error:
                return error
            except Exception as error:
                # A fault of ours at one source must not end what runs for weeks.
                return SourceError(source.address, f"looking at it failed ({type(error).__name__}: {error})")

        with ThreadPoolExecutor(LOOKS) as pool:
            for source, found in zip(ready, pool.map(look, ready), strict=True):
                if found is not None and not stop.is_set():
                    yield source, found

    def _get(self, source: Source) -> "_Get":
        return _Get(self._fetcher, source)

    def _noted(self, source: Source, found: Poll | SourceError) -> list[tuple[Source, RawPage, State | None]]:
        """Write down what a look found; the pages of a folder or maildir, the last with the state to keep after it."""
        name, status = source.name, self._statuses[source.name]
        now = self._now()
        if isinstance(found, SourceError):
            status = replace(status, last_polled=now, failing=status.failing + 1, fault=found.message)
            self._set(status, self._memories[name])
            return []
        memory = self._memories[name]
        status = replace(
            status,
            last_polled=now,
            failing=0,
            fault="; ".join(found.faults)[:500],
            listed=found.listed if found.listed is not None else status.listed,
            most=max(status.most, found.listed or 0),
        )
        if found.more:
            self._more.add(name)
        else:
            self._more.discard(name)
        if found.pages:
            self._set(status, memory)
            last = len(found.pages) - 1
            return [(source, page, found.state if n == last else None) for n, page in enumerate(found.pages)]
        waiting = {entry.url: Waiting() for entry in found.entries} | dict(memory.waiting)
        kept = dict(list(waiting.items())[:MOST_WAITING])
        if len(kept) < len(waiting):
            lost = f"more pages than can wait: {len(waiting) - len(kept)} are left out"
            status = replace(status, fault=f"{lost}; {status.fault}".rstrip("; "))
        self._set(status, Memory(look=found.state, waiting=kept, listed=status.listed, most=status.most))
        return []

    # -- fetching and adding ------------------------------------------------------------------------------------------

    def _waiting(self) -> dict[str, Source]:
        """The pages to fetch now, each with the first source that named it."""
        owners: dict[str, Source] = {}
        now = self._now()
        for name, memory in self._memories.items():
            for url, page in memory.waiting.items():
                if page.again is None or page.again <= now:
                    owners.setdefault(url, self._sources[name])
        return owners

    def _add(
        self,
        local: list[tuple[Source, RawPage, State | None]],
        owners: dict[str, Source],
        stop: threading.Event,
    ) -> int:
        order: deque[tuple[Source, str | None, State | None]] = deque()
        """Whose each page is that went in and has not come out: pages come out in the order in which they went in."""
        saved = time.monotonic()

        def pages() -> Iterator[RawPage | SourceError]:
            for source, page, state in local:
                if stop.is_set():
                    return
                order.append((source, None, state))
                yield page
            found = spread(self._fetched, owners)
            over = time.monotonic() + ROUND_SECONDS
            try:
                for url, got in found:
                    if stop.is_set() or time.monotonic() > over:
                        return
                    order.append((owners[url], url, None))
                    yield got if isinstance(got, SourceError) else raw_page(got)
            finally:
                found.close()

        def done(page: RawPage | SourceError, outcome: Outcome) -> None:
            nonlocal saved
            source, url, state = order.popleft()
            save = time.monotonic() - saved > _SAVE_SECONDS
            if save:
                saved = time.monotonic()
            self._came(source, url, state, page, outcome, save=save)

        try:
            return add(
                pages(), self._record, self._reader, self._jobs, gate=self._gate, failed=self._failed, done=done
            ).added
        finally:
            for name in {source.name for source in (*owners.values(), *(source for source, _, _ in local))}:
                self._set(self._statuses[name], self._memories[name])

    def _fetched(self, url: str) -> Fetched:
        return self._fetcher.get(url)

    def _came(
        self,
        source: Source,
        url: str | None,
        state: State | None,
        page: RawPage | SourceError,
        outcome: Outcome,
        *,
        save: bool,
    ) -> None:
        """Cross out a page that is in the record, or count an attempt that failed."""
        if state is not None:
            self._memories[source.name] = self._memories[source.name].model_copy(update={"look": state})
            save = True
        for name, memory in list(self._memories.items()):
            if url is not None and url in memory.waiting:
                waiting = dict(memory.waiting)
                attempts = waiting.pop(url).attempts + 1
                if isinstance(page, _PASSING) and attempts < ATTEMPTS:
                    waiting[url] = Waiting(attempts=attempts, again=self._now() + FIRST_REST * 2 ** (attempts - 1))
                changed = memory.model_copy(update={"waiting": waiting})
                if name == source.name:
                    self._memories[name] = changed
                else:
                    self._set(self._statuses[name], changed, save=save)
        status = self._statuses[source.name].counted(_told(outcome))
        if isinstance(page, SourceError):
            status = replace(status, fault=str(page)[:500])
        elif outcome != "already there":
            status = replace(status, last_new=self._now())
        self._set(status, self._memories[source.name], save=save)

    def _set(self, status: Status, memory: Memory, *, save: bool = True) -> None:
        name = status.source.name
        self._memories[name] = memory
        status = replace(status, waiting=len(memory.waiting))
        with self._lock:
            self._statuses[name] = status
        if save:
            kept: dict[str, Any] = memory.model_dump(mode="json")
            self._record.save_poll(name, PollState(kept, status.last_polled, status.last_new, status.failing))


@dataclass(frozen=True, slots=True)
class _Get:
    """Fetches for one source's look, accepting what its kind is made of."""

    fetcher: Fetcher
    source: Source

    def __call__(self, url: str, *, etag: str | None = None, last_modified: str | None = None) -> Fetched:
        accept = _ACCEPT[self.source.kind]
        return self.fetcher.get(url, etag=etag, last_modified=last_modified, accept=accept)


def _memory(kept: PollState | None) -> Memory:
    """What was kept of a source; nothing where another detente kept it in another form."""
    try:
        return Memory.model_validate(kept.state) if kept is not None and kept.state else Memory()
    except ValidationError:
        return Memory()


def _told(outcome: Outcome) -> Told:
    if outcome in ("failed", "error"):
        return "failed"
    if outcome == "copy":
        return "copy"
    if outcome == "already there":
        return "known"
    return "new" if outcome in ("added", "revised", "read again") else "unread"
