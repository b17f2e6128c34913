"""One source and what was seen of it → what is new there, and what has now been seen.

A source on the web is asked for through `Get`; folders and maildirs are read here, and nothing in them is moved,
marked or deleted. Nothing is kept by this module: the caller keeps the state, and hands it in again.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Protocol

from pydantic import BaseModel, ConfigDict, Field

from detente.errors import Empty, SourceError
from detente.intake.discover import listed
from detente.intake.entries import Entry, key
from detente.intake.feeds import read_feed
from detente.intake.limits import MAX_LISTED, MAX_SEEN, MAX_SITEMAP_DEPTH, MAX_SITEMAPS
from detente.intake.local import Batch, read_folder, read_maildir
from detente.intake.raw import RawPage
from detente.intake.sitemaps import Child, read_sitemap
from detente.intake.source_list import Kind, Source

_EPOCH = datetime(1, 1, 1, tzinfo=UTC)


class Answer(Protocol):
    """What an address gave; `data` is empty where it was not modified since."""

    @property
    def data(self) -> bytes:
        """The bytes."""

    @property
    def url(self) -> str:
        """The address after redirects."""

    @property
    def charset(self) -> str | None:
        """What the server declared."""

    @property
    def not_modified(self) -> bool:
        """Whether the server said that nothing changed (HTTP 304)."""

    @property
    def headers(self) -> Mapping[str, str]:
        """Those of HTTP, lower-case names."""

    @property
    def fetched_at(self) -> datetime | None:
        """When, with a time zone."""


class Get(Protocol):
    """Fetches an address, conditionally where the last answer's validators (RFC 9110, section 13) are given."""

    def __call__(self, url: str, *, etag: str | None = None, last_modified: str | None = None) -> Answer:
        """Raises SourceError."""


class State(BaseModel):
    """What a source's last look left: the server's validators, and each thing seen with a fingerprint of its form.

    `seen` holds at most MAX_SEEN pairs of short hashes, those met last in front.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    etag: str | None = None
    last_modified: str | None = None
    seen: tuple[tuple[str, str], ...] = Field(default=(), max_length=MAX_SEEN)


class Poll(BaseModel):
    """What one look at a source gave: new or changed entries (feed, sitemap, page) or pages (folder, maildir).

    `state` is what the next look takes. `listed` counts all that the source names now, None where it says that nothing
    changed. `faults` tell, each in one line, what could not be read; the rest was. `more` says that there is more to
    come now (pages are given in bounded portions). `pages` are left out of the JSON form.
    """

    model_config = ConfigDict(frozen=True)

    state: State
    entries: tuple[Entry, ...] = ()
    pages: tuple[RawPage, ...] = Field(default=(), exclude=True)
    listed: int | None = None
    faults: tuple[str, ...] = ()
    more: bool = False


def poll(source: Source, get: Get, state: State | None = None) -> Poll:
    """Look at a source once.

    An entry is new where its address was not seen, and changed where its title, its summary or the moment of its
    update differs from what was seen (a day of publication that moves is none: some sites write the present moment
    there). Raises SourceError where the source as a whole could not be read; the state then stays as it was.
    """
    state = state or State()
    if source.kind == "folder":
        return _local(read_folder(source.address, dict(state.seen)))
    if source.kind == "maildir":
        return _local(read_maildir(source.address, dict(state.seen)))
    answer = get(source.address, etag=state.etag, last_modified=state.last_modified)
    if answer.not_modified:
        return Poll(state=state)
    etag, last_modified = answer.headers.get("etag"), answer.headers.get("last-modified")
    faults: list[str] = []
    kept: dict[str, str] = {}
    if source.kind == "sitemap":
        entries, kept, faults, index = _sitemaps(answer, source.address, get, dict(state.seen))
        if index:
            # An index that stays as it is says nothing of the sitemaps that it names.
            etag = last_modified = None
    elif source.kind == "page":
        entries = list(listed(answer.data, source=source.address, url=answer.url, charset=answer.charset))
    else:
        feed = read_feed(answer.data, source=source.address, url=answer.url, charset=answer.charset)
        entries = list(feed.entries)
        if feed.broken:
            faults.append(f"{source.address}: broken XML, read as far as it goes: tell the site")
    new, seen = _unseen(entries, dict(state.seen), kept)
    following = State(etag=etag, last_modified=last_modified, seen=seen)
    return Poll(state=following, entries=new, listed=len(entries), faults=tuple(faults))


class Tried(BaseModel):
    """What one look at a source found: how much it names, the newest moment among it, and what was wrong."""

    model_config = ConfigDict(frozen=True)

    name: str
    kind: Kind
    listed: int
    newest: datetime | None
    faults: tuple[str, ...]


def tried(source: Source, get: Get) -> Tried | SourceError:
    """Look at a source as for the first time; its error where it could not be read, or names nothing."""
    try:
        found = poll(source, get)
    except SourceError as error:
        return type(error)(source.name, str(error))
    if not found.listed:
        return Empty(source.name, f"{source.address}: it names nothing: check whether it is still in use")
    moments = [m for entry in found.entries if (m := entry.published or entry.updated) is not None]
    return Tried(
        name=source.name, kind=source.kind, listed=found.listed, newest=max(moments, default=None), faults=found.faults
    )


def _unseen(
    entries: Iterable[Entry], seen: dict[str, str], kept: dict[str, str]
) -> tuple[tuple[Entry, ...], tuple[tuple[str, str], ...]]:
    new: list[Entry] = []
    now = dict(kept)
    for entry in entries:
        name = key(entry.url)
        if name in now:
            continue
        now[name] = key(f"{entry.title}\n{entry.summary}\n{entry.updated}")
        if seen.get(name) != now[name]:
            new.append(entry)
    return tuple(new), tuple((now | {k: v for k, v in seen.items() if k not in now}).items())[:MAX_SEEN]


def _sitemaps(
    answer: Answer, address: str, get: Get, seen: dict[str, str]
) -> tuple[list[Entry], dict[str, str], list[str], bool]:
    """The entries of a sitemap and of those that it names, newest first; which of these were read; what failed.

    A sitemap that says to the minute when it changed is left alone until it changes again.
    """
    first = read_sitemap(answer.data, source=address, url=answer.url)
    entries, read, faults = list(first.entries), dict[str, str](), list[str]()
    if first.broken:
        faults.append(f"{address}: broken XML, read as far as it goes: tell the site")
    waiting = [(child, 1) for child in _newest(first.children)]
    met = {answer.url, address}
    asked = 0
    while waiting and asked < MAX_SITEMAPS:
        child, depth = waiting.pop(0)
        name, form = key(child.url), key(str(child.updated))
        if child.url in met:
            continue
        met.add(child.url)
        if child.updated is not None and seen.get(name) == form:
            read[name] = form
            continue
        asked += 1
        try:
            given = get(child.url)
            sitemap = read_sitemap(given.data, source=child.url, url=given.url)
        except SourceError as error:
            faults.append(str(error))
            continue
        read[name] = form
        entries = _latest([*entries, *sitemap.entries])
        if depth < MAX_SITEMAP_DEPTH:
            waiting += [(grandchild, depth + 1) for grandchild in _newest(sitemap.children)]
    return _latest(entries), read, faults, bool(first.children)


def _latest(entries: list[Entry]) -> list[Entry]:
    """The newest entries, at most MAX_LISTED; in a stable order, so that those without dates keep theirs."""
    return sorted(entries, key=lambda entry: entry.published or entry.updated or _EPOCH, reverse=True)[:MAX_LISTED]


def _newest(children: Iterable[Child]) -> list[Child]:
    return sorted(children, key=lambda child: child.updated or _EPOCH, reverse=True)


def _local(batch: Batch) -> Poll:
    return Poll(
        state=State(seen=tuple(batch.seen.items())),
        pages=batch.pages,
        listed=batch.listed,
        faults=batch.faults,
        more=batch.more,
    )
