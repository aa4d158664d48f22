"""A process is killed at every point that a money workflow declares: a sweeper and a worker bring it to an end.

Within a minute of the clock of what waits, everything has ended or waits for a person; every checker is clean, and
the processors' own lists say that each charge was taken once and given back at most once.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conftest import World
from tests.faults.cases import (
    NEVER_TAKEN_BACK,
    STRAIGHT,
    WAITS,
    Kill,
    Way,
    pay_back_kills,
    refund_kills,
    sale_kills,
    settle_kills,
)
from tests.faults.left import a_person_ends, a_person_looks, charges, check_refund, check_sale, refund_runs
from tests.faults.stage import PRICE, Stage, kind_of, stage, violations
from tests.payments.processors import Processors, processors
from tests.selling.online import DECLINES
from voelgoed.foundation.boundary import commit, rollback
from voelgoed.foundation.tenancy import rows
from voelgoed.payments.capture import ONLINE
from voelgoed.payments.gateway_account import GatewayAccount
from voelgoed.payments.gateways import gateway_of
from voelgoed.payments.payment import Payment
from voelgoed.selling.refund_checkout import refund_once

__all__ = ["processors"]

AT_LEAST = 120


@pytest.fixture(scope="module")
def play(world: World, processors: Processors) -> Iterator[Stage]:
    with stage(world, processors) as made:
        yield made


def last_online(kill: Kill) -> str:
    return [one for one in kill.gateways if one in ONLINE][-1]


def misbehave(play: Stage, way: Way, gateway: str) -> None:
    """Have the outside let the deed down as its way says."""
    if way.fault == "no-refund":
        play.misbehave(gateway, "drop", path="/v1/refunds" if gateway == "stripe" else "/refund", when="before")
    elif way.fault:
        play.misbehave(gateway, way.fault)


def kill_sale(play: Stage, kill: Kill) -> None:
    gateway = last_online(kill)
    run_id = play.begin(kill.gateways, {gateway: DECLINES[gateway]} if kill.way.refuses else None)
    misbehave(play, kill.way, gateway)
    assert play.work_until_killed(kill.point, kill.passing, kill.way.weather)
    play.heal(run_id)
    a_person_looks(play, run_id)
    ended = check_sale(play, run_id)
    if kill.way.weather.trips_at is None:
        assert ended == ("failed" if kill.way.refuses else "done")


def kill_refund(play: Stage, kill: Kill) -> None:
    checkout_id = play.sold(kill.gateways)
    asked = play.asked(checkout_id)
    assert play.killed(kill.point, kill.passing, "refund", play.home, play.clerk, asked)
    assert violations() == {}
    refund_once(asked)
    commit()
    play.heal(*refund_runs(checkout_id))
    check_refund(play, checkout_id)


def by_hand(play: Stage, gateway: str, reference: str, cents: int) -> None:
    """Give money back on the processor's own page."""
    account = rows(GatewayAccount).get(play.shops[gateway].row_id)
    gateway_of(account).refund("by hand", reference, cents, "ZAR")
    rollback()


def kill_pay_back(play: Stage, kill: Kill) -> None:
    checkout_id, gateway = play.sold(kill.gateways), kill.gateways[0]
    if kill.way.refuses:
        by_hand(play, gateway, rows(Payment).filter_by(checkout_id=checkout_id).one().reference, PRICE)
    refund_once(play.asked(checkout_id))
    commit()
    misbehave(play, kill.way, gateway)
    assert play.work_until_killed(kill.point, kill.passing, kill.way.weather)
    play.heal(*refund_runs(checkout_id))
    a_person_ends(play, checkout_id, "write_off" if kill.way.refuses else "sent")
    check_refund(play, checkout_id)


CASES = [*sale_kills(), *refund_kills(), *pay_back_kills(), *settle_kills()]
FEW = ("stripe+cash-complete_checkout.charge.called-straight", "paystack-complete_checkout.charge.pending.after_commit-waits",
       "stripe-complete_checkout.charge.undo.called-stumbles", "stripe-pay_back.send_back.called-straight")  # fmt: skip


def each(kills: Iterator[Kill]) -> pytest.MarkDecorator:
    marked = [
        pytest.param(one, id=str(one), marks=[] if str(one) in FEW else [pytest.mark.deep]) for one in kills
    ]
    return pytest.mark.parametrize("kill", marked)


@each(sale_kills())
def test_a_sale_is_whole_or_undone(play: Stage, kill: Kill) -> None:
    kill_sale(play, kill)


@each(refund_kills())
def test_a_refund_is_given_once(play: Stage, kill: Kill) -> None:
    kill_refund(play, kill)


@each(pay_back_kills())
def test_money_is_sent_back_once(play: Stage, kill: Kill) -> None:
    kill_pay_back(play, kill)
