"""Entry point of the queue `charges`: charges at slow gateways."""

from uuid import UUID

from voelgoed.foundation.outbox import dispatch


def perform(organization_id: str, row_id: str) -> None:
    """Do the work of one row."""
    dispatch(UUID(organization_id), UUID(row_id))
