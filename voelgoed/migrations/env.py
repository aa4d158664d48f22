"""Runs migrations as the owner, through the migrator's sign-in."""

from __future__ import annotations

from alembic import context

from voelgoed.foundation.database import db

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=db.metadata,
    compare_type=True,
    compare_server_default=False,
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
