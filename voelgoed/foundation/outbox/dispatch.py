"""Doing the work of a row: in its organization, as whoever asked for it, with the effect of once."""

from __future__ import annotations

import logging
from uuid import UUID

from voelgoed.foundation.boundary import commit, rollback
from voelgoed.foundation.calling import call_with
from voelgoed.foundation.outbox.claim import Claim, LostLease, take
from voelgoed.foundation.outbox.task import commits_itself, resolve
from voelgoed.foundation.points import point
from voelgoed.foundation.tenancy.scope import Actor, scope

log = logging.getLogger(__name__)

WORKER = Actor("system", None, "worker")
BACKOFF_MOST = 30.0  # seconds: whatever healed is tried again within a minute


def backoff(attempts: int) -> float:
    """Return the seconds to wait after so many attempts: 1, 2, 4 … 30."""
    return min(2.0 ** max(attempts - 1, 0), BACKOFF_MOST)


def dispatch(organization_id: UUID, row_id: UUID) -> bool:
    """Claim a row and do its work; False when there was nothing to do, or it is to be done again later."""
    with scope(organization_id, WORKER, job=str(row_id)):
        claim = take(row_id)
    return claim is not None and perform(organization_id, claim)


def perform(organization_id: UUID, claim: Claim) -> bool:
    """Do the work of a claimed row; what fails is given back, due again after a while."""
    with scope(organization_id, claim.actor, job=str(claim.row_id)):
        try:
            _work(claim)
        except LostLease:
            rollback()
            log.warning("row %s was claimed by another meanwhile", claim.row_id)
            return False
        except Exception as error:
            rollback()
            log.exception("row %s failed at attempt %s", claim.row_id, claim.attempts)
            _give_back(claim, error)
            return False
    return True


def _work(claim: Claim) -> None:
    point("outbox.claimed")
    task = resolve(claim.task)
    if commits_itself(claim.task):
        task(claim)
        return
    # Done is said first: the row's lock keeps others away until the effect commits with it.
    claim.finish()
    call_with(task, claim.payload)()
    point("outbox.worked")
    commit()
    point("outbox.done")


def _give_back(claim: Claim, error: Exception) -> None:
    try:
        claim.postpone(backoff(claim.attempts), f"{type(error).__name__}: {error}")
        commit()
    except LostLease:
        rollback()
