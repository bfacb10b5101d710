"""Runs the migrations on the connection `bank.schema` hands over, inside its transaction."""

from alembic import context

from bank.models import Base

context.configure(connection=context.config.attributes["connection"], target_metadata=Base.metadata)
context.run_migrations()
