"""A refund by tickets or by amount: what remains adds up in cents and VAT, and never more goes back than came in."""

from dataclasses import replace
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as each
from hypothesis import strategies as st
from werkzeug.exceptions import NotFound

from tests.checkout.programme import Sold, hold, put_on, sell, taken
from tests.controls import goes_red
from tests.selling.checking import own_cash, violations
from voelgoed.checkout.checkout import CheckoutLine
from voelgoed.checkout.price import included_vat
from voelgoed.foundation.boundary import commit, rollback
from voelgoed.foundation.tenancy import rows
from voelgoed.foundation.web import Problem
from voelgoed.ledger.balances import balance_of
from voelgoed.ledger.chart import ROUNDING, kept_at, sales_at, vat_at
from voelgoed.ledger.entry import JournalEntry
from voelgoed.payments.payment import Return, ReturnLine
from voelgoed.selling import refund_checkout as refunding
from voelgoed.selling.refund_checkout import RefundCheckout, refund_checkout
from voelgoed.selling.remains import Left, part_of_amount
from voelgoed.ticketing.ticket import TicketVoid


@pytest.fixture
def selling(personas):
    with personas.home.scope("manager"):
        yield personas


def sale_of(ticket):
    return rows(CheckoutLine).get(ticket.checkout_line_id).checkout_id


def refund(checkout_id, tickets=(), **more):
    asked = RefundCheckout(checkout_id, "refund", "rain", f"test:{uuid4()}", tuple(one.id for one in tickets))
    done = refund_checkout.here(replace(asked, **more))
    commit()
    return done["given"]


def refused(*arguments, **more):
    with pytest.raises(Problem) as caught:
        refund(*arguments, **more)
    rollback()
    return caught.value.status, caught.value.type


def balances():
    return [balance_of(one, "ZAR") for one in (own_cash(), sales_at(1500), vat_at(1500), ROUNDING)]


def test_some_tickets_then_the_rest_give_back_exactly_what_came_in(selling):
    programme = put_on(Sold(price_cents=5003, bodies=2), Sold("Child", price_cents=2501, vat_rate_bp=0))
    tickets = sell(programme, 4)
    given = refund(sale_of(tickets[0]), tickets[:1])
    assert (given.kind, given.value_cents, given.vat_cents) == ("refund", 5003, 2610 - 1958)
    assert rows(TicketVoid).one().cause == "refunded"
    assert taken(programme)["Adult 0"] == 6
    assert violations() == {}
    refund(sale_of(tickets[0]), tickets[1:])
    assert taken(programme)["Adult 0"] == 0
    assert balances() == [0, 0, 0, 0]
    assert sum(one.vat_cents for one in rows(ReturnLine)) == 2610
    assert violations() == {}


def test_an_amount_takes_no_ticket_back_and_lowers_what_the_tickets_are_worth(selling):
    programme = put_on(Sold(price_cents=10000))
    tickets = sell(programme, 2)
    sale = sale_of(tickets[0])
    given = refund(sale, amount_cents=3000)
    assert (given.value_cents, given.vat_cents) == (3000, 2609 - 2217)
    assert rows(TicketVoid).count() == 0
    assert taken(programme)["Adult 0"] == 2
    assert balances() == [17000, -17000 + 2217, -2217, 0]
    assert violations() == {}
    assert refund(sale, tickets[:1]).value_cents == 8500
    assert refused(sale, amount_cents=8501) == (409, "too_much")
    assert refund(sale, tickets[1:]).value_cents == 8500
    assert balances() == [0, 0, 0, 0]
    assert violations() == {}


def test_cash_is_handed_over_in_coins_that_there_are(selling):
    sale = sale_of(sell(put_on(Sold(price_cents=10000)))[0])
    refund(sale, amount_cents=4)
    assert balance_of(own_cash(), "ZAR") == 9990
    refund(sale, amount_cents=9996)
    assert balances() == [0, 0, 0, 0]
    assert violations() == {}


def test_a_charge_is_kept_with_its_tax(selling):
    tickets = sell(put_on(Sold(price_cents=23000)), 2)
    given = refund(sale_of(tickets[0]), tickets, kind="cancel", kept_bp=2500)
    assert (given.value_cents, given.kept_cents, given.kept_vat_cents) == (46000, 11500, 1500)
    assert balances() == [11500, 0, -1500, 0]
    assert balance_of(kept_at(1500), "ZAR") == -10000
    assert rows(JournalEntry).filter(JournalEntry.reverses_id.is_not(None)).count() == 0
    assert refused(sale_of(tickets[0]), amount_cents=1) == (409, "too_much")
    assert violations() == {}


def test_what_was_not_paid_or_is_void_is_refused(selling):
    programme = put_on()
    held = hold(programme)
    assert refused(held, amount_cents=1) == (409, "not_paid")
    tickets = sell(programme, 2)
    refund(sale_of(tickets[0]), tickets[:1])
    assert refused(sale_of(tickets[0]), tickets) == (409, "already_void")
    assert rows(TicketVoid).count() == 1
    assert violations() == {}


def test_a_limited_person_gives_back_up_to_the_limit(selling):
    sale = sale_of(sell(put_on())[0])
    assert refused(sale, amount_cents=1, limited=True) == (403, "above_limit")
    assert rows(Return).count() == 0


def test_cash_needs_a_drawer(selling):
    tickets = sell(put_on())
    with selling.home.scope("accountant"):
        assert refused(sale_of(tickets[0]), tickets) == (409, "no_open_shift")
    assert rows(Return).count() == 0
    assert rows(TicketVoid).count() == 0


def test_an_outsider_finds_no_sale(selling):
    tickets = sell(put_on())
    sale = sale_of(tickets[0])
    with selling.abroad.scope("owner"), pytest.raises(NotFound):
        refund(sale, amount_cents=1)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # the first draw compiles, on a busy machine
@each(
    st.lists(st.tuples(st.integers(1, 10**7), st.sampled_from([0, 700, 1500])), min_size=1, max_size=5),
    st.lists(st.integers(0, 1000), max_size=6),
)
def test_parts_of_any_sale_add_up(lines, shares):
    """However it is taken back in parts: no line gives more than it has, and VAT taken plus VAT left is the line's."""
    left = [
        Left(CheckoutLine(organization_id=uuid4(), vat_rate_bp=rate), 1, cents, included_vat(cents, rate))
        for cents, rate in lines
    ]
    whole = {id(one.line): [one.cents, one.vat_cents] for one in left}
    for share in [*shares, 1000]:
        amount = share * sum(one.cents for one in left) // 1000
        parts = {id(part.left.line): part for part in part_of_amount(left, amount)}
        assert sum(part.cents for part in parts.values()) == amount
        after = []
        for one in left:
            part = parts.get(id(one.line))
            cents, vat = (part.cents, part.vat_cents) if part else (0, 0)
            assert 0 <= cents <= one.cents
            assert 0 <= vat <= one.vat_cents
            whole[id(one.line)][0] -= cents
            whole[id(one.line)][1] -= vat
            after.append(Left(one.line, 1, one.cents - cents, one.vat_cents - vat))
        left = after
    assert all(rest == [0, 0] for rest in whole.values())
    with pytest.raises(ValueError, match="more than the 0"):
        part_of_amount(left, 1)


test_without_it_a_limited_person_gives_back_anything = goes_red(
    test_a_limited_person_gives_back_up_to_the_limit, refunding.parts, "above_limit"
)
test_without_it_what_was_not_paid_is_given_back = goes_red(
    test_what_was_not_paid_or_is_void_is_refused, refunding.sale, "not_paid"
)
