"""The job as a row: written with the work that wants it, done with the effect that it has."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from voelgoed.foundation.resource import Resource, identifier, integer, json_value, moment, text


class OutboxRow(Resource, unaudited="derived: a job says what is still to be done; its effect is audited"):
    """A job: due from `due_at` until `done_at`, unless somebody's lease (`claimed_until`) runs."""

    queue: Mapped[str] = text(40)
    task: Mapped[str] = text(200)  # dotted name of the function
    payload: Mapped[dict[str, object]] = json_value(nullable=False)
    subject_id: Mapped[UUID | None] = identifier()  # what it is about, such as a run; found again by it
    actor_kind: Mapped[str] = text(20)
    actor_id: Mapped[UUID | None] = identifier()
    actor_label: Mapped[str] = text(200)
    due_at: Mapped[datetime] = moment()
    enqueued_at: Mapped[datetime | None] = moment(nullable=True)
    claim: Mapped[UUID | None] = identifier()  # fresh at each claim: whoever lost the lease cannot finish
    claimed_until: Mapped[datetime | None] = moment(nullable=True)
    attempts: Mapped[int] = integer(default=0)
    last_error: Mapped[str | None] = text(500, nullable=True)
    done_at: Mapped[datetime | None] = moment(nullable=True)


# The sweeper and the door function organizations_with_due_work() read this one.
Index(
    "ix_outbox_row_due",
    OutboxRow.organization_id,
    OutboxRow.due_at,
    postgresql_where=OutboxRow.done_at.is_(None),
)
Index("ix_outbox_row_subject", OutboxRow.organization_id, OutboxRow.subject_id)
