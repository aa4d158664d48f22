"""Where scans are judged online: begins again when another list was faster, tells the fast tiers after the commit."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.exc import IntegrityError, OperationalError

from voelgoed.foundation.boundary import rollback
from voelgoed.foundation.live.push import publish
from voelgoed.foundation.tenancy import Actor, current_scope
from voelgoed.foundation.tenancy.announce import announce_again
from voelgoed.foundation.web.problem import Problem
from voelgoed.scanning.asked import Asked, Judged
from voelgoed.scanning.process_scan import process_scan
from voelgoed.scanning.record import Overtaken

TRIES = 5
_DEVICES = Actor("device", None, "gate devices")


def judge_now(asked: Sequence[Asked]) -> list[Judged]:
    """Judge scans in the scope's transaction, which holds nothing else; the caller commits, then answers.

    Raises Problem 503 when others were faster five times: the phone asks again with the same `scan_id`.
    """
    scope = current_scope()
    scope.actor = _DEVICES
    announce_again()
    for _ in range(TRIES):
        try:
            judged = process_scan(asked)
        except (Overtaken, IntegrityError, OperationalError):
            rollback()
        else:
            _announce(judged)
            return judged
    raise Problem(503, "busy", detail="The gate is busy. Ask again.", headers={"Retry-After": "1"})


def _announce(judged: Sequence[Judged]) -> None:
    """Say after the commit that the figures of these events changed."""
    for event_id in {one.event_id for one in judged if one.event_id and not one.repeated}:
        publish("occupancy", event_id)
