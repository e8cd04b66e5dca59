"""Run by Alembic for each migration: it works on the connection that the opener hands in, inside its transaction."""

from alembic import context

from infra.store.migrations import run

context.configure(
    connection=context.config.attributes[run.CONNECTION],
    version_table=run.VERSION_TABLE,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
