"""An address → connections to its database that behave alike on SQLite and PostgreSQL, and which errors pass."""

from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError

from detente.record.address import Address

BUSY_SECONDS = 60
"""How long a writer waits for another one. The writing of one article takes milliseconds."""
_SQLITE_BUSY, _SQLITE_LOCKED = 5, 6
"""Primary result codes of SQLite: another connection, or another statement, is in the way."""
_PASSING_STATES = {"40001", "40P01", "55P03"}
"""SQLSTATEs of PostgreSQL (its manual, appendix A): serialization failure, deadlock, lock not available."""


class Raced(Exception):
    """Another process wrote the same at the same time: the transaction is to be tried again."""


def connect(address: Address) -> Engine:
    """The engine of a record. A connection with the option `writes` takes SQLite's one writer's lock at its begin."""
    if address.file is None:
        # A server may have been restarted since a connection was last used.
        return create_engine(address.url, pool_pre_ping=True, connect_args={"connect_timeout": BUSY_SECONDS // 4})
    # The driver begins no transactions by itself, so that the kind of each is ours.
    engine = create_engine(address.url, connect_args={"timeout": BUSY_SECONDS, "isolation_level": None})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: Any, _: object) -> None:
    for setting in ("journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {setting}")


def _begin(connection: Connection) -> None:
    # A transaction that reads first and writes later would fail where another wrote in between: writers lock at once.
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def passes(error: BaseException) -> bool:
    """Whether an error was another process's being in the way, so that trying again may do."""
    if isinstance(error, Raced):
        return True
    if not isinstance(error, DBAPIError):
        return False
    if error.connection_invalidated:
        return True
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None:
        return (code & 0xFF) in (_SQLITE_BUSY, _SQLITE_LOCKED)
    return getattr(error.orig, "sqlstate", None) in _PASSING_STATES
