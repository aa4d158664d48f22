"""A sale paid outside: charged once whatever happens, with tickets for it, or the money back."""

import pytest

from tests.checkout.programme import Sold, hold, put_on, taken
from tests.selling.checking import violations
from tests.selling.online import (
    ASKS,
    DECLINES,
    Standing,
    begin,
    carried,
    checkout_of,
    ended,
    paid,
    set_up,
    standing,
)
from voelgoed.checkout.checkout import HoldEnd
from voelgoed.checkout.state import state_of
from voelgoed.foundation import points
from voelgoed.foundation.boundary import commit, rollback
from voelgoed.foundation.tenancy import rows
from voelgoed.foundation.workflow import Done, Failed
from voelgoed.foundation.workflow.journal import RunStuck, WorkflowStep
from voelgoed.ledger.balances import balance_of
from voelgoed.ledger.chart import clearing_of
from voelgoed.payments.capture import Tender
from voelgoed.payments.gateways import budget
from voelgoed.payments.payment import Charge, PayerPage, Payment

GATEWAYS = ("stripe", "paystack")


@pytest.fixture
def programme(world):
    with world.personas.home.scope("box_office"):
        yield put_on(Sold(capacity=10))
        rollback()


@pytest.fixture
def shop(processors, programme):
    return set_up(processors, "stripe")


def stuck(run_id):
    found = [(one.direction, one.step) for one in rows(RunStuck).filter_by(run_id=run_id)]
    rollback()
    return found


def cleared(gateway):
    cents = balance_of(clearing_of(gateway), "ZAR")
    rollback()
    return cents


def test_online_money_becomes_tickets_and_books(programme, processors):
    for gateway in GATEWAYS:
        shop, before = set_up(processors, gateway), cleared(gateway)
        run_id = begin(programme, shop.tender(35000))
        assert isinstance(carried(run_id), Done)
        assert standing(run_id) == Standing([(gateway, 35000)], [], 1, 1)
        assert shop.at.moved() == [("charge", 35000)]
        assert cleared(gateway) == before + 35000
        key = f"{run_id}:charge:0"
        assert (rows(Charge).filter_by(key=key).count(), rows(Payment).filter_by(key=key).count()) == (1, 1)
        rollback()
    assert violations() == {}


def test_a_declined_charge_leaves_nothing(programme, processors):
    for gateway in GATEWAYS:
        shop = set_up(processors, gateway)
        run_id = begin(programme, shop.tender(35000, DECLINES[gateway]))
        assert isinstance(outcome := carried(run_id), Failed)
        assert (outcome.step, bool(outcome.reason)) == ("charge", True)
        assert standing(run_id) == Standing([], ["declined"], 1, 0)
        again = begin(programme, shop.tender(35000), checkout_id=checkout_of(run_id))
        assert isinstance(carried(again), Done)
        assert standing(again) == Standing([(gateway, 35000)], ["declined"], 2, 1)
    assert violations() == {}


def test_split_money_is_taken_outside_first_and_given_back_when_one_declines(programme, shop, processors):
    pay = set_up(processors, "paystack")
    card, cash = Tender("card", 5000, reference="Slip 7"), Tender("cash", 10000, 10000)
    run_id = begin(programme, cash, card, pay.tender(8000), shop.tender(12000))
    assert isinstance(carried(run_id), Done)
    assert standing(run_id) == Standing(
        [("paystack", 8000), ("stripe", 12000), ("card", 5000), ("cash", 10000)], [], 3, 1
    )
    run_id = begin(programme, cash, card, shop.tender(12000), pay.tender(8000, DECLINES["paystack"]))
    assert isinstance(carried(run_id), Failed)
    assert standing(run_id) == Standing([], ["taken_back", "declined"], 3, 0)
    assert shop.at.moved() == [("charge", 12000), ("charge", 12000), ("refund", 12000)]


def test_a_card_machine_needs_nobody_outside(programme):
    run_id = begin(programme, Tender("card", 35000, reference="Slip 8"))
    assert isinstance(carried(run_id), Done)
    assert standing(run_id) == Standing([("card", 35000)], [], 1, 1)
    assert rows(WorkflowStep).filter_by(run_id=run_id).count() == 0
    assert rows(Payment).filter_by(key=f"{run_id}:charge:0").one().reference == "Slip 8"
    rollback()
    assert violations() == {}


def test_who_is_not_sure_of_the_machine_calls_a_person(programme):
    run_id = begin(programme, Tender("card", 35000, reference="Slip 9", outcome="not_sure"))
    assert carried(run_id) is None
    assert stuck(run_id) == [("forward", "charge")]
    assert standing(run_id) == Standing([], [], 1, 0)
    assert state_of(checkout_of(run_id)).word == "paying"
    rollback()


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("fault", ["late", "drop", "error", "rate_limit"])
def test_no_answer_is_looked_for_and_charged_once(programme, processors, monkeypatch, fault, when):
    monkeypatch.setattr(budget, "ALTOGETHER", 0.4)
    for gateway in GATEWAYS:
        shop = set_up(processors, gateway)
        shop.at.fault(fault, when=when, method="POST", **({"seconds": 0.8} if fault == "late" else {}))
        shop.at.fault("error", method="GET", times=2)  # nor does the search say anything, at first
        run_id = begin(programme, shop.tender(35000))
        assert carried(run_id) is None
        assert standing(run_id) == Standing([], [], 1, 0)
        assert isinstance(carried(run_id, looks=500), Done)  # what is late blocks its key until it is there
        assert standing(run_id) == Standing([(gateway, 35000)], [], 1, 1)
        assert shop.at.moved() == [("charge", 35000)]
    assert violations() == {}


def test_the_payers_bank_is_waited_for(programme, shop):
    for do, ends in (("complete", Done), ("fail", Failed)):
        run_id = begin(programme, shop.tender(35000, ASKS))
        assert carried(run_id, looks=3) is None
        page = rows(PayerPage).join(Charge).filter(Charge.key == f"{run_id}:charge:0").one().url
        rollback()
        answer = shop.at.visit(page, do)
        assert f"/home/checkouts/{checkout_of(run_id)}/returned?" in answer.headers["location"]
        assert isinstance(carried(run_id), ends)
        assert standing(run_id).tickets == (1 if ends is Done else 0)
    assert shop.at.moved() == [("charge", 35000)]
    assert violations() == {}


def test_a_payer_who_never_comes_is_let_go(programme, shop, monkeypatch):
    run_id = begin(programme, shop.tender(35000, ASKS))
    assert carried(run_id) is None
    monkeypatch.setattr("voelgoed.payments.take_money.PAYER_HAS", 0.0)
    assert isinstance(carried(run_id), Failed)
    assert standing(run_id) == Standing([], ["declined"], 1, 0)
    assert shop.at.happened()["payment_intent"][0]["status"] == "canceled"


def test_who_answers_nothing_at_all_leaves_it_to_a_person(programme, shop, monkeypatch):
    monkeypatch.setattr("voelgoed.payments.take_money.UNSURE_FOR", 0.0)
    shop.at.fault("drop", when="after", method="POST")
    run_id = begin(programme, shop.tender(35000))
    assert carried(run_id) is None
    assert stuck(run_id) == [("forward", "charge")]
    assert (standing(run_id).tickets, ended(run_id)) == (0, None)
    assert shop.at.moved() == [("charge", 35000)]


def test_money_after_the_hold_is_reserved_again_or_given_back(programme, shop):
    late = hold(programme, 4)
    _let_expire(late)
    assert isinstance(carried(begin(programme, shop.tender(140000), checkout_id=late)), Done)
    assert taken(programme) == {"Adult 0": 4}
    gone = hold(programme, 4)
    _let_expire(gone)
    hold(programme, 6)
    commit()
    run_id = begin(programme, shop.tender(140000), checkout_id=gone)
    assert carried(run_id) == Failed("tickets", "sold_out")
    assert standing(run_id) == Standing([], ["taken_back"], 1, 0)
    assert shop.at.moved() == [("charge", 140000), ("charge", 140000), ("refund", 140000)]
    assert violations() == {}


def _let_expire(checkout_id):
    from voelgoed.checkout.end import end
    from voelgoed.checkout.pools import bodies_of, move, opposite

    held = state_of(checkout_id).hold
    assert end(held.id, "expired")
    move(opposite(bodies_of(held.id)))
    commit()
    assert rows(HoldEnd).count()
    rollback()


@pytest.mark.parametrize("place", ["sale.before_tickets", "sale.written"])
def test_a_step_that_fails_after_the_charge_gives_the_money_back(programme, shop, place):
    with points.armed(place, points.trip):
        run_id = begin(programme, shop.tender(35000))
        assert isinstance(carried(run_id), Failed)
    assert standing(run_id) == Standing([], ["taken_back"], 1, 0)
    assert shop.at.moved() == [("charge", 35000), ("refund", 35000)]
    assert taken(programme) == {"Adult 0": 1}  # its hold runs on: the sale may be paid again
    assert violations() == {}


def test_giving_back_is_tried_until_it_is_certain(programme, shop):
    run_id = begin(programme, shop.tender(35000))
    with points.armed("sale.written", points.trip):
        shop.at.fault("drop", when="after", method="POST", path="/v1/refunds")
        assert carried(run_id) is None
        assert isinstance(carried(run_id, looks=3), Failed)
    assert standing(run_id) == Standing([], ["taken_back"], 1, 0)
    assert shop.at.moved() == [("charge", 35000), ("refund", 35000)]


def test_a_cash_sale_writes_no_charge_and_no_step(programme):
    run_id = begin(programme, Tender("cash", 35000, 40000))
    assert isinstance(carried(run_id), Done)
    assert standing(run_id) == Standing([("cash", 35000)], [], 0, 1)
    assert rows(WorkflowStep).filter_by(run_id=run_id).count() == 0
    rollback()


def test_two_charges_of_one_gateway_have_keys_of_their_own(programme, shop):
    assert isinstance(paid(programme, shop.tender(15000), shop.tender(20000)), Done)
    assert shop.at.moved() == [("charge", 15000), ("charge", 20000)]
