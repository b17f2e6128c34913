import os
from collections.abc import Callable, Iterator
from itertools import count
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
def new(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], str]:
    """Gives the address of a record that is not there yet, on either database; each empties PostgreSQL."""
    if request.param == "sqlite":
        names = count(1)
        return lambda: str(tmp_path / f"record-{next(names)}.db")
    folder = request.getfixturevalue("postgresql")
    return lambda: server.emptied(folder)


@pytest.fixture
def where(new: Callable[[], str]) -> str:
    """The address of a record that is not there yet, on either database."""
    return new()
