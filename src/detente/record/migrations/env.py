"""What Alembic runs: the migrations, on the connection and in the transaction that it is given."""

from alembic import context

from detente.record.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
    # SQLite alters a table by making it anew.
    render_as_batch=True,
)
context.run_migrations()
