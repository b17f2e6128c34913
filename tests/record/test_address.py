"""Where a record is: files, PostgreSQL, the environment, the user's data folder; passwords are never shown."""

import sqlite3
import threading
from pathlib import Path

import pytest

from detente.errors import RecordError, UsageError
from detente.record.address import address
from detente.record.store import Record


def test_a_path_is_a_file(tmp_path: Path) -> None:
    assert address(tmp_path / "a.db").file == tmp_path / "a.db"
    assert address("odd name?x=1.db").file == Path("odd name?x=1.db")


def test_the_environment_then_the_data_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DETENTE_RECORD", "/some/where.db")
    assert address().file == Path("/some/where.db")
    assert address("here.db").file == Path("here.db")
    monkeypatch.delenv("DETENTE_RECORD")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert address().file == tmp_path / "detente.db"
    monkeypatch.setenv("XDG_DATA_HOME", "not/absolute")
    monkeypatch.setenv("HOME", "/home/someone")
    assert address().file == Path("/home/someone/.local/share/detente.db")


@pytest.mark.parametrize("scheme", ["postgresql", "postgres"])
def test_passwords_are_not_shown(scheme: str) -> None:
    found = address(f"{scheme}://me:hush@db.example.org/talks?password=hush&sslmode=require")
    assert found.file is None
    assert found.url.drivername == "postgresql+psycopg"
    assert found.url.password == "hush"
    assert found.shown == "postgresql://me@db.example.org/talks"
    assert "hush" not in repr(found)


def test_a_password_that_breaks_its_address_is_not_shown() -> None:
    with pytest.raises(UsageError, match="%40") as refused:
        address("postgresql://me:half@secret@127.0.0.1:1/db")
    assert "secret" not in str(refused.value)


def test_a_short_password_does_not_show_by_what_is_hidden() -> None:
    with pytest.raises(RecordError) as failed:
        Record("postgresql://me:o@127.0.0.1:1/db")
    assert "*" not in str(failed.value)
    assert "connection" not in str(failed.value)


def test_a_record_that_cannot_be_reached_says_so_without_its_password() -> None:
    with pytest.raises(RecordError) as caught:
        Record("postgresql://me:hush@127.0.0.1:1/talks")
    assert "hush" not in str(caught.value)
    assert "\n" not in str(caught.value)
    assert "postgresql://" in str(caught.value)


@pytest.mark.parametrize("wrong", ["mysql://me:hush@host/talks", "postgresql://me:hush@host:port/x", "https://x", ""])
def test_what_is_no_address_is_wrong_usage(wrong: str) -> None:
    with pytest.raises(UsageError) as caught:
        address(wrong)
    assert "hush" not in str(caught.value)


def test_opening_waits_for_who_is_just_making_the_file(tmp_path: Path) -> None:
    """SQLite does not wait by itself while a file becomes one with a write-ahead log."""
    path = tmp_path / "new.db"
    first = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    first.execute("BEGIN IMMEDIATE")
    leaving = threading.Timer(0.3, first.close)
    leaving.start()
    try:
        with Record(path) as record:
            assert record.counts().pages == 0
    finally:
        leaving.join()
