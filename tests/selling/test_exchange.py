"""An exchange: old tickets void, new ones made, the difference paid or given back; all of it or nothing."""

from uuid import uuid4

import pytest
from werkzeug.exceptions import NotFound

from tests.checkout.programme import Sold, put_on, sell, taken
from tests.selling.checking import own_cash, violations
from tests.selling.online import set_up
from tests.selling.refunding import carry_all, ends, sold
from voelgoed.checkout.checkout import Checkout, CheckoutLine
from voelgoed.foundation.boundary import commit, rollback
from voelgoed.foundation.tenancy import rows
from voelgoed.foundation.web import Problem
from voelgoed.ledger.balances import balance_of
from voelgoed.ledger.chart import REFUNDS_PAYABLE, ROUNDING, clearing_of
from voelgoed.payments.capture import Tender
from voelgoed.payments.payment import Payment, Refund, Return
from voelgoed.selling.exchange_tickets import ExchangeTickets, exchange_once
from voelgoed.selling.refund_checkout import RefundCheckout, refund_once
from voelgoed.selling.told import as_it_stands, tickets_of
from voelgoed.ticketing.ticket import Ticket, TicketVoid


@pytest.fixture
def selling(personas):
    with personas.home.scope("manager"):
        yield personas
        rollback()


def sale_of(ticket):
    return rows(CheckoutLine).get(ticket.checkout_line_id).checkout_id


def exchange(tickets, programme, name, quantity=None, **more):
    asked = ExchangeTickets(
        sale_of(tickets[0]), tuple(one.id for one in tickets), programme.event_id, programme.types[name],
        quantity or len(tickets), "other day", more.pop("key", None) or uuid4(), **more,
    )  # fmt: skip
    made = exchange_once(asked)
    commit()
    return made


def refused(*arguments, **more):
    with pytest.raises(Problem) as caught:
        exchange(*arguments, **more)
    rollback()
    return caught.value


def valid():
    void = {one.ticket_id for one in rows(TicketVoid)}
    return [one.serial[:8] for one in rows(Ticket).order_by(Ticket.number) if one.id not in void]


def balances(*headings):
    return [balance_of(one, "ZAR") for one in headings]


def refund_all(checkout, key):
    tickets = tuple(one.id for one in tickets_of(checkout))
    refund_once(RefundCheckout(checkout.id, "refund", "rain", f"test:{key}", tickets))
    commit()


CREDIT = clearing_of("credit")


def test_for_the_same_price_no_money_moves(selling):
    programme = put_on(Sold("Friday", 23000), Sold("Saturday", 23000))
    old = sell(programme, 2, "Friday")
    key = uuid4()
    made = exchange(old, programme, "Saturday", key=key)
    assert exchange(old, programme, "Saturday", key=key).id == made.id
    assert (made.total_cents, made.number, as_it_stands(made)[0]) == (46000, 2, "paid")
    assert valid() == ["A-000003", "A-000004"]
    assert taken(programme) == {"Friday 0": 0, "Saturday 0": 2}
    assert balances(own_cash(), CREDIT) == [46000, 0]
    assert [(one.kind, one.value_cents) for one in rows(Return)] == [("exchange", 46000)]
    assert [(one.gateway, one.amount_cents) for one in rows(Payment).order_by(Payment.id)] == [
        ("cash", 46000), ("credit", 46000)
    ]  # fmt: skip
    assert violations() == {}


def test_for_a_higher_price_the_difference_is_paid(selling):
    programme = put_on(Sold("Adult", 10000), Sold("Family", 35050, bodies=4))
    old = sell(programme, 2, "Adult")
    problem = refused(old[:1], programme, "Family")
    assert (problem.type, problem.extra["due_cents"]) == ("payment_needed", 25050)
    assert refused(old[:1], programme, "Family", tender=Tender("cash", 0, 25000)).type == "too_little"
    assert (rows(Checkout).count(), valid()) == (1, ["A-000001", "A-000002"])
    exchange(old[:1], programme, "Family", tender=Tender("cash", 0, 30000))
    assert balances(own_cash(), CREDIT) == [45050, 0]
    assert violations() == {}
    exchange(old[1:], programme, "Family", tender=Tender("card", 0, reference="Slip 4"))
    assert balances(own_cash(), CREDIT, clearing_of("card")) == [45050, 0, 25050]
    assert taken(programme) == {"Adult 0": 0, "Family 0": 8}
    assert violations() == {}


def test_for_a_lower_price_the_difference_goes_back(selling):
    programme = put_on(Sold("Adult", 35050), Sold("Child", 10000))
    old = sell(programme, 2, "Adult")
    exchange(old[:1], programme, "Child")
    assert balances(own_cash(), CREDIT) == [45050, 0]
    exchange(old[1:], programme, "Child")
    assert balances(own_cash(), CREDIT) == [20000, 0]
    assert violations() == {}


def test_cents_that_no_coin_pays_are_booked_as_rounding(selling):
    programme = put_on(Sold("One", 10006), Sold("Other", 10006))
    made = exchange(sell(programme, 1, "One"), programme, "Other")
    assert balances(own_cash(), CREDIT, ROUNDING) == [10000, 0, 6]
    assert violations() == {}
    refund_all(made, "all")
    assert balances(own_cash(), CREDIT, ROUNDING) == [0, 0, 0]
    assert violations() == {}


def test_for_another_event(selling):
    here, there = put_on(Sold("Adult", 20000), name="Here"), put_on(Sold("Adult", 20000), name="There")
    made = exchange(sell(here), there, "Adult")
    assert (made.event_id, made.number) == (there.event_id, 1)
    assert (taken(here), taken(there)) == ({"Adult 0": 0}, {"Adult 0": 1})
    assert violations() == {}


def test_what_cannot_be_had_leaves_all_as_it_was(selling):
    programme = put_on(Sold("Adult", 20000), Sold("Few", 20000, capacity=1))
    old = sell(programme, 2, "Adult")
    assert refused(old, programme, "Few").type == "sold_out"
    with selling.abroad.scope("owner"):
        abroad = put_on(Sold("Adult", 20000))
    with pytest.raises(NotFound):
        exchange(old, abroad, "Adult")
    rollback()
    assert refused(old, programme, "Few", limited=True).type == "above_limit"
    assert (valid(), taken(programme)) == (["A-000001", "A-000002"], {"Adult 0": 2, "Few 0": 0})
    exchange(old[:1], programme, "Few")
    assert refused(old[:1], programme, "Few").type == "already_void"
    assert violations() == {}


def test_the_last_place_is_exchanged_within_its_own_pool(selling):
    programme = put_on(Sold("Adult", 20000, capacity=1))
    exchange(sell(programme), programme, "Adult")
    assert (valid(), taken(programme)) == (["A-000002"], {"Adult 0": 1})


def test_what_was_paid_by_card_online_goes_back_there_after_two_exchanges(selling, processors):
    programme = put_on(Sold("A", 30000), Sold("B", 30000), Sold("C", 25000))
    shop = set_up(processors, "stripe")
    first = sold(programme, shop.tender(30000))
    second = exchange(tickets_of(rows(Checkout).get(first)), programme, "B")
    third = exchange(tickets_of(second), programme, "C")
    carry_all()
    assert shop.at.moved() == [("charge", 30000), ("refund", 5000)]
    refund_all(third, "third")
    carry_all()
    assert shop.at.moved()[2:] == [("refund", 25000)]
    assert ends() == [("stripe", "sent", 5000), ("stripe", "sent", 25000)]
    assert balances(CREDIT, REFUNDS_PAYABLE, clearing_of("stripe"), own_cash()) == [0, 0, 0, 0]
    assert rows(Refund).filter(Refund.origin_id.is_not(None)).count() == 3
    assert violations() == {}
