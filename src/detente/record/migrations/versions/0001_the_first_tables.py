"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_moment = sa.DateTime(timezone=True)


def _page(table: str) -> tuple[sa.Column[int], sa.ForeignKeyConstraint]:
    return (
        sa.Column("page", _number, nullable=False),
        sa.ForeignKeyConstraint(["page"], ["page.number"], name=f"fk_{table}_page", ondelete="CASCADE"),
    )


def upgrade() -> None:
    """To the newer tables."""
    op.create_table(
        "page",
        sa.Column("number", _number, nullable=False, comment="of this record alone; the other tables name it"),
        sa.Column("key", sa.String(32), nullable=False, comment="the same for all contents of one page"),
        sa.Column("content", sa.String(32), nullable=False, comment="a digest of the bytes"),
        sa.Column("revision", sa.Integer, nullable=False, comment="1 for the first content seen under the key"),
        sa.Column("data", sa.LargeBinary, nullable=False, comment="the bytes, packed by zlib"),
        sa.Column("form", sa.String(8), nullable=False),
        sa.Column("charset", sa.Text),
        sa.Column("headers", sa.JSON, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("position", sa.BigInteger, comment="where in its archive it stood"),
        sa.Column("url", sa.Text),
        sa.Column("given", sa.JSON, nullable=False, comment="id, title, published that overrule the page's own"),
        sa.Column("fetched_at", _moment),
        sa.Column("first_seen", _moment, nullable=False, comment="fetched or, of a file of unknown age, added"),
        sa.Column("last_seen", _moment, nullable=False, comment="the last time that just these bytes were fetched"),
        sa.PrimaryKeyConstraint("number", name="pk_page"),
        sa.UniqueConstraint("key", "content", name="uq_page_key_content"),
        sa.UniqueConstraint("key", "revision", name="uq_page_key_revision"),
    )
    op.create_table(
        "article",
        *_page("article"),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("url", sa.Text),
        sa.Column("site", sa.Text),
        sa.Column("title", sa.Text),
        sa.Column("published", sa.Date),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("whole", sa.Text, nullable=False, comment="the Article as JSON, as the newest reader takes it"),
        sa.PrimaryKeyConstraint("page", name="pk_article"),
    )
    op.create_index("ix_article_published", "article", ["published"])
    op.create_table(
        "reading",
        *_page("reading"),
        sa.Column("revision", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("reader", sa.Text, nullable=False, comment="the version of what reads"),
        sa.Column("made_at", _moment, nullable=False),
        sa.Column("whole", sa.Text, nullable=False, comment="the Reading as JSON"),
        sa.PrimaryKeyConstraint("page", "revision", name="pk_reading"),
        sa.UniqueConstraint("page", "reader", name="uq_reading_page_reader"),
    )
    op.create_table(
        "unread",
        *_page("unread"),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("reader", sa.Text, nullable=False, comment="the version of what could not read it"),
        sa.Column("at", _moment, nullable=False),
        sa.PrimaryKeyConstraint("page", name="pk_unread"),
    )
    op.create_index("ix_unread_kind", "unread", ["kind"])
    op.create_table(
        "sketch",
        *_page("sketch"),
        sa.Column("data", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("page", name="pk_sketch"),
    )
    op.create_table(
        "band",
        sa.Column("hash", sa.BigInteger, autoincrement=False, nullable=False),
        *_page("band"),
        sa.PrimaryKeyConstraint("hash", "page", name="pk_band"),
    )
    op.create_index("ix_band_page", "band", ["page"])
    op.create_table(
        "copy",
        *_page("copy"),
        sa.Column("original", _number, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("score", sa.Float, nullable=False, comment="the share of the shorter text found in the other"),
        sa.ForeignKeyConstraint(["original"], ["page.number"], name="fk_copy_original", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("page", name="pk_copy"),
    )
    op.create_index("ix_copy_original", "copy", ["original"])
    op.create_table(
        "poll_state",
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("state", sa.JSON, nullable=False, comment="the poller's own"),
        sa.Column("last_polled", _moment),
        sa.Column("last_new", _moment),
        sa.Column("failures", sa.Integer, nullable=False, comment="in a row"),
        sa.PrimaryKeyConstraint("source", name="pk_poll_state"),
    )
    op.create_table(
        "archive_position",
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("source", name="pk_archive_position"),
    )


def downgrade() -> None:
    """Back to the older tables."""
    for table in ("archive_position", "poll_state", "copy", "band", "sketch", "unread", "reading", "article", "page"):
        op.drop_table(table)
