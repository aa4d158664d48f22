"""Money from outside at the same instant, in processes of their own: taken once, given back once, never for nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from uuid import UUID, uuid4

import psycopg
import pytest
from flask import Flask
from sqlalchemy import func, select, update

from tests.checkout.programme import Programme, Sold, hold, put_on, taken
from tests.conftest import Database
from tests.payments.processors import Processors, processors
from tests.personas import Personas
from tests.races.payers import Meeting
from tests.races.sellers import Nursery
from tests.scanning import evening as gate
from tests.selling.checking import violations
from tests.selling.online import Shop, begin, carried, ended, set_up, standing
from tests.selling.refunding import carry_all, sold
from tests.selling.test_paying_outside import _let_expire as let_expire
from tests.selling.test_webhooks import Post
from voelgoed.checkout.checkout import Hold, HoldEnd
from voelgoed.foundation.boundary import commit, rollback
from voelgoed.foundation.database import db
from voelgoed.foundation.outbox.row import OutboxRow
from voelgoed.foundation.tenancy import rows
from voelgoed.foundation.web.identity import hash_secret
from voelgoed.foundation.workflow import Done
from voelgoed.foundation.workflow.journal import WorkflowRun
from voelgoed.payments.capture import Tender
from voelgoed.payments.payment import PayerPage, Payment, Refund
from voelgoed.scanning.admission import Admission
from voelgoed.ticketing.codes import code_of
from voelgoed.ticketing.ticket import Ticket, TicketVoid

pytestmark = pytest.mark.deep

__all__ = ["processors"]

PRICE = 35000
HERE = "tests.races.payers"


@pytest.fixture
def nursery(database: Database) -> Iterator[Nursery]:
    made = Nursery(database.config())
    yield made
    made.close()


@pytest.fixture
def home(personas: Personas) -> Iterator[UUID]:
    with personas.home.scope("manager"):
        yield personas.home.organization_id
        rollback()


def meeting(database: Database, many: int) -> Meeting:
    return Meeting(database.servers.valkey.url, f"meeting:{uuid4()}", many)


def late(database: Database, hold_id: UUID) -> None:
    """Let the hold's time pass, without anybody having noticed."""
    with psycopg.connect(database.url("postgres"), autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("UPDATE hold SET expires_at = now() - interval '1 second' WHERE id = %s", (hold_id,))


@pytest.mark.parametrize("gateway", ["stripe", "paystack"])
def test_one_sale_completed_by_many_is_charged_once(
    home: UUID, nursery: Nursery, processors: Processors, gateway: str
) -> None:
    shop, programme = set_up(processors, gateway), put_on(Sold(capacity=5))
    checkout_id = hold(programme)
    deeds = [(f"{HERE}:complete", home, (checkout_id, shop.tender(PRICE)))] * 6
    assert nursery.race(*deeds) == ["paid"] * 6
    assert shop.at.moved() == [("charge", PRICE)]
    assert (rows(Payment).count(), rows(Ticket).count(), rows(HoldEnd).count()) == (1, 1, 1)
    rollback()
    assert violations() == {}


def test_a_card_slip_entered_by_many_is_one_payment(home: UUID, nursery: Nursery) -> None:
    checkout_id = hold(put_on(Sold(capacity=5)))
    tender = Tender("card", PRICE, reference="Slip 12")
    assert nursery.race(*[(f"{HERE}:complete", home, (checkout_id, tender))] * 6) == ["paid"] * 6
    assert (rows(Payment).count(), rows(Ticket).count()) == (1, 1)
    rollback()
    assert violations() == {}


def test_with_a_key_of_ones_own_it_is_charged_twice_and_seen(
    home: UUID, nursery: Nursery, processors: Processors, database: Database
) -> None:
    """Negative control: without one attempt at a time both charge; what has no ticket then goes back."""
    shop, programme = set_up(processors, "stripe"), put_on(Sold(capacity=5))
    checkout_id, both = hold(programme), meeting(database, 2)
    deeds = [(f"{HERE}:complete_apart", home, (checkout_id, shop.tender(PRICE), number, both)) for number in (1, 2)]
    said = nursery.race(*deeds)
    assert Counter(shop.at.moved()) == {("charge", PRICE): 2, ("refund", PRICE): 1}
    assert said.count("paid") == 1


def test_refunds_together_give_no_more_than_was_taken(home: UUID, nursery: Nursery, processors: Processors) -> None:
    shop, programme = set_up(processors, "stripe"), put_on(Sold(capacity=5))
    sale = sold(programme, shop.tender(PRICE))
    said = Counter(nursery.race(*[(f"{HERE}:give_back", home, (sale, 15000, f"{one}")) for one in range(8)]))
    assert said == {"given": 2, "too_much": 6}
    carry_all(2)
    assert Counter(shop.at.moved()) == {("charge", PRICE): 1, ("refund", 15000): 2}
    assert violations() == {}


def test_a_refund_asked_for_by_many_under_one_key_is_one(home: UUID, nursery: Nursery, processors: Processors) -> None:
    shop, programme = set_up(processors, "paystack"), put_on(Sold(capacity=5))
    sale = sold(programme, shop.tender(PRICE))
    assert nursery.race(*[(f"{HERE}:give_back", home, (sale, 15000, "one"))] * 6) == ["given"] * 6
    carry_all(2)
    assert Counter(shop.at.moved()) == {("charge", PRICE): 1, ("refund", 15000): 1}
    assert violations() == {}


def test_without_holding_the_sale_too_much_goes_back_and_is_seen(
    home: UUID, nursery: Nursery, processors: Processors, database: Database
) -> None:
    """Negative control: all look before any writes."""
    shop, programme = set_up(processors, "stripe"), put_on(Sold(capacity=5))
    sale, all_of_them = sold(programme, shop.tender(PRICE)), meeting(database, 3)
    deeds = [(f"{HERE}:give_back_unlocked", home, (sale, 15000, f"{one}", all_of_them)) for one in range(3)]
    assert nursery.race(*deeds) == ["given"] * 3
    assert sum(one.amount_cents for one in rows(Refund)) == 45000
    rollback()
    assert "M5" in violations()


def sold_at(evening: gate.Evening, shop: Shop) -> tuple[UUID, UUID, str]:
    """Sell a ticket of tonight; returns its sale, its id and its code."""
    sale = sold(Programme(evening.event_id, evening.types), shop.tender(PRICE))
    ticket = rows(Ticket).filter(Ticket.checkout_line.has(checkout_id=sale)).one()
    made = sale, ticket.id, code_of(ticket)
    rollback()
    return made


def test_a_ticket_is_refunded_or_let_in_never_both(
    app: Flask, personas: Personas, home: UUID, nursery: Nursery, processors: Processors
) -> None:
    shop, evening = set_up(processors, "stripe"), gate.put_on(app, personas.home)
    ends: Counter[str] = Counter()
    for _ in range(5):
        sale, ticket_id, code = sold_at(evening, shop)
        phones = [evening.phone() for _ in range(3)]
        refund = (f"{HERE}:refund_ticket", home, (personas.home.people["manager"], sale, ticket_id, str(ticket_id)))
        scans = [
            ("tests.races.scanners:scan", home, (hash_secret(one.token), next(one.numbers), code)) for one in phones
        ]
        said = nursery.race(*scans[:2], refund, *scans[2:])
        verdicts = Counter(said[place][0] for place in (0, 1, 3))
        assert (said[2], verdicts["admitted"]) in (("refunded", 0), ("admitted", 1))
        assert rows(TicketVoid).filter_by(ticket_id=ticket_id).count() == 1 - verdicts["admitted"]
        assert rows(Admission).filter_by(ticket_id=ticket_id).count() == verdicts["admitted"]
        rollback()
        ends[said[2]] += 1
    carry_all(2)
    assert Counter(shop.at.moved()) == Counter({("charge", PRICE): 5, ("refund", PRICE): ends["refunded"]})
    assert violations() == {}


def test_without_holding_the_ticket_it_is_refunded_and_let_in_and_seen(
    app: Flask, personas: Personas, home: UUID, nursery: Nursery, processors: Processors, database: Database
) -> None:
    """Negative control: the scan commits between the look at the gate's record and the void."""
    evening, both = gate.put_on(app, personas.home), meeting(database, 2)
    sale, ticket_id, code = sold_at(evening, set_up(processors, "stripe"))
    phone, clerk = evening.phone(), personas.home.people["manager"]
    said = nursery.race(
        (f"{HERE}:refund_ticket_unheld", home, (clerk, sale, ticket_id, "one", both)),
        (f"{HERE}:scan_then_meet", home, (hash_secret(phone.token), next(phone.numbers), code, both)),
    )
    assert said == ["refunded", "admitted"]


def payer(shop: Shop, run_id: UUID) -> str:
    """Have a run wait for its payer; returns the page where they pay."""
    assert carried(run_id) is None
    page = rows(PayerPage).order_by(PayerPage.id.desc()).first().url
    rollback()
    return str(page)


def due(run_id: UUID) -> None:
    """Let the run's next look be due."""
    row = update(OutboxRow).where(OutboxRow.subject_id == run_id, OutboxRow.done_at.is_(None))
    db.session.execute(row.values(due_at=func.clock_timestamp()).execution_options(synchronize_session=False))
    commit()


def message(post: Post, key: str) -> UUID:
    """Deliver the message that money came; returns its job."""
    event = {"event": "charge.success", "data": {"id": key, "status": "success", "reference": key.replace(":", ".")}}
    assert post.deliver(event).status_code == 200
    row_id = db.session.scalars(select(OutboxRow.id).order_by(OutboxRow.id.desc()).limit(1)).one()
    rollback()
    return UUID(str(row_id))


class Latecomer:
    """A payer at Paystack's page who pays when their time is over."""

    def __init__(self, app: Flask, personas: Personas, shop: Shop) -> None:
        self.world = type("Served", (), {"app": app, "personas": personas})
        self.shop, self.post = shop, Post(self.world, shop)

    def settle(self) -> None:
        """Carry on what looks for money that came without a sale."""
        ids = list(db.session.scalars(select(WorkflowRun.id).where(WorkflowRun.workflow == "settle_unknown_charge")))
        rollback()
        for run_id in ids:
            if ended(run_id) is None:
                assert isinstance(carried(run_id, looks=3), Done)


def test_money_that_comes_at_the_end_is_a_ticket_or_goes_back(
    app: Flask, personas: Personas, home: UUID, nursery: Nursery, processors: Processors, database: Database
) -> None:
    """The payer's time, the hold and the message that they paid after all end at one instant."""
    late_one = Latecomer(app, personas, set_up(processors, "paystack"))
    programme, ends = put_on(Sold(capacity=50)), Counter()
    for turn in range(4):
        run_id = begin(programme, Tender("paystack", PRICE))
        page, key = payer(late_one.shop, run_id), f"{run_id}:charge:0"
        due(run_id)
        hold_id = rows(Hold).order_by(Hold.id.desc()).first().id
        late(database, hold_id)
        if turn % 2:
            late_one.shop.at.visit(page, "pay")
        deeds = [(f"{HERE}:let_go", home, (run_id,)), (f"{HERE}:expired", home, (hold_id,))]
        if turn % 2:
            deeds.append((f"{HERE}:apply", home, (message(late_one.post, key),)))
        nursery.race(*deeds)
        if not turn % 2:
            late_one.shop.at.visit(page, "pay")
            nursery.race((f"{HERE}:apply", home, (message(late_one.post, key),)))
        carried(run_id, looks=3)
        late_one.settle()
        stands, done = standing(run_id), isinstance(ended(run_id), Done)
        assert (len(stands.payments), stands.tickets) == ((1, 1) if done else (0, 0))
        ends["sold" if done else "back"] += 1
    assert ends["back"] >= 2
    assert Counter(late_one.shop.at.moved()) == Counter({("charge", PRICE): 4, ("refund", PRICE): ends["back"]})
    assert violations() == {}


def test_a_message_that_nobody_applies_leaves_money_without_a_ticket_and_is_seen(
    app: Flask, personas: Personas, home: UUID, nursery: Nursery, processors: Processors
) -> None:
    """Negative control: the probe above counts a charge that did not go back."""
    late_one = Latecomer(app, personas, set_up(processors, "paystack"))
    run_id = begin(put_on(Sold(capacity=5)), Tender("paystack", PRICE))
    page = payer(late_one.shop, run_id)
    due(run_id)
    nursery.race((f"{HERE}:let_go", home, (run_id,)))
    late_one.shop.at.visit(page, "pay")
    late_one.settle()
    assert (standing(run_id).tickets, late_one.shop.at.moved()) == (0, [("charge", PRICE)])


def two_late_sales(database: Database, shop: Shop) -> tuple[object, list[UUID]]:
    """Have two clerks hold the last place one after the other, and both let it expire."""
    programme = put_on(Sold(capacity=1))
    checkouts = []
    for _ in range(2):
        checkouts.append(hold(programme))
        let_expire(checkouts[-1])
    return programme, checkouts


def test_the_last_place_is_sold_once_and_the_other_cards_money_goes_back(
    home: UUID, nursery: Nursery, processors: Processors, database: Database
) -> None:
    shop = set_up(processors, "stripe")
    programme, checkouts = two_late_sales(database, shop)
    said = nursery.race(*[(f"{HERE}:complete", home, (one, shop.tender(PRICE))) for one in checkouts])
    assert sorted(one == "paid" for one in said) == [False, True]
    assert Counter(shop.at.moved()) == {("charge", PRICE): 2, ("refund", PRICE): 1}
    assert taken(programme) == {"Adult 0": 1}
    rollback()
    assert violations() == {}


def test_without_the_condition_the_last_place_is_sold_twice_and_seen(
    home: UUID, nursery: Nursery, processors: Processors, database: Database
) -> None:
    """Negative control."""
    shop = set_up(processors, "stripe")
    with psycopg.connect(database.url("postgres"), autocommit=True) as connection:
        connection.execute("ALTER TABLE pool DROP CONSTRAINT ck_pool_never_above_capacity")
    _, checkouts = two_late_sales(database, shop)
    said = nursery.race(*[(f"{HERE}:complete_unguarded", home, (one, shop.tender(PRICE))) for one in checkouts])
    assert said == ["paid", "paid"]
    assert violations() == {"I1": 1}
