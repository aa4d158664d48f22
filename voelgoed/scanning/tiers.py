"""The fast tiers of deduplication at the gate: memory and cache may say "just used, there and then", nothing else.

A ticket is known by its id and the version of its code. They answer for tickets without re-entry, or for an entry
less than five seconds old; exit, undo, override, void and reissue clear them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from voelgoed.foundation.boundary import after_commit
from voelgoed.foundation.database import db
from voelgoed.foundation.dedup import registry
from voelgoed.foundation.tenancy import current_scope
from voelgoed.scanning.case import Case
from voelgoed.scanning.scan import Scan
from voelgoed.ticketing.ticket import Ticket

SURE_SECONDS = 5.0


def _key(ticket_id: UUID, version: int) -> str:
    return f"{ticket_id}.{version}"


def look(cases: Sequence[Case]) -> None:
    """Note on each case what the fast tiers know of its ticket; `recheck`, exits and batches ask the database."""
    asking: dict[str, list[Case]] = {}
    for case in cases:
        one = case.asked
        if case.read is not None and one.direction == "in" and not one.recheck and one.batch_id is None:
            content = case.read.content
            if content.bodies == 1:
                asking.setdefault(_key(content.ticket_id, content.code_version), []).append(case)
    if not asking:
        return
    for key, answer in registry(Scan).look(current_scope().organization_id, asking).items():
        for case in asking[key]:
            case.known, case.tier = answer.value, answer.tier if answer.tier != "database" else "database"


def tell(cases: Sequence[Case]) -> None:
    """After the commit, remember who was let in, and forget who left."""
    sure: dict[str, dict[str, Any]] = {}
    brief: dict[str, dict[str, Any]] = {}
    gone: list[str] = []
    for case in cases:
        if case.ticket is None or case.tier != "database":
            continue
        key = _key(case.ticket.id, case.ticket.raw["code_version"])
        if case.verdict == "admitted" and case.ticket.rule.bodies == 1 and case.asked.batch_id is None:
            (sure if case.ticket.rule.reentry == "none" else brief)[key] = case.remembered()
        elif case.verdict in ("exited", "not_inside"):
            gone.append(key)
    own = current_scope().organization_id
    if sure:
        after_commit(lambda: registry(Scan).remember(own, sure))
    if brief:
        after_commit(lambda: registry(Scan).remember(own, brief, SURE_SECONDS))
    if gone:
        after_commit(lambda: registry(Scan).forget(own, *gone))


def forget(ticket_ids: Iterable[UUID]) -> None:
    """After the commit, let the database alone answer for these tickets: something was decided about them."""
    query = select(Ticket.id, Ticket.code_version).where(Ticket.id.in_(list(ticket_ids)))
    keys = [_key(ticket, version) for ticket, last in db.session.execute(query) for version in range(1, last + 1)]
    own = current_scope().organization_id
    if keys:
        after_commit(lambda: registry(Scan).forget(own, *keys))
