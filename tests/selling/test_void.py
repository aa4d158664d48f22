"""A void: the place is free, the money goes back, in the books too; within the role's limit."""

import psycopg
import pytest
from sqlalchemy import select

from tests.checkout.programme import Sold, hold, pay, put_on, sell, taken
from tests.controls import goes_red
from tests.selling.checking import own_cash, violations
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.database import db
from voelgoed.foundation.signals import subscribe
from voelgoed.foundation.tenancy import current_scope, rows
from voelgoed.foundation.tenancy.organization import Organization
from voelgoed.foundation.web import Problem
from voelgoed.ledger.balances import balance_of
from voelgoed.ledger.chart import ROUNDING, sales_at, vat_at
from voelgoed.ledger.entry import JournalEntry
from voelgoed.payments.payment import Payment, Refund
from voelgoed.selling import refund_checkout as refunding
from voelgoed.selling import voiding
from voelgoed.selling.void import void_ticket
from voelgoed.ticketing import entered
from voelgoed.ticketing.ticket import TicketVoid


@pytest.fixture
def selling(personas):
    with personas.home.scope("manager"):
        yield personas


def balances(programme):
    headings = (own_cash(), sales_at(1500), vat_at(1500), ROUNDING)
    return [balance_of(one, "ZAR") for one in headings]


def refusal(ticket, *, limited):
    with pytest.raises(Problem) as caught:
        void_ticket(ticket, "because", limited=limited)
    return caught.value.status, caught.value.type


def test_a_void_gives_the_money_and_the_place_back(selling):
    told = []
    subscribe("ticket.voided", lambda **said: told.append(said["ticket_id"]))
    programme = put_on(Sold(price_cents=23000, bodies=2))
    ticket = sell(programme)[0]
    void_ticket(ticket, "wrong day", limited=False)
    commit()
    assert rows(TicketVoid).one().reason == "wrong day"
    assert told[-1:] == [ticket.id]
    assert taken(programme) == {"Adult 0": 0}
    assert balances(programme) == [0, 0, 0, 0]
    sale, void = rows(JournalEntry).order_by(JournalEntry.id).all()
    assert (void.kind, void.reverses_id) == ("void", sale.id)
    assert violations() == {}


def test_a_sale_voided_in_parts_returns_exactly_what_was_paid(selling):
    programme = put_on(Sold(price_cents=5003))
    tickets = sell(programme, 3)
    assert balances(programme)[0] == 15000
    paid_back = []
    for ticket in tickets:
        void_ticket(ticket, "rain", limited=False)
        commit()
        assert violations() == {}
        paid_back.append(balances(programme)[0])
    assert paid_back == [10000, 5000, 0]
    assert balances(programme) == [0, 0, 0, 0]
    assert rows(JournalEntry).filter(JournalEntry.reverses_id.is_not(None)).count() == 0


def test_only_the_cash_is_rounded_and_the_tax_is_not(selling):
    programme = put_on(Sold(price_cents=10006))
    outcome = pay(hold(programme), 20000)
    assert outcome.results["charge"][0]["change_cents"] == 10000
    assert balances(programme) == [10000, -8701, -1305, 6]
    payment = rows(Payment).one()
    assert (payment.amount_cents, payment.rounding_cents, payment.tendered_cents) == (10006, 6, 20000)
    assert violations() == {}


def test_a_free_ticket_is_voided_without_money(selling):
    programme = put_on(Sold("Free", price_cents=0))
    ticket = sell(programme)[0]
    void_ticket(ticket, "not coming", limited=True)
    commit()
    assert (rows(Refund).count(), rows(JournalEntry).count(), rows(Payment).count()) == (0, 0, 0)
    assert taken(programme) == {"Free 0": 0}
    assert violations() == {}


def test_a_ticket_is_voided_once(selling):
    ticket = sell(put_on())[0]
    void_ticket(ticket, "once", limited=False)
    commit()
    assert refusal(ticket, limited=False) == (409, "already_void")
    assert rows(Refund).count() == 1


def test_the_box_office_voids_up_to_its_limit(selling):
    programme = put_on(Sold(price_cents=23000))
    dear = sell(programme)[0]
    assert refusal(dear, limited=True) == (403, "above_limit")
    own = db.session.scalars(select(Organization).where(Organization.id == current_scope().organization_id)).one()
    own.box_office_void_limit_cents = 23000
    void_ticket(dear, "within the limit", limited=True)
    commit()
    assert violations() == {}


def test_an_admitted_ticket_is_a_managers_matter(selling, monkeypatch):
    monkeypatch.setattr(entered, "_askers", [])
    ticket = sell(put_on(Sold("Free", price_cents=0)))[0]
    entered.entered_by(lambda ticket_id: ticket_id == ticket.id)
    assert refusal(ticket, limited=True) == (403, "admitted")
    void_ticket(ticket, "fell ill", limited=False)


def test_money_taken_back_twice_is_seen(selling, database):
    """Negative control: the checkers of money see a refund that the sale does not know of."""
    sell(put_on())
    with psycopg.connect(database.url("postgres"), autocommit=True) as connection:
        connection.execute(
            "INSERT INTO return (organization_id, id, checkout_id, key, kind, value_cents, vat_cents, kept_cents,"
            " kept_vat_cents, reason, actor)"
            " SELECT organization_id, id, checkout_id, 'again', 'refund', 1, 0, 0, 0, 'x', 'x' FROM payment"
        )
        connection.execute(
            "INSERT INTO refund (organization_id, id, return_id, payment_id, checkout_id, shift_id, gateway, key,"
            " amount_cents, rounding_cents, reason)"
            " SELECT organization_id, gen_random_uuid(), id, id, checkout_id, shift_id, gateway, 'again',"
            " amount_cents + 1, 0, 'x' FROM payment"
        )
    assert violations() == {"M3": 2, "M4": 1, "M5": 1, "M8": 1}


def test_a_ticket_without_money_and_a_lost_ticket_are_seen(selling, database):
    """Negative control: tickets and money are compared both ways."""
    sell(put_on())
    with psycopg.connect(database.url("postgres"), autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("DELETE FROM pass")
        connection.execute("DELETE FROM ticket")
    assert violations() == {"M3": 1, "I2": 1}
    with psycopg.connect(database.url("postgres"), autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("DELETE FROM checkout_outcome")
    assert violations() == {"M3": 1, "I2": 1, "I4": 1, "M8": 1}


test_without_it_a_ticket_is_voided_twice = goes_red(test_a_ticket_is_voided_once, voiding.hold_tickets, "already_void")
test_without_it_an_admitted_ticket_is_voided = goes_red(
    test_an_admitted_ticket_is_a_managers_matter, voiding.refuse_admitted, "admitted"
)
test_without_it_the_box_office_voids_anything = goes_red(
    test_the_box_office_voids_up_to_its_limit, refunding.parts, "above_limit"
)
