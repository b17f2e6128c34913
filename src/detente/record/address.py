"""Where a record is, as a user says it → an address that the database's driver takes, and one that may be shown."""

import os
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from detente.errors import UsageError

VARIABLE = "DETENTE_RECORD"
_FILE = "detente.db"
_POSTGRESQL = ("postgresql", "postgres")


@dataclass(frozen=True, slots=True)
class Address:
    """`url` is for the driver, `shown` for people: without a password. `file` is the SQLite file, None elsewhere."""

    url: URL = field(repr=False)
    shown: str
    file: Path | None

    @property
    def whole(self) -> str:
        """As `address` takes it again, a password included: never to be shown."""
        if self.file is not None:
            return str(self.file)
        return self.url.set(drivername="postgresql").render_as_string(hide_password=False)


def address(where: str | os.PathLike[str] | None = None) -> Address:
    """The address of a record: a file's path is SQLite, `postgresql://…` PostgreSQL.

    Without `where` the environment's DETENTE_RECORD says it, and without that it is `detente.db` in the user's data
    folder, `$XDG_DATA_HOME` or `~/.local/share` (XDG Base Directory Specification 0.8). Raises UsageError for an
    address of another kind.
    """
    given = os.fspath(where) if where is not None else os.environ.get(VARIABLE, "")
    if not given:
        if where is not None:
            raise UsageError("an empty name is no record: give a file's path, or postgresql://user@host/database")
        return _file(_data_folder() / _FILE)
    if "://" not in given:
        return _file(Path(given).expanduser())
    scheme = given.split("://", 1)[0].lower()
    if scheme not in _POSTGRESQL:
        raise UsageError(
            f"{scheme[:20]}:// is no record: give a file's path for SQLite, or postgresql://user@host/database"
        )
    try:
        url = make_url(given).set(drivername="postgresql+psycopg")
    except (ArgumentError, ValueError):
        # The address itself is not repeated: its password would be too.
        raise UsageError("no address of PostgreSQL: write it as postgresql://user@host:5432/database") from None
    if "@" in (url.host or ""):
        # Part of a password, which is not repeated.
        raise UsageError("no address of PostgreSQL: in a password write @ as %40, / as %2F and : as %3A")
    # Made of the parts that are no secret; a query may hold a password too.
    shown = URL.create("postgresql", username=url.username, host=url.host, port=url.port, database=url.database)
    return Address(url, shown.render_as_string(), None)


def _file(path: Path) -> Address:
    return Address(URL.create("sqlite+pysqlite", database=str(path)), str(path), path)


def _data_folder() -> Path:
    named = os.environ.get("XDG_DATA_HOME", "")
    # The specification: a path that is not absolute is to be ignored.
    return Path(named) if os.path.isabs(named) else Path.home() / ".local" / "share"
