"""The file that Alembic runs for every command: it passes on the connection that the store has opened."""

from alembic import context

from gradwalk.store.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
