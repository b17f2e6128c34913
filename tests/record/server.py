"""A PostgreSQL of the tests' own: started in a temporary folder, reached by a Unix socket, gone afterwards."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, text

_PORT = "54329"


def programs() -> Path | None:
    """Where initdb and pg_ctl are; None where PostgreSQL is not installed."""
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    if asked := shutil.which("pg_config"):
        said = subprocess.run([asked, "--bindir"], capture_output=True, text=True, check=False).stdout.strip()
        places.append(Path(said))
    return next((place for place in places if (place / "initdb").exists() and (place / "pg_ctl").exists()), None)


@contextmanager
def running() -> Iterator[str]:
    """The folder of the socket of a server, while it runs. As root it runs as the user postgres, as it must."""
    found = programs()
    assert found is not None
    folder = tempfile.mkdtemp(prefix="detente-pg-")
    data = f"{folder}/data"
    before = []
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
        before = ["runuser", "-u", "postgres", "--"]

    def run(name: str, *words: str) -> None:
        # Not captured by a pipe: the server that pg_ctl starts would keep it open.
        with Path(folder, "log").open("a") as log:
            subprocess.run([*before, found / name, *words], check=True, stdout=log, stderr=log, cwd=folder, timeout=60)

    try:
        run("initdb", "-D", data, "-U", "postgres", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8")
        settings = f"-c listen_addresses= -c unix_socket_directories={folder} -c port={_PORT} -c fsync=off"
        run("pg_ctl", "-D", data, "-w", "-o", settings, "start")
        try:
            yield folder
        finally:
            run("pg_ctl", "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def emptied(folder: str) -> str:
    """The address of the server's one database, after all that was in it is gone."""
    address = f"postgresql://postgres@/postgres?host={folder}&port={_PORT}"
    engine = create_engine(address.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()
    return address
