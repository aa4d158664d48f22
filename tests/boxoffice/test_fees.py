"""Fees: made by a manager, in the price, on the paper, in the books, given back by their rule."""

from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import func, select

from tests.checkout.programme import Sold, hold, pay, put_on
from tests.selling.checking import violations
from voelgoed.boxoffice.figures import sold_in
from voelgoed.checkout.checkout import Checkout
from voelgoed.checkout.fee import CheckoutFee, Fee
from voelgoed.foundation import waiting
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import rows
from voelgoed.foundation.tenancy.organization import Organization
from voelgoed.ledger.entry import Account, JournalLine
from voelgoed.payments.payment import Refund, Return
from voelgoed.payments.return_fee import ReturnFee
from voelgoed.selling.cancel import cancellation
from voelgoed.selling.cancellation_charge import CancellationCharge
from voelgoed.selling.exchange_tickets import ExchangeTickets, exchange_once
from voelgoed.selling.invoice import Invoice
from voelgoed.selling.refund_checkout import RefundCheckout, refund_once
from voelgoed.ticketing.ticket import Ticket
from voelgoed.tills.own_shift import need_own_shift

FORM = {"name": "Booking fee", "per": "ticket", "kind": "amount", "amount": "11.50", "vat_rate_bp": "1500"}


@pytest.fixture
def programme(personas, monkeypatch):
    monkeypatch.setattr(waiting, "STEP_IN_AFTER", 0.0)
    with personas.home.scope():
        rows(Organization).one().vat_vendor = True
        rows(Organization).one().vat_number = "4012345678"
        return put_on(Sold("Adult", price_cents=23000, capacity=20), Sold("Free", price_cents=0, capacity=20))


def ask(programme, **more):
    """Have the event ask a fee."""
    said = {"name": "Fee", "per": "ticket", "kind": "amount", "amount_cents": 1150, "vat_rate_bp": 1500} | more
    db.session.add(Fee(event_id=programme.event_id, **said))
    commit()


def balances():
    """Return heading → credits less debits, in cents, of what was earned and owed as VAT."""
    statement = (
        select(Account.code, -func.sum(JournalLine.amount_cents))
        .join(JournalLine, JournalLine.account_id == Account.id)
        .where(Account.code.like("4%") | Account.code.like("21%"))
        .group_by(Account.code)
    )
    return {code: int(cents) for code, cents in db.session.execute(statement) if cents}


def given():
    return db.session.scalar(select(func.sum(Refund.amount_cents))) or 0


def test_a_manager_asks_a_fee_and_every_price_has_it(personas, programme):
    manager, clerk = personas.client("manager"), personas.client("box_office")
    path = f"/home/events/{programme.event_id}"
    assert "No fee" in manager.get(f"{path}/fees").text
    for wrong, words in (
        ({"name": ""}, "error"), ({"amount": ""}, "How much"), ({"kind": "percent"}, "How much"),
        ({"kind": "percent", "percent": "101"}, "error"), ({"amount": "0"}, "error"), ({"channel": "moon"}, "error"),
    ):  # fmt: skip
        answer = manager.post(f"{path}/fees", data=FORM | wrong)
        assert (answer.status_code, words in answer.text) == (422, True), wrong
    assert manager.post(f"{path}/fees", data=FORM).status_code == 303
    assert "another fee" in manager.post(f"{path}/fees", data=FORM).text.lower()
    share = {"name": "Card levy", "per": "sale", "kind": "percent", "percent": "2.5", "giving_back": "kept"}
    assert manager.post(f"{path}/fees", data=share | {"vat_rate_bp": "0"}).status_code == 303
    assert "2.5 %" in manager.get(f"{path}/fees").text
    line = {"ticket_type_id": str(programme.types["Adult"]), "quantity": 2}
    held = clerk.post(f"{path}/checkouts", json={"lines": [line], "key": str(uuid4())}).json
    assert held["total_cents"] == 46000 + 2300 + 1150
    assert [(one["name"], one["quantity"], one["total_cents"], one["vat_cents"]) for one in held["fees"]] == [
        ("Booking fee", 2, 2300, 300), ("Card levy", 1, 1150, 0),
    ]  # fmt: skip
    money = {"payments": [{"gateway": "cash", "amount_cents": 49450}]}
    assert clerk.post(f"/home/checkouts/{held['id']}/complete", json=money).status_code == 200
    receipt = clerk.get(f"/home/checkouts/{held['id']}/receipt").text
    assert all(words in receipt for words in ("Tax invoice", "Booking fee, VAT R3.00 in it", "Card levy", "R494.50"))
    sale = clerk.get(f"/home/sales/{held['id']}").text
    assert "2 × Booking fee" in sale
    assert "R63.00" in sale, "VAT of tickets and fees"
    with personas.home.scope("box_office"):
        sold = [tuple(one.values())[1:] for one in sold_in(need_own_shift())]
        assert sold == [("Adult", 2, 46000, 6000), ("Booking fee", 2, 2300, 300), ("Card levy", 1, 1150, 0)]
        assert rows(Invoice).one().vat_cents == 6300
        assert balances() == {"2100-1500": 6300, "4000-1500": 40000, "4100-0": 1150, "4100-1500": 2000}
        fee = rows(Fee).filter_by(name="Booking fee").one()
        change = f"{path}/fees/{fee.id}"
    assert 'value="11.50"' in manager.get(change).text
    assert manager.post(change, data=FORM | {"amount": "20"}).status_code == 303
    assert manager.post(f"{change}/archive").status_code == 303
    assert manager.get(change).status_code == 404
    held = clerk.post(f"{path}/checkouts", json={"lines": [line], "key": str(uuid4())}).json
    assert [one["name"] for one in held["fees"]] == ["Card levy"]
    assert manager.post(f"{path}/fees", data=FORM).status_code == 303, "the name is free again"
    assert violations() == {}


def test_what_is_free_bears_none_and_completes_at_once(personas, programme):
    with personas.home.scope("box_office"):
        ask(programme)
        free = rows(Checkout).get(hold(programme, 2, "Free"))
        assert (free.total_cents, free.fees_cents) == (0, 0)
        pay(free.id)
        rows(Fee).one().archived_at = func.now()
        commit()
        assert rows(Checkout).get(hold(programme, 1)).total_cents == 23000, "a fee put away hides no type"
    assert violations() == {}


def sold(programme, quantity=2):
    """Sell so many; return the sale and its tickets."""
    sale = hold(programme, quantity)
    pay(sale)
    return sale, [one.id for one in rows(Ticket).order_by(Ticket.number)]


def test_a_tickets_fee_goes_with_it_and_the_sales_with_the_last(personas, programme):
    with personas.home.scope("manager"):
        ask(programme)
        ask(programme, name="Sale fee", per="sale", amount_cents=2300)
        sale, tickets = sold(programme)
        refund_once(RefundCheckout(sale, "refund", "rain", "a", (tickets[0],)))
        commit()
        assert given() == 24150
        refund_once(RefundCheckout(sale, "refund", "rain", "b", (tickets[1],)))
        commit()
        assert given() == 2 * 24150 + 2300
        assert balances() == {}
    page = personas.client("manager").get(f"/home/sales/{sale}").text
    assert "refunded" in page.lower()
    assert violations() == {}


def test_a_fee_is_kept_unless_the_customer_is_owed_all(personas, programme):
    with personas.home.scope("manager"):
        ask(programme, kept=True)
        db.session.add(CancellationCharge(event_id=programme.event_id, days_before=365, percent_bp=1000))
        sale, tickets = sold(programme, 4)
        event = programme.event
        refund_once(cancellation(event, sale, (tickets[0],), "changed_mind", "away", "a"))
        commit()
        assert given() == 23000 - 2300, "the scale takes of the ticket, the fee stays"
        refund_once(cancellation(event, sale, (tickets[1],), "hospital", "ill", "b"))
        commit()
        assert given() == 20700 + 24150
        refund_once(RefundCheckout(sale, "refund", "sorry", "c", amount_cents=48300 + 1150))
        commit()
        assert given() == 20700 + 24150 + 49450, "an amount may give a kept fee back"
        assert balances() == {"2100-1500": 300, "4200-1500": 2000}
    assert violations() == {}


def test_a_reversal_gives_every_fee_back_and_mirrors_the_sale(personas, programme):
    with personas.home.scope("box_office"):
        ask(programme, kept=True)
        sale, _ = sold(programme)
    clerk = personas.client("box_office")
    assert clerk.post(f"/home/sales/{sale}/reversals", data={"key": str(uuid4())}).status_code == 303
    with personas.home.scope("box_office"):
        assert given() == 48300
        assert balances() == {}
        assert sum(one.value_cents for one in rows(ReturnFee)) == 2300
    assert violations() == {}


def test_an_exchange_asks_no_fee_again_and_leaves_the_old_ones(personas, programme):
    with personas.home.scope("manager"):
        ask(programme)
        sale, tickets = sold(programme)
        swap = ExchangeTickets(sale, (tickets[0],), programme.event_id, programme.types["Adult"], 1, "date", uuid4())
        new = exchange_once(swap)
        commit()
        assert (new.total_cents, new.fees_cents) == (23000, 0)
        assert rows(Return).one().value_cents == 23000
    assert violations() == {}


def test_the_checkers_see_a_fee_that_is_off(personas, programme, database):
    """Negative control: what finds nothing above finds a fee that was lost, and one given back twice."""
    with personas.home.scope("manager"):
        ask(programme)
        sale, tickets = sold(programme)
        refund_once(RefundCheckout(sale, "refund", "rain", "a", (tickets[0],)))
        commit()
        assert rows(CheckoutFee).one().total_cents == 2300
    with psycopg.connect(database.url("postgres"), autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("UPDATE return_fee SET value_cents = value_cents + 100")
        assert violations() == {"M3": 2}
        connection.execute("UPDATE return_fee SET value_cents = value_cents - 100")
        connection.execute("UPDATE checkout_fee SET total_cents = total_cents - 100")
    assert violations() == {"M3": 1, "I5": 1}


def test_others_ask_no_fees(personas, programme):
    with personas.home.scope():
        ask(programme, amount_cents=100)
        mine = rows(Fee).one().id
    path = f"events/{programme.event_id}/fees"
    deeds = [("GET", path), ("POST", path), ("GET", f"{path}/{mine}"), ("POST", f"{path}/{mine}"),
             ("POST", f"{path}/{mine}/archive")]  # fmt: skip
    for role in ("box_office", "accountant", "auditor"):
        colleague = personas.client(role)
        assert {colleague.open(f"/home/{at}", method=verb, data=FORM).status_code for verb, at in deeds} == {403}
    outsider = personas.outsider()
    with personas.abroad.scope():
        theirs = put_on()
    for slug in ("home", "abroad"):
        assert {outsider.open(f"/{slug}/{at}", method=verb, data=FORM).status_code for verb, at in deeds} == {404}
    for rest in ("", "/archive"):
        assert outsider.post(f"/abroad/events/{theirs.event_id}/fees/{mine}{rest}", data=FORM).status_code == 404
    with personas.abroad.scope("box_office"):
        assert rows(Checkout).get(hold(theirs)).fees_cents == 0
    with personas.home.scope():
        assert rows(Fee).one().amount_cents == 100
