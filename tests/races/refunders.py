"""What the processes of a race do when they give back."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID, uuid4

from voelgoed.foundation.boundary import commit, rollback
from voelgoed.foundation.tenancy import Actor, current_scope, scope
from voelgoed.foundation.web import Problem
from voelgoed.selling.exchange_tickets import ExchangeTickets, exchange_once
from voelgoed.selling.refund_checkout import RefundCheckout, refund_once


def give_back(
    clerk: Actor, checkout_id: UUID, tickets: Collection[UUID] = (), cents: int | None = None, key: str = "",
    limited: bool = False,
) -> tuple[str, None]:  # fmt: skip
    """Refund tickets or an amount, as a clerk with a drawer; say how it went."""
    asked = RefundCheckout(
        checkout_id, "refund", "the race", key or f"race:{uuid4()}", tuple(tickets), cents, limited=limited
    )
    with scope(current_scope().organization_id, clerk):
        try:
            refund_once(asked)
        except Problem as problem:
            rollback()
            return problem.type, None
        commit()
        return "refunded", None


def swap(clerk: Actor, checkout_id: UUID, tickets: Collection[UUID], event_id: UUID, type_id: UUID) -> tuple[str, None]:
    """Exchange tickets one for one; say how it went."""
    asked = ExchangeTickets(checkout_id, tuple(tickets), event_id, type_id, len(tickets), "the race", uuid4())
    with scope(current_scope().organization_id, clerk):
        try:
            exchange_once(asked)
        except Problem as problem:
            rollback()
            return problem.type, None
        commit()
        return "exchanged", None
