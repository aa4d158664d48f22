"""The work that the tests of the outbox ask for."""

from uuid import UUID

from sqlalchemy import select

from voelgoed.catalog.venue import Venue
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.database import db
from voelgoed.foundation.outbox import Claim, dispatch, self_committing, task
from voelgoed.foundation.tenancy import current_scope

HERE = "tests.foundation.outbox.errands"
faults: list[Exception] = []


def note(name: str, number: int = 1, about: UUID | None = None) -> None:
    """Leave a venue as the trace of the work; fail as often as there are faults."""
    db.session.add(Venue(name=f"{name} {number}"))
    db.session.flush()
    if faults:
        raise faults.pop()


@self_committing
def in_chunks(claim: Claim) -> None:
    """Work in two transactions of its own; the second time it goes on where it stopped."""
    if f"first of {claim.payload['name']} 1" not in traces():
        note(f"first of {claim.payload['name']}")
        claim.renew()
        commit()
    note(f"second of {claim.payload['name']}")
    claim.finish()
    commit()


def who_acts() -> None:
    """Leave the actor's name."""
    note(current_scope().actor.label)


def live(organization_id: UUID, row_id: UUID) -> None:
    """The life of a worker's process: one job."""
    task.PACKAGES.add("tests")
    dispatch(organization_id, row_id)


def traces() -> list[str]:
    return sorted(db.session.scalars(select(Venue.name)))
