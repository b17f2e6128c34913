"""The tables of a record, the same on SQLite and PostgreSQL. A change of them goes with a migration."""

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)


class Moment(TypeDecorator[datetime]):
    """A moment with its time zone, kept in UTC; SQLite, which knows no zones, keeps it without."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Into the database: in UTC. Raises ValueError for a moment without a zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Out of the database: in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Words(TypeDecorator[str]):
    """Text from outside: what no database keeps (NUL, halves of surrogate pairs) is written out as an escape."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Into the database: characters that it can keep."""
        if value is None:
            return None
        return value.encode("utf-8", "backslashreplace").decode().replace("\x00", "\\x00")


NEWEST = "0001"
"""The last of `migrations/versions/`: the tables below."""

# SQLite gives numbers by itself to an INTEGER primary key only.
Number = BigInteger().with_variant(Integer, "sqlite")

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

page = Table(
    "page",
    metadata,
    Column("number", Number, primary_key=True, comment="of this record alone; the other tables name it"),
    Column("key", String(32), nullable=False, comment="the same for all contents of one page"),
    Column("content", String(32), nullable=False, comment="a digest of the bytes"),
    Column("revision", Integer, nullable=False, comment="1 for the first content seen under the key"),
    Column("data", LargeBinary, nullable=False, comment="the bytes, packed by zlib"),
    Column("form", String(8), nullable=False),
    Column("charset", Words),
    Column("headers", JSON, nullable=False),
    Column("source", Words, nullable=False),
    Column("position", BigInteger, comment="where in its archive it stood"),
    Column("url", Words),
    Column("given", JSON, nullable=False, comment="id, title, published that overrule the page's own"),
    Column("fetched_at", Moment),
    Column("first_seen", Moment, nullable=False, comment="fetched or, of a file of unknown age, added"),
    Column("last_seen", Moment, nullable=False, comment="the last time that just these bytes were fetched"),
    UniqueConstraint("key", "content"),
    UniqueConstraint("key", "revision"),
)


def _page(*, index: bool = False) -> Column[int]:
    owner = ForeignKey("page.number", ondelete="CASCADE")
    return Column("page", Number, owner, primary_key=True, index=index or None)


article = Table(
    "article",
    metadata,
    _page(),
    Column("id", Words, nullable=False),
    Column("url", Words),
    Column("site", Words),
    Column("title", Words),
    Column("published", Date),
    Column("language", Words, nullable=False),
    Column("text", Words, nullable=False),
    Column("whole", Words, nullable=False, comment="the Article as JSON, as the newest reader takes it"),
    Index(None, "published"),
)

reading = Table(
    "reading",
    metadata,
    _page(),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("reader", Words, nullable=False, comment="the version of what reads"),
    Column("made_at", Moment, nullable=False),
    Column("whole", Words, nullable=False, comment="the Reading as JSON"),
    UniqueConstraint("page", "reader"),
)

unread = Table(
    "unread",
    metadata,
    _page(),
    Column("kind", String(16), nullable=False),
    Column("words", Words, nullable=False),
    Column("reader", Words, nullable=False, comment="the version of what could not read it"),
    Column("at", Moment, nullable=False),
    Index(None, "kind"),
)

sketch = Table("sketch", metadata, _page(), Column("data", LargeBinary, nullable=False))

band = Table(
    "band",
    metadata,
    Column("hash", BigInteger, primary_key=True, autoincrement=False),
    _page(index=True),
)

copy = Table(
    "copy",
    metadata,
    _page(),
    Column("original", Number, ForeignKey("page.number", ondelete="CASCADE"), nullable=False, index=True),
    Column("kind", String(16), nullable=False),
    Column("score", Float, nullable=False, comment="the share of the shorter text found in the other"),
)

poll_state = Table(
    "poll_state",
    metadata,
    Column("source", Words, primary_key=True),
    Column("state", JSON, nullable=False, comment="the poller's own"),
    Column("last_polled", Moment),
    Column("last_new", Moment),
    Column("failures", Integer, nullable=False, comment="in a row"),
)

archive_position = Table(
    "archive_position",
    metadata,
    Column("source", Words, primary_key=True),
    Column("position", BigInteger, nullable=False),
)
