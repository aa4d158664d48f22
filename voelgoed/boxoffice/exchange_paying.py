"""How an exchange stands whose difference is paid outside, until its new tickets are there or nothing was changed."""

from __future__ import annotations

from uuid import UUID

from flask import request
from sqlalchemy import select
from werkzeug.exceptions import NotFound

from voelgoed.boxoffice.pages import pages
from voelgoed.checkout.checkout import Checkout, CheckoutAttempt
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import rows
from voelgoed.foundation.web import Answer, Page
from voelgoed.foundation.workflow import Done, outcome_of
from voelgoed.foundation.workflow.journal import WorkflowRun
from voelgoed.payments.payment import Charge
from voelgoed.selling.pay_exchange import pay_exchange
from voelgoed.selling.paying import under_way


@pages.get("/sales/<uuid:checkout_id>/exchange-paying", allow="exchange")
def exchange_paying(checkout_id: UUID) -> Answer:
    """Say how the money of an exchange stands: asked for, there, refused, or a person's to decide."""
    bought = rows(Checkout).get(checkout_id)
    run = _run_of(bought)
    outcome = outcome_of(run.id)
    template = (
        "boxoffice/_exchange_paying.html" if request.headers.get("HX-Request") else "boxoffice/exchange_paying.html"
    )
    return Page(
        template, bought=bought, sale=rows(Checkout).get(UUID(str(run.inputs["checkout_id"]))),
        tickets=run.inputs["tickets"], asked=_asked(bought), done=isinstance(outcome, Done),
        reason=None if outcome is None or isinstance(outcome, Done) else outcome.reason, **under_way(bought.id),
    )  # fmt: skip


def _run_of(bought: Checkout) -> WorkflowRun:
    mine = select(WorkflowRun).join(CheckoutAttempt, CheckoutAttempt.run_id == WorkflowRun.id)
    mine = mine.where(CheckoutAttempt.checkout_id == bought.id, WorkflowRun.workflow == pay_exchange.name)
    found = db.session.scalars(mine).one_or_none()
    if found is None:
        raise NotFound
    return found


def _asked(bought: Checkout) -> list[tuple[str, int]]:
    """Return what was asked for outside: through what, and how much (cents)."""
    charges = select(Charge.gateway, Charge.amount_cents).where(Charge.checkout_id == bought.id)
    return [(gateway, cents) for gateway, cents in db.session.execute(charges.order_by(Charge.tender))]
