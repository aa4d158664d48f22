"""An exchange whose difference comes from outside: the money first, then all of it, or nothing and the money back."""

from uuid import uuid4

import pytest

from tests.checkout.programme import Sold, put_on, sell, taken
from tests.foundation.nursery import Nursery
from tests.selling.checking import own_cash, violations
from tests.selling.online import ASKS, DECLINES, carried, ended, set_up
from tests.selling.refunding import give_back
from voelgoed.checkout.checkout import Checkout, CheckoutAttempt, CheckoutLine, CheckoutOutcome
from voelgoed.foundation import points
from voelgoed.foundation.boundary import commit, rollback
from voelgoed.foundation.outbox.row import OutboxRow
from voelgoed.foundation.tenancy import Actor, rows, scope
from voelgoed.foundation.web import Problem
from voelgoed.foundation.workflow import Done, Failed, carry_on
from voelgoed.ledger.balances import balance_of
from voelgoed.ledger.chart import clearing_of
from voelgoed.payments.capture import Tender
from voelgoed.payments.payment import Payment, Return
from voelgoed.selling.exchange_tickets import ExchangeTickets, exchange_once
from voelgoed.selling.pay_exchange import begin_exchange
from voelgoed.selling.paying import payer_page
from voelgoed.selling.told import as_it_stands
from voelgoed.selling.void import void_ticket
from voelgoed.ticketing.ticket import Ticket, TicketVoid


@pytest.fixture
def home(personas):
    with personas.home.scope("manager"):
        yield personas.home
        rollback()


@pytest.fixture
def programme(home):
    return put_on(Sold("Adult", 20000, capacity=20), Sold("Best", 35050, capacity=20))


def asked(programme, ticket, *tenders, key=None, name="Best"):
    sale = rows(CheckoutLine).get(ticket.checkout_line_id).checkout_id
    return ExchangeTickets(sale, (ticket.id,), programme.event_id, programme.types[name], 1, "wants to see more",
                           key or uuid4(), tenders=tenders)  # fmt: skip


def begun(*arguments, **more):
    new = begin_exchange(asked(*arguments, **more))
    commit()
    return new, run_of(new)


def run_of(new):
    found = rows(CheckoutAttempt).filter_by(checkout_id=new).one().run_id
    rollback()
    return found


def paid_for(new):
    found = [(one.gateway, one.amount_cents) for one in rows(Payment).filter_by(checkout_id=new).order_by(Payment.id)]
    rollback()
    return found


def valid():
    void = {one.ticket_id for one in rows(TicketVoid)}
    found = [one.number for one in rows(Ticket).order_by(Ticket.number) if one.id not in void]
    rollback()
    return found


def untouched(programme, new):
    """Say that nothing was exchanged, and that the new places are free."""
    kind = rows(CheckoutOutcome).filter_by(checkout_id=new).one().kind
    assert (valid(), taken(programme), rows(Return).count(), kind) == ([1], {"Adult 0": 1, "Best 0": 0}, 0, "failed")
    assert violations() == {}


@pytest.mark.parametrize("gateway", ["stripe", "paystack"])
def test_the_money_comes_first_and_then_all_of_it_is_done_once(programme, processors, gateway):
    shop, ticket, key = set_up(processors, gateway), sell(programme, 1, "Adult")[0], uuid4()
    new, run_id = begun(programme, ticket, shop.tender(0), key=key)
    assert begun(programme, ticket, shop.tender(0), key=key) == (new, run_id)
    assert (valid(), taken(programme)) == ([1], {"Adult 0": 1, "Best 0": 1})
    assert isinstance(carried(run_id, looks=3), Done)
    assert (valid(), taken(programme)) == ([2], {"Adult 0": 0, "Best 0": 1})
    assert (paid_for(new), shop.at.moved()) == ([(gateway, 15050), ("credit", 20000)], [("charge", 15050)])
    sale = rows(Checkout).get(new)
    assert (as_it_stands(sale)[0], balance_of(clearing_of("credit"), "ZAR")) == ("paid", 0)
    assert violations() == {}


def test_several_gateways_share_it_and_cash_comes_last(programme, processors):
    shop, ticket = set_up(processors, "stripe"), sell(programme, 1, "Adult")[0]
    tenders = (Tender("cash", 0), shop.tender(10000), Tender("card", 2000, reference="Slip 3"))
    new, run_id = begun(programme, ticket, *tenders)
    assert isinstance(carried(run_id), Done)
    assert paid_for(new) == [("stripe", 10000), ("card", 2000), ("cash", 3050), ("credit", 20000)]
    assert (valid(), violations()) == ([2], {})
    here = sell(programme, 1, "Adult")[0]
    made = exchange_once(asked(programme, here, Tender("card", 5000, reference="Slip 4"), Tender("cash", 0)))
    commit()
    assert paid_for(made.id)[1:] == [("card", 5000), ("cash", 10050)]
    assert violations() == {}


def test_what_is_declined_changes_nothing_and_may_be_begun_again(programme, processors):
    shop, ticket = set_up(processors, "stripe"), sell(programme, 1, "Adult")[0]
    cash = balance_of(own_cash(), "ZAR")
    tenders = (shop.tender(0, DECLINES["stripe"]), Tender("cash", 5000))
    new, run_id = begun(programme, ticket, *tenders)
    outcome = carried(run_id, looks=3)
    assert (type(outcome), outcome.step) == (Failed, "charge")
    untouched(programme, new)
    assert (shop.at.moved(), balance_of(own_cash(), "ZAR")) == ([], cash)
    new, run_id = begun(programme, ticket, shop.tender(0))
    assert isinstance(carried(run_id), Done)
    assert (valid(), violations()) == ([2], {})


@pytest.mark.parametrize("meanwhile", ["void", "worth less"])
def test_what_cannot_be_done_any_more_gives_the_money_back(programme, processors, meanwhile):
    shop, ticket = set_up(processors, "stripe"), sell(programme, 1, "Adult")[0]
    new, run_id = begun(programme, ticket, shop.tender(0, ASKS))
    assert carried(run_id) is None
    url = payer_page(new)
    assert url
    if meanwhile == "void":
        void_ticket(ticket, "lost", limited=False)
        commit()
    else:
        give_back(rows(CheckoutLine).get(ticket.checkout_line_id).checkout_id, 1000, "goodwill")
    shop.at.visit(url, "complete")
    assert isinstance(carried(run_id, looks=4), Failed)
    assert shop.at.moved() == [("charge", 15050), ("refund", 15050)]
    assert (taken(programme)["Best 0"], paid_for(new)) == (0, [])
    assert valid() == ([] if meanwhile == "void" else [1])
    assert violations() == {}


def test_wrong_money_and_no_places_are_refused_before_anybody_is_asked(programme, processors):
    shop, ticket = set_up(processors, "stripe"), sell(programme, 1, "Adult")[0]
    for tenders, word in (
        ((), "payment_needed"), ((shop.tender(16000), Tender("cash", 0)), "wrong_amount"),
        ((shop.tender(1000),), "wrong_amount"), ((Tender("paystack", 0),), "no_gateway"),
    ):  # fmt: skip
        with pytest.raises(Problem) as caught:
            begin_exchange(asked(programme, ticket, *tenders))
        assert caught.value.type == word
        rollback()
    sell(programme, 20, "Best")
    with pytest.raises(Problem) as caught:
        begin_exchange(asked(programme, ticket, shop.tender(0)))
    rollback()
    assert (caught.value.type, shop.at.moved(), rows(Checkout).count()) == ("sold_out", [], 2)


def live(organization_id, user_id, run_id, trips_at):
    """Be a worker that carries an exchange on."""
    with scope(organization_id, Actor("user", user_id, "a clerk of the kills")):
        if trips_at:
            with points.armed(trips_at, points.trip):
                carry_on(run_id)
        else:
            carry_on(run_id)


def heal(run_id):
    """Let leases run out and carry the run on until it has ended."""
    for _ in range(8):
        mine = rows(OutboxRow).filter_by(subject_id=run_id).filter(OutboxRow.done_at.is_(None))
        mine.update({OutboxRow.claimed_until: None}, synchronize_session=False)
        commit()
        if carried(run_id) is not None:
            break
    return ended(run_id)


TURNS = "sale.written"
"""Where an exchange that is nearly done stumbles, and turns round."""
FEW = (("pay_exchange.charge.called", ""), ("pay_exchange.paid", ""), ("pay_exchange.charge.undo.called", TURNS))


@pytest.mark.deep
def test_killed_where_it_matters_it_is_whole_or_undone(home, processors, database):
    kill_at(home, processors, database, FEW)


def kill_at(home, processors, database, cases):
    shop, never = set_up(processors, "stripe"), []
    programme = put_on(Sold("Adult", 20000, capacity=500), Sold("Best", 35050, capacity=500))
    manager = home.people["manager"]
    with Nursery(database.config(), live) as nursery:
        for name, trips_at in cases:
            ticket = sell(programme, 1, "Adult")[0]
            new, run_id = begun(programme, ticket, shop.tender(10000), Tender("cash", 0))
            before = len(shop.at.moved())
            if not nursery.killed_at(name, 1, home.organization_id, manager, run_id, trips_at):
                never.append((name, trips_at))
            outcome, moved = heal(run_id), [one for one, _ in shop.at.moved()[before:]]
            void = rows(TicketVoid).filter_by(ticket_id=ticket.id).count()
            rollback()
            if isinstance(outcome, Done):
                assert (void, len(paid_for(new)), moved.count("refund")) == (1, 3, 0), name
            else:
                assert isinstance(outcome, Failed), name
                assert (void, paid_for(new), moved.count("charge") - moved.count("refund")) == (0, [], 0), name
            assert violations() == {}, name

    assert never == []
