"""A cash sale in one transaction: all of it or nothing, wherever it dies, and once, whoever else asks for it."""

from collections import Counter
from uuid import uuid4

import pytest

from tests.checkout.programme import Sold, hold, put_on, taken
from tests.races.sellers import Nursery
from tests.races.test_sales_kills import passed
from tests.selling.at_once import completed_at_once, sale_at_once
from tests.selling.checking import violations
from voelgoed.checkout.checkout import Checkout
from voelgoed.foundation import points
from voelgoed.foundation.audit.entry import AuditEntry
from voelgoed.foundation.boundary import commit, rollback
from voelgoed.foundation.tenancy import current_scope, rows
from voelgoed.foundation.workflow import NotAtOnce, outcome_of
from voelgoed.foundation.workflow.journal import WorkflowOutcome, WorkflowRun
from voelgoed.payments.capture import Tender
from voelgoed.payments.payment import Payment
from voelgoed.selling.begin import begin_to_pay, pay_at_once
from voelgoed.selling.invoice import Invoice
from voelgoed.ticketing.ticket import Ticket

HERE = "tests.selling.at_once"


@pytest.fixture
def nursery(database):
    made = Nursery(database.config())
    yield made
    made.close()


@pytest.fixture
def home(personas):
    with personas.home.scope():
        yield personas.home.organization_id


@pytest.mark.deep
def test_killed_anywhere_it_is_made_once(home, nursery):
    programme = put_on(Sold(price_cents=5003, capacity=500))
    places = passed(sale_at_once, programme, uuid4())
    named = {"sale.begun", "complete_checkout.charge", "complete_checkout.ledger", "issue.before_series",
             "sale.written", "complete_checkout.run.ending", "complete_checkout.run.ended"}  # fmt: skip
    assert named <= {name for name, _ in places}
    for name, passing in places:
        key = uuid4()
        assert nursery.killed_at((f"{HERE}:sale_at_once", home, (programme, key)), name, passing), (name, passing)
        assert violations() == {}, (name, passing)
        assert sale_at_once(programme, key) == "paid", (name, passing)
    sales = len(places) + 1
    assert (rows(Payment).count(), rows(Ticket).count()) == (sales, 2 * sales)
    assert taken(programme) == {"Adult 0": 2 * sales}
    assert sorted(one.number for one in rows(Invoice)) == list(range(1, sales + 1))
    assert violations() == {}


def test_asked_for_by_many_it_is_made_once(home, nursery):
    checkout_id = hold(put_on(), 2)
    said = nursery.race(*[(f"{HERE}:completed_at_once", home, (checkout_id,))] * 4)
    assert Counter(said) == {"paid": 4}
    assert (rows(Payment).count(), rows(Ticket).count(), rows(WorkflowOutcome).count()) == (1, 2, 1)
    assert violations() == {}


def test_what_fails_leaves_nothing_and_then_fails_as_runs_do(home):
    checkout_id = hold(put_on(), 2)
    cash = [Tender("cash", 70000)]
    with points.armed("sale.written", points.trip):
        with pytest.raises(NotAtOnce):
            pay_at_once(rows(Checkout).get(checkout_id), cash, lambda run_id: None)
        rollback()
        assert rows(WorkflowRun).count() == rows(Payment).count() == rows(Ticket).count() == 0
        assert completed_at_once(checkout_id) == "not yet"
    run = rows(WorkflowRun).one()
    assert outcome_of(run.id).step == "tickets"
    assert completed_at_once(checkout_id) == "paid"  # another attempt may
    assert (rows(Payment).count(), violations()) == (1, {})


def test_money_from_outside_goes_the_long_way(home):
    found = rows(Checkout).get(hold(put_on(), 1))
    unsure = [Tender("card", 35000, reference="4711", outcome="not_sure")]
    with pytest.raises(NotAtOnce):
        pay_at_once(found, unsure, lambda run_id: None)
    rollback()
    assert begin_to_pay(found, unsure, here=True)
    rollback()


def test_the_trail_names_its_run_and_step(home):
    sale_at_once(put_on(), uuid4())
    run = rows(WorkflowRun).one()
    issued = rows(AuditEntry).filter_by(object="ticket").all()
    assert {(one.run, one.step, one.action) for one in issued} == {(str(run.id), "tickets", "created")}
    scope = current_scope()
    assert (scope.run, scope.step) == (None, None)
    put_on(name="Later")
    commit()
    assert {one.run for one in rows(AuditEntry).filter_by(object="event")} == {None}
