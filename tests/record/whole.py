"""Whether a record is whole: what must hold in each at any moment."""

from sqlalchemy import text

from detente.record.store import Record

_LAWS = {
    "a page is neither read nor said to be unread": """
        SELECT p.number FROM page p WHERE NOT EXISTS (SELECT 1 FROM reading r WHERE r.page = p.number)
        AND NOT EXISTS (SELECT 1 FROM unread u WHERE u.page = p.number)""",
    "a reading has no article": """
        SELECT r.page FROM reading r WHERE NOT EXISTS (SELECT 1 FROM article a WHERE a.page = r.page)""",
    "a page is there twice": "SELECT key FROM page GROUP BY key, content HAVING count(*) > 1",
    "revisions of a page are not 1, 2, 3 …": """
        SELECT key FROM page GROUP BY key HAVING count(*) <> max(revision) OR min(revision) <> 1""",
    "revisions of a reading are not 1, 2, 3 …": """
        SELECT page FROM reading GROUP BY page HAVING count(*) <> max(revision) OR min(revision) <> 1""",
}
TABLES = ("page", "article", "reading", "unread", "sketch", "band", "copy", "poll_state", "archive_position")


def broken(record: Record) -> list[str]:
    """The laws that do not hold, and what SQLite itself finds damaged."""

    def work(connection):  # type: ignore[no-untyped-def]
        found = [law for law, query in _LAWS.items() if connection.execute(text(query)).first() is not None]
        if connection.dialect.name == "sqlite":
            found += [row[0] for row in connection.execute(text("PRAGMA integrity_check")) if row[0] != "ok"]
            found += [str(row) for row in connection.execute(text("PRAGMA foreign_key_check"))]
        return found

    return record.transaction(work)


def contents(record: Record) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables."""
    return record.transaction(
        lambda c: {name: sorted(map(tuple, c.execute(text(f"SELECT * FROM {name}"))), key=repr) for name in TABLES}
    )
