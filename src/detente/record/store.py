"""Raw pages and what was read from them in; articles, readings and what is still unread out."""

import os
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Literal, Self, TypeVar

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    and_,
    delete,
    exists,
    func,
    inspect,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from tenacity import Retrying, retry_if_exception, stop_after_delay, wait_random_exponential

from detente.errors import RecordError
from detente.intake.raw import RawPage
from detente.model import Article, Reading
from detente.record import raws
from detente.record.address import address
from detente.record.engine import BUSY_SECONDS, Raced, connect, passes
from detente.record.identity import Identity
from detente.record.schema import (
    NEWEST,
    archive_position,
    article,
    band,
    copy,
    page,
    poll_state,
    reading,
    sketch,
    unread,
)
from detente.record.unread import Kind, Unread, of_reading

T = TypeVar("T")
Kept = Literal["added", "revised", "read again", "already there"]
"""What keeping a page did: a new page, new content of a page, an older page read by a newer reader, nothing."""
_MIGRATING = 0x64657465
"""Names the lock that a process holds while it makes tables; PostgreSQL's advisory locks are numbers."""
_BATCH = 200


@dataclass(frozen=True, slots=True)
class Held:
    """A page that is there: its number, and when its bytes were last seen.

    `current` says whether this reader has been at it, `latest` whether no other content was seen since.
    """

    page: int
    last_seen: datetime
    current: bool
    latest: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """A page that was not read, by its number in the record and its identity: why, and what it is called."""

    page: int
    known: Identity
    why: Unread
    source: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PollState:
    """How the polling of a source stands. `state` is the poller's own; `failures` counts those in a row."""

    state: Mapping[str, Any]
    last_polled: datetime | None = None
    last_new: datetime | None = None
    failures: int = 0


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An article that shares bands with another: its page's number, its sketch, and the page that it is a copy of."""

    page: int
    sketch: bytes
    original: int | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """How much a record holds; `size` in bytes, on disk."""

    pages: int
    articles: int
    copies: int
    """Articles that are copies of others."""
    readings: Mapping[str, int]
    """Readings by the version of their reader."""
    unread: Mapping[str, int]
    """Pages not read, by reason."""
    size: int


class Record:
    """What was read, kept in one SQLite file or one PostgreSQL database. Threads and processes may share it.

    `where` is a file's path or `postgresql://…`; without it the environment's DETENTE_RECORD, else `detente.db` in the
    user's data folder. Opening makes what is missing, unless `create` is False. Raises UsageError for an address that
    is none, NewerRecord for a record of a newer detente, RecordError where it cannot be opened.

    Every write of a page may be repeated: what is there already is not written again. Readings are never overwritten.
    """

    def __init__(self, where: str | os.PathLike[str] | None = None, *, create: bool = True) -> None:
        self._address = address(where)
        self._here = threading.local()
        file = self._address.file
        if file is not None:
            if not create and not file.is_file():
                raise RecordError(f"{self.where}: no record there: detente add makes one")
            try:
                file.parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise RecordError(f"{self.where}: its folder cannot be made ({error.strerror or error})") from error
        try:
            self._engine = connect(self._address)
        except ModuleNotFoundError as error:
            raise RecordError("PostgreSQL needs psycopg: pip install 'detente[postgresql]'") from error
        self._insert = sqlite.insert if self._engine.dialect.name == "sqlite" else postgresql.insert
        try:
            if self._ask(_version) != NEWEST:
                self.transaction(self._migrate)
        except BaseException:
            self._engine.dispose()
            raise

    @property
    def where(self) -> str:
        """Its address, fit to be shown: without a password."""
        return self._address.shown

    @property
    def address(self) -> str:
        """Its address as another process opens it, a password in it included: never to be shown."""
        return self._address.whole

    def close(self) -> None:
        """Close its connections."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # -- transactions ----------------------------------------------------------------------------------------------

    def transaction(self, work: Callable[[Connection], T]) -> T:
        """Do `work` in one transaction: all of it is kept or nothing.

        Writes of the record that `work` calls belong to it. Where another process is in the way, `work` is done again
        from its beginning. Raises RecordError where the database does not do it.
        """
        connection: Connection | None = getattr(self._here, "connection", None)
        if connection is not None:
            return work(connection)
        return self._trying(self._once, work)

    def _once(self, work: Callable[[Connection], T]) -> T:
        with self._engine.execution_options(writes=True).begin() as connection:
            self._here.connection = connection
            try:
                return work(connection)
            finally:
                self._here.connection = None

    def _ask(self, work: Callable[[Connection], T]) -> T:
        connection: Connection | None = getattr(self._here, "connection", None)
        if connection is not None:
            return work(connection)
        return self._trying(self._look, work)

    def _look(self, work: Callable[[Connection], T]) -> T:
        with self._engine.connect() as connection:
            return work(connection)

    def _trying(self, do: Callable[[Callable[[Connection], T]], T], work: Callable[[Connection], T]) -> T:
        """Again where another process was in the way: looking may find it so too, while a new file is made."""
        tries = Retrying(
            retry=retry_if_exception(passes),
            wait=wait_random_exponential(multiplier=0.01, max=1),
            stop=stop_after_delay(BUSY_SECONDS),
            reraise=True,
        )
        try:
            done: T = tries(do, work)
            return done
        except (SQLAlchemyError, Raced) as error:
            raise self._failed(error) from error

    def _failed(self, error: Exception) -> RecordError:
        # Of the driver's own words the first line: those of SQLAlchemy bring the statement and its values.
        words = str(error.orig if isinstance(error, DBAPIError) else error).strip().splitlines() or [""]
        said = words[0]
        secrets = (self._address.url.password, self._address.url.query.get("password"))
        if any(secret and str(secret) in said for secret in secrets):
            # Nothing of the words is shown: what is left around a short password would give it away.
            said = type(error).__name__
        return RecordError(f"{self.where}: the record cannot be used ({said}): check the address, disk and permissions")

    def _migrate(self, connection: Connection) -> None:
        from detente.record.migrations import upgrade

        if self._address.file is None:
            connection.execute(select(func.pg_advisory_xact_lock(_MIGRATING)))
        elif "alembic_version" not in (names := inspect(connection).get_table_names()) and names:
            raise RecordError(f"{self.where}: a database of something else: give another file")
        upgrade(connection)

    # -- pages and what was read from them -------------------------------------------------------------------------

    def held(self, known: Identity, reader: str) -> Held | None:
        """The page of that identity, None where it is not there. `reader` is the version that would read it."""

        def work(connection: Connection) -> Held | None:
            at_it = or_(
                exists().where(reading.c.page == page.c.number, reading.c.reader == reader),
                exists().where(unread.c.page == page.c.number, unread.c.reader == reader),
            )
            asked = select(page.c.number, page.c.last_seen, at_it, _outdone()).where(*_same(known))
            row = connection.execute(asked).one_or_none()
            return Held(row[0], row[1], bool(row[2]), not row[3]) if row is not None else None

        return self._ask(work)

    def keep(self, raw: RawPage, known: Identity, found: Reading | Unread, reader: str) -> Kept:
        """Keep a page and what the reader of that version found in it, in one transaction; say what that changed.

        A page of the same key with other content becomes a revision of it. A reader that has not been at the page yet
        adds a revision of its reading; older readings stay.
        """

        def work(connection: Connection) -> Kept:
            number, revision = self._keep_page(connection, raw, known)
            wrote = self._keep_found(connection, number, found, reader)
            if revision is not None:
                return "added" if revision == 1 else "revised"
            return "read again" if wrote else "already there"

        return self.transaction(work)

    def seen(self, number: int, at: datetime) -> None:
        """The bytes of a page were fetched once more, at that time."""
        self.transaction(
            lambda c: c.execute(update(page).where(page.c.number == number, page.c.last_seen < at).values(last_seen=at))
        )

    def _keep_page(self, connection: Connection, raw: RawPage, known: Identity) -> tuple[int, int | None]:
        """Its number, and its revision where it is new."""
        next_one = select(func.coalesce(func.max(page.c.revision), 0) + 1).where(page.c.key == known.key)
        made = connection.execute(
            self._insert(page)
            .values(
                key=known.key,
                content=known.content,
                revision=next_one.scalar_subquery(),
                **raws.to_columns(raw, datetime.now(UTC)),
            )
            .on_conflict_do_nothing()
            .returning(page.c.number, page.c.revision)
        ).one_or_none()
        if made is not None:
            return made[0], made[1]
        number = connection.scalar(select(page.c.number).where(*_same(known)))
        if number is None:
            # The conflict was about the revision: another process has just added other content of this page.
            raise Raced(f"page {known.key}")
        if raw.fetched_at is not None:
            self.seen(number, raw.fetched_at)
        return number, None

    def _keep_found(self, connection: Connection, number: int, found: Reading | Unread, reader: str) -> bool:
        """Whether that changed anything."""
        if isinstance(found, Unread):
            return self._keep_unread(connection, number, found, reader)
        next_one = select(func.coalesce(func.max(reading.c.revision), 0) + 1).where(reading.c.page == number)
        made = connection.execute(
            self._insert(reading)
            .values(
                page=number,
                revision=next_one.scalar_subquery(),
                reader=reader,
                made_at=datetime.now(UTC),
                whole=found.to_json(),
            )
            .on_conflict_do_nothing()
            .returning(reading.c.revision)
        ).one_or_none()
        if made is None:
            by_it = select(reading.c.revision).where(reading.c.page == number, reading.c.reader == reader)
            if connection.execute(by_it).one_or_none() is None:
                raise Raced(f"reading of page {number}")
            return False
        why = of_reading(found)
        if why is not None:
            self._keep_unread(connection, number, why, reader)
        else:
            self._keep_article(connection, number, found.article)
            connection.execute(delete(unread).where(unread.c.page == number))
        return True

    def _keep_unread(self, connection: Connection, number: int, why: Unread, reader: str) -> bool:
        values = {"kind": why.kind, "words": why.words, "reader": reader, "at": datetime.now(UTC)}
        made = connection.execute(
            self._insert(unread)
            .values(page=number, **values)
            .on_conflict_do_update(index_elements=["page"], set_=values, where=unread.c.reader != reader)
            .returning(unread.c.page)
        ).one_or_none()
        if made is not None and why.article is not None:
            self._keep_article(connection, number, why.article)
        return made is not None

    def _keep_article(self, connection: Connection, number: int, found: Article) -> None:
        values = {
            "id": found.id,
            "url": found.url,
            "site": found.site,
            "title": found.title,
            "published": found.published,
            "language": found.language,
            "text": found.text,
            "whole": found.model_dump_json(),
        }
        connection.execute(
            self._insert(article)
            .values(page=number, **values)
            .on_conflict_do_update(index_elements=["page"], set_=values)
        )

    def articles(self) -> Iterator[Article]:
        """The articles, of each page the content last seen, in the order in which they were added."""
        for _, whole in self._newest(article, article.c.whole):
            yield Article.model_validate_json(whole)

    def readings(self) -> Iterator[Reading]:
        """The readings, of each page the newest, in the order in which their pages were added.

        Of a page the content last seen counts, and of its readings the one added last.
        """
        of_page = reading.alias()
        last = select(func.max(of_page.c.revision)).where(of_page.c.page == reading.c.page).scalar_subquery()
        for _, whole in self._newest(reading, reading.c.whole, reading.c.revision == last):
            yield Reading.model_validate_json(whole)

    def _newest(
        self, table: Table, column: ColumnElement[str], *also: ColumnElement[bool]
    ) -> Iterator[tuple[int, str]]:
        """The rows of the contents last seen that have one, in batches, so that nobody waits for a long transaction."""
        rows = select(page.c.number, column).join(table, table.c.page == page.c.number).where(~_outdone(table), *also)
        yield from self._batches(lambda after: rows.where(page.c.number > after))

    def _batches(self, asked: Callable[[int], Any]) -> Iterator[Any]:
        """All rows of a question that begins after a page's number, and whose first column is that number."""
        after = 0
        while True:
            batch = self._ask(
                lambda c, after=after: c.execute(asked(after).order_by(page.c.number).limit(_BATCH)).all()  # type: ignore[misc]
            )
            yield from batch
            if len(batch) < _BATCH:
                return
            after = batch[-1][0]

    def revisions(self) -> Iterator[tuple[int, int]]:
        """The page's number of each content that is not its page's first, and that of the content before it."""
        before = page.alias()
        rows = select(page.c.number, before.c.number).join(
            before, and_(before.c.key == page.c.key, before.c.revision == page.c.revision - 1)
        )
        yield from self._batches(lambda after: rows.where(page.c.number > after))

    def seen_first(self, number: int) -> tuple[str, datetime]:
        """What the source of a page was called, and when its content was first seen. Raises RecordError."""
        row = self._ask(
            lambda c: c.execute(select(page.c.source, page.c.first_seen).where(page.c.number == number)).one_or_none()
        )
        if row is None:
            raise self._no_page(number)
        return row[0], row[1]

    def article_of(self, number: int) -> Article | None:
        """The article of a page, None where none was found in it."""
        whole = self._ask(lambda c: c.scalar(select(article.c.whole).where(article.c.page == number)))
        return Article.model_validate_json(whole) if whole is not None else None

    def reading_of(self, number: int) -> Reading | None:
        """The newest reading of a page, None where it was not read."""
        rows = select(reading.c.whole).where(reading.c.page == number).order_by(reading.c.revision.desc()).limit(1)
        whole = self._ask(lambda c: c.scalar(rows))
        return Reading.model_validate_json(whole) if whole is not None else None

    def unread(self, kind: Kind | None = None) -> Iterator[Waiting]:
        """The pages that were not read, or those of one reason, in the order in which they were added.

        A content in whose place another was seen since is left out.
        """
        rows = select(page.c.number, page.c.key, page.c.content, page.c.source, unread).join(
            unread, unread.c.page == page.c.number
        )
        rows = rows.where(~_outdone())
        if kind is not None:
            rows = rows.where(unread.c.kind == kind)
        for row in self._batches(lambda after: rows.where(page.c.number > after)):
            why = Unread(row.kind, row.words)
            yield Waiting(row.number, Identity(row.key, row.content), why, row.source, row.at)

    def raw(self, number: int) -> RawPage:
        """A page as it came. Raises RecordError where the record holds none of that number."""
        row = self._ask(lambda c: c.execute(select(page).where(page.c.number == number)).mappings().one_or_none())
        if row is None:
            raise self._no_page(number)
        return raws.from_columns(row)

    def _no_page(self, number: int) -> RecordError:
        return RecordError(f"{self.where}: holds no page {number}")

    def counts(self) -> Counts:
        """How much there is."""

        def number_of(connection: Connection, table: Table) -> int:
            return connection.scalar(select(func.count()).select_from(table)) or 0

        def unread_by(connection: Connection) -> dict[str, int]:
            rows = select(unread.c.kind, func.count()).join(page, page.c.number == unread.c.page).where(~_outdone())
            found = connection.execute(rows.group_by(unread.c.kind).order_by(unread.c.kind))
            return {row[0]: row[1] for row in found}

        def by(connection: Connection, column: ColumnElement[str]) -> dict[str, int]:
            rows = connection.execute(select(column, func.count()).group_by(column).order_by(column))
            return {row[0]: row[1] for row in rows}

        def size(connection: Connection) -> int:
            if self._address.file is None:
                return connection.scalar(text("SELECT pg_database_size(current_database())")) or 0
            return (
                connection.scalar(text("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"))
                or 0
            )

        return self._ask(
            lambda c: Counts(
                number_of(c, page),
                number_of(c, article),
                number_of(c, copy),
                by(c, reading.c.reader),
                unread_by(c),
                size(c),
            )
        )

    # -- what polling, archives and near-copies remember ------------------------------------------------------------

    def poll_state(self, source: str) -> PollState | None:
        """How the polling of a source stands; None where it has not been polled."""
        row = self._ask(lambda c: c.execute(select(poll_state).where(poll_state.c.source == source)).one_or_none())
        return PollState(row.state, row.last_polled, row.last_new, row.failures) if row is not None else None

    def save_poll(self, source: str, state: PollState) -> None:
        """Keep how the polling of a source stands, in place of how it stood."""
        values = {
            "state": dict(state.state),
            "last_polled": state.last_polled,
            "last_new": state.last_new,
            "failures": state.failures,
        }
        self.transaction(
            lambda c: c.execute(
                self._insert(poll_state)
                .values(source=source, **values)
                .on_conflict_do_update(index_elements=["source"], set_=values)
            )
        )

    def position(self, source: str) -> int | None:
        """Where the reading of an archive has come to; None where it has not begun."""
        return self._ask(
            lambda c: c.scalar(select(archive_position.c.position).where(archive_position.c.source == source))
        )

    def set_position(self, source: str, position: int) -> None:
        """Keep where the reading of an archive has come to."""
        self.transaction(
            lambda c: c.execute(
                self._insert(archive_position)
                .values(source=source, position=position)
                .on_conflict_do_update(index_elements=["source"], set_={"position": position})
            )
        )

    def forget_positions(self, sources: Iterable[str]) -> None:
        """Forget where the reading of archives has come to: it has come to their ends."""
        names = list(sources)
        for start in range(0, len(names), _BATCH):
            gone = delete(archive_position).where(archive_position.c.source.in_(names[start : start + _BATCH]))
            self.transaction(lambda c, gone=gone: c.execute(gone))  # type: ignore[misc]

    def add_sketch(self, number: int, data: bytes, bands: Iterable[int]) -> None:
        """Keep an article's sketch and the hashes (64 bits, signed or not) by which its near-copies find it."""
        hashes = sorted({_signed(hash) for hash in bands})

        def work(connection: Connection) -> None:
            made = connection.execute(
                self._insert(sketch).values(page=number, data=data).on_conflict_do_nothing().returning(sketch.c.page)
            ).one_or_none()
            if hashes and made is not None:
                rows = [{"hash": hash, "page": number} for hash in hashes]
                connection.execute(self._insert(band).values(rows).on_conflict_do_nothing())

        self.transaction(work)

    def neighbours(
        self, bands: Iterable[int], *, shared: int = 1, besides: str = "", most: int = 1_000, holders: int = 200
    ) -> list[Neighbour]:
        """The articles that share so many of these bands, those that share more first, at most `most`.

        Of each band only the first `holders` articles are asked for, so that what thousands share costs no more.
        `besides` is the key of a page whose contents, and what is known as a copy of them, are left out.
        """
        hashes = sorted({_signed(hash) for hash in bands})
        if not hashes:
            return []
        # Written out, since building some forty selects costs more than they take; all that stands in it are numbers.
        each = " UNION ALL ".join(
            f"SELECT page FROM (SELECT page FROM band WHERE hash = {hash:d} ORDER BY page LIMIT {holders:d}) AS b{n:d}"
            for n, hash in enumerate(hashes)
        )
        asked = text(
            f"SELECT page FROM ({each}) AS held GROUP BY page HAVING count(*) >= {shared:d} "
            f"ORDER BY count(*) DESC, page LIMIT {most:d}"
        )
        of_original = page.alias()

        def work(connection: Connection) -> list[Neighbour]:
            order = {number: place for place, number in enumerate(connection.scalars(asked))}
            rows = connection.execute(
                select(sketch.c.page, sketch.c.data, copy.c.original)
                .join(page, page.c.number == sketch.c.page)
                .join(copy, copy.c.page == sketch.c.page, isouter=True)
                .join(of_original, of_original.c.number == copy.c.original, isouter=True)
                .where(
                    sketch.c.page.in_(list(order)),
                    page.c.key != besides,
                    or_(of_original.c.key.is_(None), of_original.c.key != besides),
                )
            ).all()
            found = [Neighbour(number, bytes(data), original) for number, data, original in rows]
            return sorted(found, key=lambda near: order[near.page])

        return self._ask(work)

    def add_copy(self, number: int, original: int, kind: str, score: float) -> None:
        """Keep that a page is a copy of another; what was kept of it first stays."""
        values = {"page": number, "original": original, "kind": kind, "score": score}
        self.transaction(lambda c: c.execute(self._insert(copy).values(values).on_conflict_do_nothing()))

    def copies(self) -> Iterator[tuple[int, int, str, float]]:
        """Each copy: its page's number, that of its original, its kind, and its score."""
        rows = select(page.c.number, copy.c.original, copy.c.kind, copy.c.score).join(
            copy, copy.c.page == page.c.number
        )
        for row in self._batches(lambda after: rows.where(page.c.number > after)):
            yield tuple(row)


def _outdone(table: Table | None = None) -> ColumnElement[bool]:
    """Whether another content of the page was seen later; of a table, one that has a row in it."""
    later = page.alias()
    rows = [
        later.c.key == page.c.key,
        or_(
            later.c.last_seen > page.c.last_seen,
            and_(later.c.last_seen == page.c.last_seen, later.c.revision > page.c.revision),
        ),
    ]
    if table is not None:
        its = table.alias()
        rows.append(its.c.page == later.c.number)
    return exists().where(*rows)


def _same(known: Identity) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return page.c.key == known.key, page.c.content == known.content


def _signed(hash: int) -> int:
    """As databases keep 64 bits: their whole numbers are signed."""
    return hash - (1 << 64) if hash >= 1 << 63 else hash


def _version(connection: Connection) -> str | None:
    """The migration that a database stands at; None for one without any."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return version
