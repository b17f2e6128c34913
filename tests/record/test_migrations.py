"""The steps from nothing to the newest tables are those that the code asks, there and back, on both databases."""

import sqlite3
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from detente.errors import NewerRecord, RecordError
from detente.record.migrations import config
from detente.record.schema import NEWEST, metadata
from detente.record.store import Record


def differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
    return list(compare_metadata(context, metadata))


def test_the_migrations_make_the_tables_of_the_schema(where: str) -> None:
    with Record(where) as record:
        assert record.transaction(differences) == []


def test_the_newest_is_the_last_migration(where: str) -> None:
    with Record(where) as record:
        assert record.transaction(lambda c: ScriptDirectory.from_config(config(c)).get_heads()) == [NEWEST]


def test_down_to_nothing_and_up_again(where: str) -> None:
    with Record(where) as record:
        record.transaction(lambda c: command.downgrade(config(c), "base"))
        assert record.transaction(lambda c: inspect(c).get_table_names()) == ["alembic_version"]
    with Record(where) as record:
        assert record.transaction(differences) == []


def test_a_newer_record_is_refused_and_left_alone(where: str) -> None:
    with Record(where) as record:
        record.transaction(lambda c: c.execute(text("UPDATE alembic_version SET version_num = '9999'")))
        with pytest.raises(NewerRecord, match="upgrade detente"):
            Record(where)
        assert record.transaction(lambda c: c.scalar(text("SELECT version_num FROM alembic_version"))) == "9999"


def test_another_programs_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE mine (x)")
    with pytest.raises(RecordError, match="something else"):
        Record(path)
    with sqlite3.connect(path) as other:
        assert other.execute("SELECT name FROM sqlite_master").fetchall() == [("mine",)]


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text("<p>The ministers met.</p>" * 100)
    with pytest.raises(RecordError, match="not a database"):
        Record(path)


def test_what_is_not_there_is_not_made_by_asking(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="no record there"):
        Record(tmp_path / "none.db", create=False)
    assert list(tmp_path.iterdir()) == []
