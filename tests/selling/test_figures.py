"""Cents that only a certain figure shows: coins in the books, rates that meet in one sale, limits to the cent."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from types import SimpleNamespace
from uuid import UUID, uuid4

import pytest
from hypothesis import given as each
from hypothesis import strategies as st

from tests.checkout.programme import Programme, Sold, hold, pay, put_on, taken
from tests.controls import goes_red
from tests.personas import Personas
from tests.selling.checking import own_cash, violations
from tests.selling.test_paying_outside import _let_expire as let_expire
from voelgoed.checkout.checkout import Checkout
from voelgoed.checkout.open import open_checkout
from voelgoed.foundation.boundary import commit, rollback
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import rows
from voelgoed.foundation.web import Problem
from voelgoed.foundation.workflow import Done, carry_on
from voelgoed.ledger.balances import balance_of
from voelgoed.ledger.chart import ROUNDING, kept_at, sales_at, vat_at
from voelgoed.payments import give_back as giving
from voelgoed.payments import reconcile_match, take_money
from voelgoed.payments.capture import Tender, why_not
from voelgoed.payments.gateways import Captured
from voelgoed.payments.give_back import give_back
from voelgoed.payments.payment import Payment, Refund, Return
from voelgoed.payments.take_money import Unsure
from voelgoed.selling.begin import begin_to_pay
from voelgoed.selling.exchange_tickets import ExchangeTickets, exchange_once
from voelgoed.selling.refund_checkout import RefundCheckout, refund_once
from voelgoed.selling.remains import Left, Part
from voelgoed.ticketing.ticket import Ticket
from voelgoed.tills.own_shift import need_own_shift


@pytest.fixture
def seller(personas: Personas) -> Iterator[None]:
    with personas.home.scope("manager"):
        yield
        rollback()
        assert violations() == {}


def both(programme: Programme, **more: int) -> UUID:
    """Sell one of each type in cash; returns the checkout."""
    lines = [(type_id, 1) for type_id in programme.types.values()]
    checkout_id = open_checkout(programme.event, lines, key=uuid4()).id
    commit()
    assert isinstance(pay(checkout_id, **more), Done)
    return checkout_id


@pytest.mark.usefixtures("seller")
def test_what_no_coin_pays_is_rounding_in_the_books_and_change_is_of_what_was_due() -> None:
    sale = both(put_on(Sold(price_cents=5003), Sold("Child", price_cents=2504)), tendered_cents=10000)
    paid = rows(Payment).filter_by(checkout_id=sale).one()
    assert (paid.amount_cents, paid.rounding_cents, paid.change_cents) == (7507, 7, 2500)
    assert [balance_of(one, "ZAR") for one in (own_cash(), ROUNDING)] == [7500, 7]


@pytest.mark.usefixtures("seller")
def test_a_charge_that_is_kept_of_several_rates_bears_the_highest() -> None:
    """What is kept is a supply of its own: at the rate of the ticket that bears most, never at nought beside it."""
    sale = both(put_on(Sold(price_cents=23000), Sold("Book", price_cents=23000, vat_rate_bp=0)))
    tickets = tuple(one.id for one in rows(Ticket).filter(Ticket.checkout_line.has(checkout_id=sale)))
    refund_once(RefundCheckout(sale, "cancel", "ill", f"test:{sale}", tickets, kept_bp=2500))
    commit()
    assert balance_of(kept_at(1500), "ZAR") == -10000
    assert balance_of(vat_at(1500), "ZAR") == -1500
    assert [balance_of(one, "ZAR") for one in (sales_at(1500), sales_at(0), kept_at(0))] == [0, 0, 0]


@each(cents=st.integers(0, 10**7), part=st.integers(0, 10**7), rate=st.sampled_from((0, 1, 900, 1500, 2000)))
def test_the_vat_of_a_part_is_what_the_rest_no_longer_holds(cents: int, part: int, rate: int) -> None:
    """To the cent, reckoned with fractions: VAT inside of an amount, half a cent rounded up, once for what remains."""

    def inside(amount: int) -> int:
        return math.floor(Fraction(amount * rate, 10_000 + rate) + Fraction(1, 2))

    part = min(part, cents)
    left = Left(SimpleNamespace(vat_rate_bp=rate), 1, cents, inside(cents))
    assert Part(left, 0, part).vat_cents == inside(cents) - inside(cents - part)


@pytest.mark.usefixtures("seller")
@pytest.mark.parametrize(("tendered", "says"), [(990, "too_little"), (1000, None)])
def test_a_difference_is_paid_whole_to_the_last_coin(tendered: int, says: str | None) -> None:
    programme = put_on(Sold(price_cents=5000), Sold("Better", price_cents=6000))
    sale = hold(programme, name="Adult")
    assert isinstance(pay(sale), Done)
    tickets = tuple(one.id for one in rows(Ticket).filter(Ticket.checkout_line.has(checkout_id=sale)))
    asked = ExchangeTickets(sale, tickets, programme.event_id, programme.types["Better"], 1, "nearer", uuid4())
    said = None
    try:
        exchange_once(replace(asked, tender=Tender("cash", 0, tendered)))
        commit()
    except Problem as problem:
        rollback()
        said = problem.type
    assert (said, balance_of(own_cash(), "ZAR")) == (says, 5000 if says else 6000)


@pytest.mark.usefixtures("seller")
def test_places_that_are_taken_anew_are_as_many_as_were_held() -> None:
    programme = put_on(Sold("Family", bodies=4, capacity=40))
    sale = hold(programme, 2)
    let_expire(sale)
    assert taken(programme) == {"Family 0": 0}
    assert isinstance(pay(sale), Done)
    assert taken(programme) == {"Family 0": 8}


@pytest.mark.usefixtures("seller")
def test_not_a_cent_more_goes_back_than_a_sale_holds() -> None:
    """The guard beneath the refund's own: whoever calls it with too much."""
    sale = hold(put_on(Sold(price_cents=5000)))
    assert isinstance(pay(sale), Done)
    checkout = rows(Checkout).get(sale)
    given = Return(
        checkout_id=sale, shift_id=need_own_shift().id, key="test", kind="refund", reason="rain", value_cents=5001,
        vat_cents=0, kept_cents=0, kept_vat_cents=0, actor="a test",
    )  # fmt: skip
    db.session.add(given)
    db.session.flush()
    with pytest.raises(Problem, match="too_much"):
        give_back(given, checkout, 5001)
    rollback()


def test_cash_is_one_payment_however_it_adds_up() -> None:
    whole = Tender("cash", 35000, 35000)
    assert why_not(35000, 10, [whole]) is None
    assert why_not(35000, 10, [whole, whole]) == "one_cash_payment"
    assert why_not(35000, 10, [Tender("card", 0, reference="1"), whole]) == "wrong_amount"


@pytest.mark.parametrize(
    ("cents", "given_back", "sure"),
    [(35000, False, True), (35001, False, False), (34999, False, False), (35000, True, False)],
)
def test_only_what_was_asked_for_and_is_still_there_pays(cents: int, given_back: bool, sure: bool) -> None:
    errand = SimpleNamespace(asking=SimpleNamespace(amount_cents=35000))
    captured = replace(Captured("pi_1", cents, 0), given_back=given_back)
    if sure:
        assert take_money._whole(errand, captured) is captured
    else:
        with pytest.raises(Unsure):
            take_money._whole(errand, captured)


@pytest.mark.parametrize(("theirs", "says"), [(35000, None), (34999, "amount"), (35001, "amount")])
def test_a_list_that_says_more_or_less_differs(theirs: int, says: str | None) -> None:
    item, mine = SimpleNamespace(amount_cents=theirs), SimpleNamespace(amount_cents=35000)
    assert reconcile_match._kind(item, mine, again=False) == says


@pytest.mark.usefixtures("seller")
def test_money_goes_back_outside_first_and_in_cash_last() -> None:
    sale = hold(put_on(Sold(price_cents=35000)))
    run_id = begin_to_pay(rows(Checkout).get(sale), [Tender("cash", 15000), Tender("card", 20000, reference="Slip 1")])
    commit()
    assert isinstance(carry_on(run_id), Done)
    given = refund_once(RefundCheckout(sale, "refund", "rain", f"test:{sale}", amount_cents=20500))
    commit()
    back = rows(Refund).filter_by(return_id=given.id).order_by(Refund.id)
    assert [(one.gateway, one.amount_cents) for one in back] == [("card", 20000), ("cash", 500)]


test_without_it_more_goes_back_than_a_sale_holds = goes_red(
    test_not_a_cent_more_goes_back_than_a_sale_holds, giving.give_back, "too_much"
)
