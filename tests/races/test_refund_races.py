"""Refunds at the same instant: never more back than came in, and nobody let in by what was given back."""

from collections import Counter

import pytest

from tests.checkout.programme import Programme, Sold, put_on, sell, taken
from tests.races.refunders import give_back
from tests.races.scanners import scan
from tests.races.sellers import Nursery
from tests.scanning import evening as evenings
from tests.selling.checking import violations
from voelgoed.checkout.checkout import CheckoutLine
from voelgoed.foundation.boundary import commit, rollback
from voelgoed.foundation.tenancy import rows
from voelgoed.foundation.tenancy.organization import Organization
from voelgoed.foundation.web.identity import hash_secret
from voelgoed.payments import give_back as giving
from voelgoed.payments.payment import Refund, Return
from voelgoed.scanning.admission import Admission
from voelgoed.selling import refund_checkout, voiding
from voelgoed.ticketing.codes import code_of
from voelgoed.ticketing.ticket import Ticket, TicketVoid

GIVE_BACK, SWAP, SCAN = "tests.races.refunders:give_back", "tests.races.refunders:swap", "tests.races.scanners:scan"


@pytest.fixture
def nursery(database):
    made = Nursery(database.config())
    yield made
    made.close()


@pytest.fixture
def home(personas):
    with personas.home.scope("manager"):
        yield personas.home
        rollback()


def sale_of(ticket):
    return rows(CheckoutLine).get(ticket.checkout_line_id).checkout_id


@pytest.mark.deep
def test_amounts_refunded_by_many_never_exceed_what_came_in(home, nursery):
    sale = sale_of(sell(put_on(Sold(price_cents=10000)))[0])
    deed = (GIVE_BACK, home.organization_id, (home.actor("manager"), sale, (), 3000))
    said = Counter(word for word, _ in nursery.race(*[deed] * 8))
    assert said == {"refunded": 3, "too_much": 5}
    assert sum(one.amount_cents for one in rows(Refund)) == 9000
    assert violations() == {}


def test_one_refund_asked_for_by_many_under_its_key_is_made_once(home, nursery):
    tickets = sell(put_on(Sold(price_cents=10000)), 2)
    sale = sale_of(tickets[0])
    deed = (GIVE_BACK, home.organization_id, (home.actor("manager"), sale, (tickets[0].id,), None, "race:one"))
    assert Counter(word for word, _ in nursery.race(*[deed] * 8)) == {"refunded": 8}
    assert (rows(Return).count(), rows(TicketVoid).count()) == (1, 1)
    assert violations() == {}


def test_tickets_refunded_and_exchanged_at_once_go_one_way_each(home, nursery):
    programme = put_on(Sold("Friday", 10000, capacity=1), Sold("Saturday", 10000, capacity=1))
    friday, saturday = sell(programme, 1, "Friday"), sell(programme, 1, "Saturday")
    own, clerk = home.organization_id, home.actor("manager")
    deeds = []
    for tickets, other in ((friday, "Saturday"), (saturday, "Friday")):
        for one in tickets:
            swapped = (SWAP, own, (clerk, sale_of(one), (one.id,), programme.event_id, programme.types[other]))
            deeds += [swapped, (GIVE_BACK, own, (clerk, sale_of(one), (one.id,)))]
    said = Counter(word for word, _ in nursery.race(*deeds))
    # Each ticket went one way; an exchange may have found no place, and then its refund went through.
    assert said["refunded"] + said["exchanged"] == 2
    assert set(said) <= {"refunded", "exchanged", "already_void", "sold_out"}
    assert sum(taken(programme).values()) == said["exchanged"]
    assert violations() == {}


def test_without_the_lock_too_much_goes_back_and_is_seen(home, monkeypatch):
    """Negative control: a refund commits between another's look at what remains and its writing."""
    programme = put_on(Sold(price_cents=10000))
    sale, clerk, look = sale_of(sell(programme)[0]), home.actor("manager"), refund_checkout.everything_left
    monkeypatch.setattr(refund_checkout, "lock", lambda checkout_id: rows(refund_checkout.Checkout).get(checkout_id))

    def overtaken(checkout):
        monkeypatch.setattr(refund_checkout, "everything_left", look)
        seen = look(checkout)
        assert give_back(clerk, sale, cents=6000) == ("refunded", None)
        return seen

    monkeypatch.setattr(refund_checkout, "everything_left", overtaken)
    monkeypatch.setattr(giving, "_sources", lambda paid: [giving.Source(paid, paid, paid.amount_cents)])
    assert give_back(clerk, sale, cents=6000) == ("refunded", None)
    found = violations()
    assert found["M5"] == 1
    assert found["M3"] >= 1


def tonight(app, home):
    """Put an event on whose tickets are sold, and let the box office refund them."""
    evening = evenings.put_on(app, home)
    own = rows(Organization).one()
    own.box_office_void_limit_cents = 100_000
    commit()
    return evening, Programme(evening.event_id, evening.types)


def went(ticket_id):
    """Return when somebody went in with a ticket, and when it was void (None: never)."""
    rollback()
    admitted = rows(Admission).filter_by(ticket_id=ticket_id).one_or_none()
    void = rows(TicketVoid).filter_by(ticket_id=ticket_id).one_or_none()
    rollback()
    return admitted and admitted.opened_at, void and void.created_at


@pytest.mark.deep
def test_nobody_goes_in_after_a_refund_and_who_was_in_before_is_not_refunded(app, home, nursery):
    evening, programme = tonight(app, home)
    for _ in range(6):
        (ticket,) = sell(programme, 1, "Adult")
        code, sale = code_of(ticket), sale_of(ticket)
        rollback()
        phones = [evening.phone() for _ in range(3)]
        scans = [(SCAN, home.organization_id, (hash_secret(one.token), next(one.numbers), code)) for one in phones]
        asked = (home.actor("box_office"), sale, (ticket.id,), None, "", True)
        first, back, *rest = nursery.race(scans[0], (GIVE_BACK, home.organization_id, asked), *scans[1:])
        let_in = [one[0] for one in (first, *rest)].count("admitted")
        entered, void = went(ticket.id)
        assert (let_in, bool(entered)) in ((1, True), (0, False))
        assert back[0] == ("refunded" if void else "admitted")
        # Only a scan of the moment before may still be written after it: the void is later than the entry.
        assert not (entered and void) or entered < void
    assert violations() == {}


def test_without_holding_the_ticket_it_is_both_and_is_seen(app, home, monkeypatch):
    """Negative control: somebody goes in between the look and the void."""
    evening, programme = tonight(app, home)
    (ticket,) = sell(programme, 1, "Adult")
    code, sale, phone = code_of(ticket), sale_of(ticket), evening.phone()
    look = voiding.refuse_admitted

    def held(ticket_ids):
        return [rows(Ticket).get(one) for one in ticket_ids]

    def overtaken(tickets, *words):
        look(tickets, *words)
        with home.scope("gate_supervisor"):
            assert scan(hash_secret(phone.token), next(phone.numbers), code)[0] == "admitted"

    monkeypatch.setattr(refund_checkout, "hold_tickets", held)
    monkeypatch.setattr(refund_checkout, "refuse_admitted", overtaken)
    assert give_back(home.actor("box_office"), sale, (ticket.id,), limited=True) == ("refunded", None)
    assert all(went(ticket.id))


def test_who_went_in_is_a_managers_matter(app, home):
    """What the control above breaks: once the entry is written, the box office refunds no more."""
    evening, programme = tonight(app, home)
    (ticket,) = sell(programme, 1, "Adult")
    phone, sale = evening.phone(), sale_of(ticket)
    assert phone.scan(code_of(ticket))["verdict"] == "admitted"
    assert give_back(home.actor("box_office"), sale, (ticket.id,), limited=True) == ("admitted", None)
    assert give_back(home.actor("manager"), sale, (ticket.id,)) == ("refunded", None)
    assert violations() == {}
