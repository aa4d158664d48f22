"""A reserve book: its places are held from printing on, each serial keyed in once, the rest freed at the end."""

from uuid import uuid4

import pytest

from tests.checkout.programme import Sold, put_on, sell, taken
from tests.selling.checking import own_cash, violations
from voelgoed.boxoffice.invoice_paper import paper_of
from voelgoed.boxoffice.reserve_shelf import tickets_of_book
from voelgoed.boxoffice.shown import show
from voelgoed.checkout.fee import Fee, fees_of
from voelgoed.foundation.boundary import commit, rollback
from voelgoed.foundation.checks import checkers
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import rows, skip_tenant_rule
from voelgoed.foundation.web import Problem
from voelgoed.ledger.balances import balance_of
from voelgoed.ledger.chart import clearing_of
from voelgoed.payments.capture import Tender
from voelgoed.payments.payment import Payment, Return
from voelgoed.selling.invoice import Invoice
from voelgoed.selling.refund_checkout import RefundCheckout, refund_once
from voelgoed.selling.reserve import ReserveSold
from voelgoed.selling.reserve_close import close_book
from voelgoed.selling.reserve_key_in import KeyIn, key_in
from voelgoed.selling.reserve_print import print_book
from voelgoed.selling.reserve_serials import NotOfThisBook, read_list, read_serial
from voelgoed.selling.told import tickets_of
from voelgoed.selling.void import void_ticket
from voelgoed.ticketing.codes import code_of
from voelgoed.ticketing.find import find_tickets
from voelgoed.ticketing.serial import serial
from voelgoed.ticketing.ticket import Ticket, TicketVoid


@pytest.fixture
def selling(personas):
    with personas.home.scope("manager"):
        yield personas
        rollback()


def printed(programme, quantity=10, name="Adult", key=None):
    made = print_book(programme.event, programme.types[name], quantity, key or uuid4())
    commit()
    return made


def keyed(book, first, last, unsold=(), spoilt=(), tender=None, key=None):
    made = key_in(KeyIn(book.id, first, last, frozenset(unsold), frozenset(spoilt), tender or Tender("cash", 0),
                        key or uuid4()))  # fmt: skip
    commit()
    return made


def refused(deed, *arguments, **more):
    with pytest.raises(Problem) as caught:
        deed(*arguments, **more)
    rollback()
    return caught.value


def closed(book, reason="the network is back"):
    made = close_book(book, reason)
    commit()
    return made.void, made.missing


def sound():
    with skip_tenant_rule(reason="a test checks what must hold") as session:
        found = {one.code: one.count(session) for one in checkers() if one.code in ("I6", "M7", "M8")}
    return violations() == {} and not any(found.values())


def test_printing_holds_places_and_makes_tickets_that_are_genuine(selling):
    programme = put_on(Sold("Adult", capacity=12, bodies=2), Sold("Other"))
    key = uuid4()
    book = printed(programme, 5, key=key)
    assert printed(programme, 5, key=key).id == book.id
    assert (book.number, taken(programme)) == (1, {"Adult 0": 10, "Other 0": 0})
    tickets = rows(Ticket).order_by(Ticket.number).all()
    assert [one.number for one in tickets] == [1, 2, 3, 4, 5]
    assert find_tickets(code_of(tickets[0])) == [tickets[0]]
    problem = refused(printed, programme, 2)
    assert (problem.type, problem.extra["left"][str(programme.types["Adult"])]) == ("sold_out", 1)
    assert printed(programme, 1, "Other").number == 2
    assert sound()


def test_a_range_becomes_one_sale_with_its_money_and_its_paper(selling):
    programme = put_on(Sold("Adult", 35000, capacity=20))
    book = printed(programme)
    key = uuid4()
    sale = keyed(book, 2, 8, unsold=[4], spoilt=[6, 7], key=key)
    assert keyed(book, 2, 8, unsold=[4], spoilt=[6, 7], key=key).id == sale.id
    assert (sale.total_cents, [one.number for one in tickets_of(sale)]) == (140000, [2, 3, 5, 8])
    assert (taken(programme), balance_of(own_cash(), "ZAR")) == ({"Adult 0": 8}, 140000)
    said = paper_of(sale)
    assert f"{serial('A', 2)} to {serial('A', 3)}, {serial('A', 5)}, {serial('A', 8)}" in " ".join(said.about)
    assert rows(Invoice).count() == 1
    by_card = keyed(book, 9, 10, tender=Tender("card", 0, reference="Slip 8"))
    assert [(one.gateway, one.amount_cents) for one in rows(Payment).filter_by(checkout_id=by_card.id)] == [
        ("card", 70000)
    ]
    assert balance_of(clearing_of("card"), "ZAR") == 70000
    assert sound()
    assert closed(book) == (2, 0)
    assert closed(book) == (2, 0)
    assert taken(programme) == {"Adult 0": 6}
    assert sound()
    refund_once(RefundCheckout(sale.id, "refund", "rain", "test:1", tuple(one.id for one in tickets_of(sale))))
    commit()
    assert (taken(programme), balance_of(own_cash(), "ZAR")) == ({"Adult 0": 2}, 0)
    assert sound()


def test_fees_for_each_ticket_are_in_the_printed_price_and_are_booked_with_it(selling):
    programme = put_on(Sold("Adult", 35000, capacity=20))
    per = {"event_id": programme.event_id, "vat_rate_bp": 1500}
    handling = Fee(name="Handling", per="ticket", kind="amount", amount_cents=1150, **per)
    db.session.add_all([
        handling, Fee(name="Levy", per="ticket", kind="percent", percent_bp=150, kept=True, **per),
        Fee(name="Online", per="ticket", kind="amount", amount_cents=900, channel="api", **per),
        Fee(name="Each sale", per="sale", kind="amount", amount_cents=500, **per),
    ])  # fmt: skip
    commit()
    book = printed(programme)
    handling.amount_cents = 9999  # what is printed stays so
    commit()
    assert (book.price_cents, book.fees_cents) == (35000, 1675)
    assert "R366.75" in {one.price for one in show(tickets_of_book(book))}
    sale = keyed(book, 1, 4)
    assert (sale.total_cents, sale.fees_cents, balance_of(own_cash(), "ZAR")) == (4 * 36675, 4 * 1675, 4 * 36670 + 20)
    borne = [(one.name, one.unit_cents, one.total_cents, one.vat_cents, one.kept) for one in fees_of(sale)]
    assert borne == [("Handling", 1150, 4600, 600, False), ("Levy", 525, 2100, 274, True)]
    assert sound()
    first = tickets_of(sale)[0]
    refund_once(RefundCheckout(sale.id, "refund", "rain", "test:fees", (first.id,)))
    commit()
    given = rows(Return).one()
    assert (given.value_cents, sound()) == (35000 + 1150, True)


def test_a_serial_is_keyed_in_once_and_only_what_can_be_sold(selling):
    programme = put_on(Sold("Adult", 10000))
    book = printed(programme)
    keyed(book, 1, 4, spoilt=[2])
    twice = refused(keyed, book, 3, 6)
    assert (twice.type, serial("A", 3) in twice.detail) == ("keyed_in", True)
    assert serial("A", 2) in refused(keyed, book, 2, 2).detail
    assert refused(keyed, book, 5, 6, unsold=[5, 6]).type == "nothing_sold"
    assert refused(keyed, book, 5, 6, unsold=[9]).type == "not_in_range"
    assert refused(keyed, book, 10, 11).type == "other_book"
    assert keyed(book, 5, 6, spoilt=[5, 6]) is None
    assert refused(keyed, book, 9, 10, tender=Tender("cash", 0, 100)).type == "too_little"
    assert rows(ReserveSold).count() == 3
    assert closed(book) == (4, 0)
    assert refused(keyed, book, 9, 10).type == "already_void"
    assert sound()


def test_a_large_sale_to_many_waits_for_no_recipient_and_a_free_one_moves_no_money(selling):
    programme = put_on(Sold("Adult", 100000), Sold("Free", 0))
    keyed(printed(programme), 1, 10)
    assert rows(Invoice).one().recipient_due is None
    keyed(printed(programme, 5, "Free"), 11, 15)
    assert (rows(Invoice).count(), balance_of(own_cash(), "ZAR")) == (1, 1000000)
    assert sound()


def test_a_ticket_of_the_book_can_be_voided_alone_and_its_place_is_free(selling):
    programme = put_on(Sold("Adult", 10000))
    book = printed(programme)
    void_ticket(rows(Ticket).filter_by(number=3).one(), "torn", limited=False)
    commit()
    assert (taken(programme), sound()) == ({"Adult 0": 9}, True)
    assert refused(keyed, book, 3, 3).type == "already_void"
    assert closed(book) == (9, 0)
    assert rows(TicketVoid).count() == 10


def test_serials_are_read_as_they_are_said(selling):
    programme, other = put_on(Sold("Adult")), put_on(Sold("Adult"), name="Jazz Night")
    first, second, foreign = printed(programme, 20), printed(programme, 3), printed(other, 3)
    loose = sell(programme)[0]
    assert [read_serial(first, one) for one in ("7", "a-7", "A7", serial("A", 7), serial("A", 7).lower())] == [7] * 5
    assert read_list(first, f"3, 5-7; {serial('A', 9)} to {serial('A', 10)}\n12 – 13") == {3, 5, 6, 7, 9, 10, 12, 13}
    assert read_list(first, "") == frozenset()
    for typed, says in (
        ("21", "book 2"), ("B-1", "Jazz Night"), (serial("B", 2), "Jazz Night"), ("Q-1", "no event here"),
        ("A-000007-00", "do not fit"), ("seven", "no serial"), (loose.serial, "no reserve book"), ("99", "no reserve"),
        ("9-3", "upwards"),
    ):  # fmt: skip
        with pytest.raises(NotOfThisBook, match=says):
            read_list(first, typed)
    assert (second.number, foreign.number) == (2, 1)
