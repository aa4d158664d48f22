"""The papers of money: who gets which, under which number, for whom; without gaps, whoever dies or collides."""

from datetime import timedelta

import psycopg
import pytest
from sqlalchemy import select

from tests.checkout.programme import Sold, hold, pay, put_on, sell
from tests.races.sellers import Nursery
from tests.selling.refunding import give_back
from tests.selling.stumbling import sell_and_stumble
from voelgoed.checkout.checkout import Checkout, CheckoutLine
from voelgoed.foundation.boundary import commit, rollback
from voelgoed.foundation.checks import checkers
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import current_scope, rows, skip_tenant_rule
from voelgoed.foundation.tenancy.organization import Organization
from voelgoed.selling import invoicing
from voelgoed.selling.invoice import CreditNote, Invoice
from voelgoed.selling.refund_checkout import RefundCheckout, refund_once
from voelgoed.tills.shift import Shift


def become_vendor():
    own = db.session.scalars(select(Organization).where(Organization.id == current_scope().organization_id)).one()
    own.vat_vendor, own.vat_number, own.address = True, "4012345678", "12 Kerk Street, Stellenbosch, 7600"
    commit()


def astray():
    """Return what the checker of papers counts."""
    rollback()
    with skip_tenant_rule(reason="a test checks what must hold") as session:
        return next(one.count(session) for one in checkers() if one.code == "M8")


def bought(programme, quantity=1):
    """Sell; returns the checkout's id."""
    checkout_id = hold(programme, quantity)
    pay(checkout_id)
    return checkout_id


def papers():
    return [(one.serial, one.kind, one.total_cents, one.vat_cents) for one in rows(Invoice).order_by(Invoice.id)]


@pytest.fixture
def home(personas):
    with personas.home.scope("box_office"):
        yield personas.home


def test_a_vendor_gives_tax_invoices_and_anybody_else_receipts(home):
    programme = put_on(Sold(price_cents=23000), Sold("Member", price_cents=0))
    bought(programme)
    sell(programme, 1, "Member")
    become_vendor()
    bought(programme)
    bought(programme, 2)
    assert papers() == [("T3-R1", "receipt", 23000, 0), ("T3-1", "tax_invoice", 23000, 3000),
                        ("T3-2", "tax_invoice", 46000, 6000)]  # fmt: skip
    first, last = rows(Invoice).order_by(Invoice.id)[0], rows(Invoice).order_by(Invoice.id)[2]
    assert (first.heading, first.supplier_vat_number, last.heading) == ("Receipt", None, "Tax invoice")
    assert (last.supplier_name, last.supplier_vat_number) == ("Home", "4012345678")
    assert last.till_id == home.tills["box_office"]
    assert astray() == 0


def test_only_a_vendor_above_five_thousand_has_to_ask_for_whom(home):
    programme = put_on(Sold(price_cents=250000, capacity=20), Sold("Cheap", price_cents=1))
    bought(programme, 3)
    become_vendor()
    bought(programme, 2)
    bought(programme, 3)
    above = rows(Invoice).filter(Invoice.recipient_due.is_not(None)).one()
    assert (above.total_cents, above.kind) == (750000, "tax_invoice")
    assert above.recipient_due - above.created_at < timedelta(days=21, seconds=5)
    assert above.recipient_due - above.created_at > timedelta(days=20, hours=23)


def test_each_till_counts_for_itself(home, personas):
    programme = put_on()
    bought(programme)
    with personas.home.scope("manager"):
        bought(programme)
    bought(programme)
    with personas.abroad.scope("box_office"):
        bought(put_on())
        assert [one[0] for one in papers()] == ["T3-R1"]
    assert sorted(one[0] for one in papers()) == ["T2-R1", "T3-R1", "T3-R2"]
    assert astray() == 0


def test_a_credit_note_names_what_it_credits(home):
    become_vendor()
    programme = put_on(Sold(price_cents=23000))
    checkout_id = bought(programme, 2)
    give_back(checkout_id, 11500, "half")
    line = rows(CheckoutLine).filter_by(checkout_id=checkout_id).one()
    tickets = [one.id for one in sell(programme)]
    other = rows(Invoice).order_by(Invoice.id.desc()).first()
    refund_once(RefundCheckout(other.checkout_id, "cancel", "changed their mind", "k", tuple(tickets), kept_bp=2500))
    commit()
    first, second = rows(CreditNote).order_by(CreditNote.id)
    assert (first.serial, first.heading, first.invoice.checkout_id) == ("T3-C1", "Credit note", line.checkout_id)
    assert (first.amount_cents, first.vat_cents, first.reason) == (11500, 1500, "rain")
    assert (second.serial, second.amount_cents, second.vat_cents) == ("T3-C2", 17250, 2250)
    assert second.invoice.serial == "T3-2"
    assert astray() == 0


def test_without_a_shift_the_office_counts(home, personas):
    programme = put_on()
    checkout_id = bought(programme)
    with personas.home.scope("manager"):
        shift = rows(Shift).filter_by(till_id=home.tills["manager"]).one()
        given = RefundCheckout(checkout_id, "refund", "rain", "k", amount_cents=100)
        assert shift.closed_at is None
        refund_once(given)
        commit()
    assert rows(CreditNote).one().serial == "T2-C1"
    supplied = invoicing.Supplied("Home", None, None, False, 0, None)
    unpaid = hold(programme)
    invoicing.make_out(rows(Checkout).get(unpaid), supplied)
    made = rows(Invoice).filter_by(checkout_id=unpaid).one()
    assert (made.serial, made.till_id) == ("CENTRAL-R1", None)
    rollback()


@pytest.fixture
def nursery(database):
    made = Nursery(database.config())
    yield made
    made.close()


@pytest.mark.parametrize("each", [5, pytest.param(25, marks=pytest.mark.deep)])
def test_a_till_counts_without_holes_whoever_stumbles_or_dies(home, nursery, each):
    become_vendor()
    programme = put_on(Sold(capacity=500))
    clerk = home.actor("box_office")
    deed = f"{sell_and_stumble.__module__}:"
    said = nursery.race(*[(f"{deed}sell_and_stumble", home.organization_id, (clerk, programme, each))] * 4)
    assert said == [each] * 4
    for name in ("invoice.before_series", "invoice.written", "sale.written"):
        assert nursery.killed_at((f"{deed}sell_as", home.organization_id, (clerk, programme)), name, 1), name
    bought(programme)
    assert [one.number for one in rows(Invoice).order_by(Invoice.number)] == list(range(1, 4 * each + 2))
    assert astray() == 0


def test_the_checker_sees_a_hole_a_wrong_counter_and_a_paper_that_is_missing(home, database):
    checkout_id = bought(put_on(Sold(price_cents=5000)))
    give_back(checkout_id, 100, "k")
    assert astray() == 0
    for spoil in (
        "UPDATE invoice SET number = 2", "UPDATE number_series SET next = 7 WHERE kind = 'credit_note'",
        "DELETE FROM credit_note", "UPDATE invoice SET total_cents = 1", "UPDATE credit_note SET amount_cents = 99",
    ):  # fmt: skip
        with psycopg.connect(database.url("postgres")) as connection:
            connection.execute("SET session_replication_role = replica")
            connection.execute("CREATE TABLE kept_invoice AS TABLE invoice")
            connection.execute("CREATE TABLE kept_note AS TABLE credit_note")
            connection.execute("CREATE TABLE kept_series AS TABLE number_series")
            connection.execute(spoil)
            connection.commit()
            assert astray() > 0, spoil
            for table, kept in (("credit_note", "note"), ("number_series", "series"), ("invoice", "invoice")):
                connection.execute(f"DELETE FROM {table}")
                connection.execute(f"INSERT INTO {table} SELECT * FROM kept_{kept}")
                connection.execute(f"DROP TABLE kept_{kept}")
            connection.commit()
    assert astray() == 0


def test_a_number_that_is_drawn_outside_the_sale_leaves_a_hole(home, database):
    """The negative control: numbers from a sequence are kept by nobody when a sale fails."""
    programme = put_on()
    with psycopg.connect(database.url("postgres"), autocommit=True) as connection:
        connection.execute("CREATE SEQUENCE loose; GRANT USAGE ON SEQUENCE loose TO voelgoed_app")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(invoicing, "AT_TILL", invoicing.drawn_by("SELECT nextval('loose') AS number"))
        assert sell_and_stumble(home.actor("box_office"), programme, 5) == 5
    assert [one.number for one in rows(Invoice).order_by(Invoice.number)] == [1, 2, 3, 5, 6]
    assert astray() > 0
