"""A process is killed at every point that a money workflow declares: a sweeper and a worker bring it to an end.

Within a minute of the clock of what waits, everything has ended or waits for a person; every checker is clean, and
the processors' own lists say that each charge was taken once and given back at most once.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conftest import World
from tests.faults.cases import (
    NEVER_DONE,
    NEVER_TAKEN_BACK,
    Kill,
    Way,
    exchange_kills,
    look_kills,
    money_workflows,
    pay_back_kills,
    refund_kills,
    sale_kills,
    settle_kills,
)
from tests.faults.left import (
    a_person_ends,
    a_person_looks,
    check_exchange,
    check_given_back,
    check_paid_exchange,
    check_refund,
    check_sale,
    refund_runs,
)
from tests.faults.stage import BOUND, PRICE, Stage, kind_of, stage, violations
from tests.faults.worker import do
from tests.payments.processors import Processors, processors
from tests.selling.online import DECLINES
from voelgoed.foundation.boundary import commit, rollback
from voelgoed.foundation.tenancy import rows
from voelgoed.foundation.workflow import decide, points_of, settle, stuck_runs
from voelgoed.foundation.workflow.journal import WorkflowRun
from voelgoed.payments.capture import ONLINE
from voelgoed.payments.gateway_account import GatewayAccount
from voelgoed.payments.gateways import gateway_of
from voelgoed.payments.payment import Charge, Payment, Refund, RefundEnd, RefundFailure
from voelgoed.selling.exchange_tickets import ExchangeTickets
from voelgoed.selling.refund_checkout import refund_once
from voelgoed.selling.refund_news import look_after
from voelgoed.selling.settle_unknown_charge import send_back

__all__ = ["processors"]

AT_LEAST = 120
A_PART = 100  # cents


@pytest.fixture(scope="module")
def whole_stage(world: World, processors: Processors) -> Iterator[Stage]:
    with stage(world, processors) as made:
        yield made


@pytest.fixture
def play(whole_stage: Stage) -> Stage:
    return whole_stage.open_accounts()


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


def kill_request(play: Stage, kill: Kill) -> None:
    checkout_id = play.sold(kill.gateways)
    exchanges = not kill.point.startswith("refund_checkout")
    asked = play.swapped(checkout_id) if exchanges else play.asked(checkout_id)
    assert play.killed(kill.point, kill.passing, "ask", play.home, play.clerk, asked)
    assert violations() == {}
    do(asked)
    commit()
    play.heal(*refund_runs(checkout_id))
    if isinstance(asked, ExchangeTickets):
        check_exchange(play, checkout_id, asked.key)
    else:
        check_refund(play, checkout_id)


def by_hand(play: Stage, gateway: str, reference: str, cents: int) -> None:
    """Give money back on the processor's own page."""
    account = rows(GatewayAccount).get(play.shops[gateway].row_id)
    gateway_of(account).refund(f"by hand:{reference}", reference, cents, "ZAR")
    rollback()


def kill_pay_back(play: Stage, kill: Kill) -> None:
    checkout_id, gateway = play.sold(kill.gateways), kill.gateways[0]
    if kill.way.refuses:
        by_hand(play, gateway, rows(Payment).filter_by(checkout_id=checkout_id).one().reference, PRICE)
    refund_once(play.asked(checkout_id))
    commit()
    misbehave(play, kill.way, gateway)
    assert play.work_until_killed(kill.point, kill.passing, kill.way.weather)
    play.heal(*refund_runs(checkout_id), within=2 * BOUND if kill.way.weather.trips_at == "refund.ended" else BOUND)
    a_person_ends(play, checkout_id, "write_off" if kill.way.refuses else "sent")
    check_refund(play, checkout_id)


def kill_settling(play: Stage, kill: Kill) -> None:
    gateway = kill.gateways[0]
    charge_id = play.taken_without_a_sale(gateway)
    charge = rows(Charge).get(charge_id)
    if kill.way.refuses:  # of what was taken not all is left there
        by_hand(play, gateway, play.reference(gateway, charge.key), A_PART)
        charge = rows(Charge).get(charge_id)
    run_id = send_back(charge, kill.point)
    commit()
    misbehave(play, kill.way, gateway)
    assert play.work_until_killed(kill.point, kill.passing, kill.way.weather)
    play.heal(run_id)
    if kill.way.refuses:
        assert kind_of(run_id) == "asks"
        decide(stuck_runs()[-1].stuck.id, "given back", "the rest was paid in cash")
        commit()
        play.heal(run_id)
    assert kind_of(run_id) == "done"
    check_given_back(play, charge_id, by_hand=A_PART if kill.way.refuses else 0)


def kill_exchange(play: Stage, kill: Kill) -> None:
    gateway = last_online(kill)
    run_id, ticket_id = play.begin_dearer(kill.gateways, {gateway: DECLINES[gateway]} if kill.way.refuses else None)
    misbehave(play, kill.way, gateway)
    assert play.work_until_killed(kill.point, kill.passing, kill.way.weather)
    play.heal(run_id)
    a_person_looks(play, run_id)
    ended = check_paid_exchange(play, run_id, ticket_id)
    if kill.way.weather.trips_at is None:
        assert ended == ("failed" if kill.way.refuses else "done")


def kill_look(play: Stage, kill: Kill) -> None:
    gateway = kill.gateways[0]
    refund_id = play.refund_that_fails(gateway)
    look_after([rows(Refund).get(refund_id)], kill.point)
    commit()
    run_id = rows(WorkflowRun).filter_by(workflow="look_after_refund").order_by(WorkflowRun.id.desc()).first().id
    if kill.way.fault:
        play.misbehave(gateway, kill.way.fault, method="GET")
    assert play.work_until_killed(kill.point, kill.passing, kill.way.weather)
    play.heal(run_id, within=2 * BOUND if kill.way.weather.trips_at else BOUND)
    owed = rows(RefundFailure).join(RefundEnd).filter(RefundEnd.refund_id == refund_id).count()
    assert (kind_of(run_id), owed) in (("done", 1), ("asks", 0))
    if kill.way.weather.trips_at is None:
        assert owed == 1
    assert violations() == {}
    if not owed:
        settle(stuck_runs()[-1].stuck.id, "looked there: it is owed again")
        commit()


CASES = [*sale_kills(), *refund_kills(), *pay_back_kills(), *settle_kills(), *exchange_kills(), *look_kills()]
FEW = (
    "stripe+cash-complete_checkout.charge.called-straight",
    "paystack-complete_checkout.charge.pending.after_commit-waits",
    "stripe-complete_checkout.charge.undo.called-stumbles",
    "stripe-pay_back.send_back.called-straight",
    "paystack-pay_exchange.charge.undo.called-stumbles",
)


def each(kills: Iterator[Kill]) -> pytest.MarkDecorator:
    marked = [pytest.param(one, id=str(one), marks=[] if str(one) in FEW else [pytest.mark.deep]) for one in kills]
    return pytest.mark.parametrize("kill", marked)


@each(sale_kills())
def test_a_sale_is_whole_or_undone(play: Stage, kill: Kill) -> None:
    kill_sale(play, kill)


@each(refund_kills())
def test_a_refund_or_exchange_is_made_once(play: Stage, kill: Kill) -> None:
    kill_request(play, kill)


@each(pay_back_kills())
def test_money_is_sent_back_once(play: Stage, kill: Kill) -> None:
    kill_pay_back(play, kill)


@each(settle_kills())
def test_what_came_without_a_sale_goes_back_once(play: Stage, kill: Kill) -> None:
    kill_settling(play, kill)


@each(exchange_kills())
def test_an_exchange_that_is_paid_outside_is_whole_or_undone(play: Stage, kill: Kill) -> None:
    kill_exchange(play, kill)


@each(look_kills())
def test_a_refund_that_failed_later_is_owed_again_once_or_a_person_is_called(play: Stage, kill: Kill) -> None:
    kill_look(play, kill)


def test_the_cases_are_all_that_the_declarations_name() -> None:
    """The count that CI promises; and each point is killed at with every kind of money."""
    assert len(CASES) >= AT_LEAST
    assert len({str(one) for one in CASES}) == len(CASES)
    named = {point for one in money_workflows() for point in points_of(one)}
    assert {"complete_checkout.charge.called", "pay_exchange.charge.called", "look_after_refund.sent"} <= named
    assert named - {one.point for one in CASES} == {*NEVER_TAKEN_BACK, *NEVER_DONE}


def test_without_healing_a_killed_sale_is_seen(play: Stage) -> None:
    """Negative control: the check passes nothing that is half done."""
    run_id = play.begin(("stripe",))
    assert play.work_until_killed("complete_checkout.charge.called")
    with pytest.raises(AssertionError):
        check_sale(play, run_id)
    rollback()
    play.heal(run_id)
    assert check_sale(play, run_id) == "done"
