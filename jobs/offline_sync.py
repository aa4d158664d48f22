"""Entry point of the queue `offline_sync`: stored batches of scans."""

from uuid import UUID

from voelgoed.foundation.outbox import dispatch


def perform(organization_id: str, row_id: str) -> None:
    """Do the work of one row."""
    dispatch(UUID(organization_id), UUID(row_id))
