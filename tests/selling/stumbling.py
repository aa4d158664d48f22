"""Selling at a till whose sales fail now and then at their last step: what the race for numbers is run with."""

from __future__ import annotations

from uuid import uuid4

from tests.checkout.programme import Programme, hold
from tests.races.sellers import sale
from voelgoed.checkout.checkout import Checkout
from voelgoed.foundation import points
from voelgoed.foundation.boundary import commit, rollback
from voelgoed.foundation.tenancy import Actor, current_scope, rows, scope
from voelgoed.foundation.workflow import Done, carry_on
from voelgoed.payments.capture import Tender
from voelgoed.selling.begin import begin_to_pay


def sell_as(clerk: Actor, programme: Programme) -> str:
    """Sell two tickets as a clerk with a drawer."""
    with scope(current_scope().organization_id, clerk):
        return sale(programme, uuid4())


def sell_and_stumble(clerk: Actor, programme: Programme, times: int) -> int:
    """Sell so many times; every fifth fails when its invoice is written, and another is made in its place."""
    done = 0
    with scope(current_scope().organization_id, clerk):
        for turn in range(times):
            if turn % 5 == 3:
                _stumble(programme)
            done += sale(programme, uuid4()) == "paid"
    return done


def _stumble(programme: Programme) -> None:
    found = rows(Checkout).get(hold(programme))
    run_id = begin_to_pay(found, [Tender("cash", found.total_cents)])
    commit()
    with points.armed("invoice.written", points.trip):
        assert not isinstance(carry_on(run_id), Done)
    rollback()
