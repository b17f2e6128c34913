"""The steps from an empty database to the newest tables."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection

from detente.errors import NewerRecord


def config(connection: Connection) -> Config:
    """What Alembic's commands need to work on this connection, in the transaction that it has begun."""
    made = Config()
    made.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    made.set_main_option("path_separator", "os")
    made.attributes["connection"] = connection
    return made


def upgrade(connection: Connection) -> None:
    """Take the steps that a database lacks. Raises NewerRecord where it stands at one that is not among them."""
    try:
        command.upgrade(config(connection), "head")
    except CommandError as error:
        raise NewerRecord(
            "this record was made by a newer detente: upgrade detente (pip install --upgrade detente)"
        ) from error
