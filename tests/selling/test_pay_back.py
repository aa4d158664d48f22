"""Money sent back outside: sent once and booked once, whatever breaks; what cannot be sent calls a person."""

from collections import Counter
from uuid import uuid4

import pytest

from tests.checkout.programme import Sold, put_on
from tests.foundation.nursery import Nursery
from tests.selling.checking import own_cash, violations
from tests.selling.online import set_up
from tests.selling.refunding import carry_all, ends, give_back, live, sold, stuck, waiting
from voelgoed.boxoffice.drawer import drawer_of
from voelgoed.foundation import points
from voelgoed.foundation.boundary import commit, rollback
from voelgoed.foundation.tenancy import rows
from voelgoed.foundation.workflow import decide, points_of, try_again
from voelgoed.ledger.balances import balance_of
from voelgoed.ledger.chart import REFUNDS_PAYABLE, WRITTEN_OFF, clearing_of
from voelgoed.ledger.entry import JournalEntry
from voelgoed.payments.capture import Tender
from voelgoed.payments.gateway_account import GatewayAccount
from voelgoed.payments.gateways import budget, gateway_of
from voelgoed.payments.payment import Payment, Refund
from voelgoed.selling.end_refund import end_refund
from voelgoed.selling.pay_back import pay_back
from voelgoed.selling.refund_checkout import refund_checkout
from voelgoed.tills.own_shift import need_own_shift

GATEWAYS = ("stripe", "paystack")


@pytest.fixture
def home(personas):
    with personas.home.scope("manager"):
        yield personas.home
        rollback()


@pytest.fixture
def programme(home):
    return put_on(Sold(capacity=500))


def balances(*headings):
    found = [balance_of(one, "ZAR") for one in headings]
    rollback()
    return found


@pytest.mark.parametrize("gateway", GATEWAYS)
def test_money_goes_back_whence_it_came_and_is_owed_until_then(programme, processors, gateway):
    shop = set_up(processors, gateway)
    sale = sold(programme, Tender("cash", 5000), shop.tender(30000))
    give_back(sale, 32000, "one")
    owed = [clearing_of(gateway), REFUNDS_PAYABLE, own_cash()]
    assert balances(*owed) == [30000, -30000, 3000]
    assert violations() == {}
    assert shop.at.moved() == [("charge", 30000)]
    carry_all()
    assert shop.at.moved() == [("charge", 30000), ("refund", 30000)]
    assert ends() == [(gateway, "sent", 30000)]
    assert balances(*owed) == [0, 0, 3000]
    assert rows(JournalEntry).filter_by(kind="payback").count() == 1
    assert violations() == {}


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("gateway", GATEWAYS)
def test_no_answer_is_looked_for_before_it_is_sent_again(programme, processors, monkeypatch, gateway, when):
    monkeypatch.setattr(budget, "ALTOGETHER", 0.4)
    shop = set_up(processors, gateway)
    sale = sold(programme, shop.tender(35000))
    for number, fault in enumerate(("drop", "error", "rate_limit")):
        shop.at.fault(fault, when=when, method="POST")
        give_back(sale, 1000, str(number))
        carry_all()
        assert len(waiting()) == 1
        carry_all(3)
        assert waiting() == []
    assert shop.at.moved() == [("charge", 35000), *[("refund", 1000)] * 3]
    assert violations() == {}


def refused(programme, processors):
    """Make a refund that Stripe refuses: it was all given back on Stripe's own page."""
    shop = set_up(processors, "stripe")
    sale = sold(programme, shop.tender(35000))
    reference = rows(Payment).filter_by(checkout_id=sale).one().reference
    gateway_of(rows(GatewayAccount).get(shop.row_id)).refund("by hand", reference, 35000, "ZAR")
    give_back(sale, 35000, "refused")
    carry_all()
    return shop, stuck()[0]


def test_what_is_refused_calls_a_person_and_stays_owed(programme, processors):
    shop, asked = refused(programme, processors)
    assert (asked.direction, asked.step) == ("forward", "send_back")
    assert balances(REFUNDS_PAYABLE) == [-35000]
    try_again(asked.id)
    commit()
    carry_all()
    assert shop.at.moved().count(("refund", 35000)) == 1
    decide(stuck()[0].id, {"how": "written_off"}, "Stripe gave it back before")
    commit()
    carry_all()
    assert (stuck(), ends()) == ([], [("stripe", "written_off", 35000)])
    assert balances(REFUNDS_PAYABLE, WRITTEN_OFF) == [0, -35000]
    assert violations() == {}


def test_a_card_machine_is_a_persons_work(programme):
    give_back(sold(programme, Tender("card", 35000, reference="Slip 9")), 35000, "card")
    carry_all()
    assert "card machine" in stuck()[0].reason
    decide(stuck()[0].id, {"how": "sent", "reference": "Slip 10"}, "done at the machine")
    commit()
    carry_all()
    assert ends() == [("card", "sent", 35000)]
    assert balances(clearing_of("card"), REFUNDS_PAYABLE) == [0, 0]
    assert violations() == {}


def test_cash_instead_comes_out_of_the_drawer_once(programme):
    give_back(sold(programme, Tender("card", 34999, reference="Slip 9"), Tender("cash", 1)), 34999, "cash")
    carry_all()
    refund = rows(Refund).one()
    for _ in range(2):
        end_refund(refund, "paid_otherwise", reason="the machine is broken")
        commit()
    assert balances(own_cash(), REFUNDS_PAYABLE) == [-34990, 0]
    decide(stuck()[0].id, {"how": "paid_otherwise"}, "paid in cash")
    commit()
    carry_all()
    assert ends() == [("card", "paid_otherwise", 34999)]
    assert balances(own_cash(), REFUNDS_PAYABLE) == [-34990, 0]
    assert drawer_of(need_own_shift()).expected == -34990
    assert violations() == {}


def passed(deed, *given):
    """Do it alive and return each point that it passes, with the number of its passing."""
    with points.recording() as names:
        deed(*given)
    seen = Counter()
    for name in names:
        seen[name] += 1
        yield name, seen[name]


UNTROUBLED = [
    name for name in points_of(pay_back)
    if not any(part in name for part in ("pending", "judgement", "asked", "undo", "run.turn"))
]  # fmt: skip


WAITS = [f"pay_back.send_back.pending.{side}_commit" for side in ("before", "after")]


def killed(home, processors, database, only=None):
    """Refund in children that die at each point (or only at some), once in each, and carry on what they left."""
    programme = put_on(Sold(price_cents=1000, capacity=500))
    shop = set_up(processors, "stripe")
    who = (home.organization_id, home.people["manager"])
    sale = sold(programme, shop.tender(1000))
    with Nursery(database.config(), live, *who, sale, "first") as nursery:
        places = list(passed(live, *who, sold(programme, shop.tender(1000)), "second"))
        assert {*points_of(refund_checkout), *UNTROUBLED, "refund.ended"} <= {name for name, _ in places}
        places = [(name, number) for name, number in [*places, *((one, 1) for one in WAITS)] if name in (only or name)]
        for name, passing in places:
            sale, key = sold(programme, shop.tender(1000)), str(uuid4())
            if name in WAITS:
                shop.at.fault("drop", when="after", method="POST")
            assert nursery.killed_at(name, passing, *who, sale, key), (name, passing)
            assert violations() == {}, (name, passing)
            give_back(sale, 1000, key)
            carry_all(3)
            assert waiting() == [], (name, passing)
    made = len(places) + 2
    assert Counter(shop.at.moved()) == {("charge", 1000): made, ("refund", 1000): made}
    assert Counter(ends()) == {("stripe", "sent", 1000): made}
    assert balances(clearing_of("stripe"), REFUNDS_PAYABLE) == [0, 0]
    assert violations() == {}


@pytest.mark.deep
def test_killed_around_its_sending_it_is_sent_once_and_booked_once(home, processors, database):
    around = ("intent.after_commit", "called", "result.before_commit", "result.after_commit")
    killed(home, processors, database, [f"pay_back.send_back.{name}" for name in around])


@pytest.mark.deep
def test_killed_anywhere_it_is_sent_once_and_booked_once(home, processors, database):
    killed(home, processors, database)


def test_sent_twice_by_another_key_is_seen(programme, processors):
    """Negative control: the simulator's own books show a second refund, which the proof above would not pass."""
    shop = set_up(processors, "stripe")
    sale = sold(programme, shop.tender(35000))
    for key in ("once", "twice"):
        give_back(sale, 1000, key)
    carry_all()
    assert Counter(shop.at.moved())[("refund", 1000)] == 2
    assert len(ends()) == 2
