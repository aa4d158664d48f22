"""Selling as the request does: begun and completed in one transaction, or, where that fails, the long way."""

from __future__ import annotations

from uuid import UUID

from tests.checkout.programme import Programme, hold
from voelgoed.checkout.checkout import Checkout
from voelgoed.foundation.boundary import commit, rollback
from voelgoed.foundation.tenancy import rows
from voelgoed.foundation.workflow import Done, NotAtOnce, carry_on
from voelgoed.payments.capture import Tender
from voelgoed.selling.begin import begin_to_pay, pay_at_once


def sale_at_once(programme: Programme, key: UUID) -> str:
    """Sell two under a key, as a till does that asks again until it knows."""
    return completed_at_once(hold(programme, 2, key=key))


def completed_at_once(checkout_id: UUID) -> str:
    """Complete a checkout that is held, whoever else does so too."""
    found = rows(Checkout).get(checkout_id)
    cash = [Tender("cash", found.total_cents)]
    try:
        pay_at_once(found, cash, lambda run_id: None)
        commit()
    except NotAtOnce:
        rollback()
    else:
        return "paid"
    run_id = begin_to_pay(rows(Checkout).get(checkout_id), cash, here=True)
    commit()
    return "paid" if isinstance(carry_on(run_id), Done) else "not yet"
