import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.record import server


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The socket's folder of a real PostgreSQL. Where none is installed its tests are skipped, or fail if required."""
    if server.programs() is None:
        if os.environ.get("DETENTE_TEST_POSTGRESQL") == "required":
            pytest.fail("PostgreSQL is not installed, and DETENTE_TEST_POSTGRESQL=required asks for it")
        pytest.skip("PostgreSQL is not installed (apt-get install postgresql): its half of the tests is left out")
    with server.running() as folder:
        yield folder


@pytest.fixture(params=["sqlite", "postgresql"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a record that is not there yet, on either database."""
    if request.param == "sqlite":
        return str(tmp_path / "record.db")
    return server.new_database(request.getfixturevalue("postgresql"))
