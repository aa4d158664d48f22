"""Runs migrations as the owner, through the migrator's sign-in."""

from __future__ import annotations

from alembic import context

from voelgoed.foundation.database import db


def _ours(_item: object, name: str | None, *_rest: object) -> bool:
    """Leave the stamp alone, which no class declares."""
    return name != "schema_stamp"


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=db.metadata,
    include_object=_ours,
    compare_type=True,
    compare_server_default=False,
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
