"""What may be left of a deed that was killed or let down: all of it or none, here and at the processors."""

from __future__ import annotations

from collections import Counter
from uuid import UUID

from sqlalchemy import select

from tests.faults.stage import CHEAPER, PRICE, Stage, kind_of, violations
from tests.selling.online import checkout_of, standing
from voelgoed.checkout.checkout import Checkout
from voelgoed.foundation.boundary import commit, rollback
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import rows
from voelgoed.foundation.workflow.journal import WorkflowRun
from voelgoed.payments.payment import Charge, ChargeEnd, Payment, Refund, RefundEnd, Return
from voelgoed.selling import stuck_refunds
from voelgoed.selling.settle_unknown_charge import check_again
from voelgoed.ticketing.ticket import Ticket, TicketVoid


def charges(run_id: UUID) -> list[tuple[UUID, str, int]]:
    """Return a sale's charges outside: id, key, cents."""
    found = rows(Charge).filter_by(checkout_id=checkout_of(run_id)).order_by(Charge.tender).all()
    made = [(one.id, one.key, one.amount_cents) for one in found]
    rollback()
    return made


def a_person_looks(stage: Stage, run_id: UUID) -> None:
    """If the run asks for a person, be the one who has the processor asked again."""
    if kind_of(run_id) != "asks":
        return
    check_again(charges(run_id)[-1][0])
    commit()
    stage.heal(run_id)


def check_sale(stage: Stage, run_id: UUID) -> str | None:
    """A sale is whole, or nothing of it is left: tickets for the money, or the money back. Returns how it ended."""
    kind, stands = kind_of(run_id), standing(run_id)
    assert kind in ("done", "failed")
    sold = kind == "done"
    assert (sum(cents for _, cents in stands.payments), stands.tickets) == ((PRICE, 1) if sold else (0, 0))
    came_as_it_should(stage, run_id, sold=sold)
    return kind


def check_paid_exchange(stage: Stage, run_id: UUID, ticket_id: UUID) -> str | None:
    """A ticket became a dearer one for the difference, or nothing was exchanged and the money is back."""
    kind, stands = kind_of(run_id), standing(run_id)
    assert kind in ("done", "failed")
    done = kind == "done"
    void = rows(TicketVoid).filter_by(ticket_id=ticket_id).count()
    assert (void, stands.tickets, sum(cents for _, cents in stands.payments)) == ((1, 1, PRICE) if done else (0, 0, 0))
    came_as_it_should(stage, run_id, sold=done)
    return kind


def came_as_it_should(stage: Stage, run_id: UUID, *, sold: bool) -> None:
    """Each charge was taken once for what was sold, else not at all or given back; every checker is clean."""
    for _, key, cents in charges(run_id):
        took = Counter({("charge", cents): 1})
        may_be = [took] if sold else [Counter(), took + Counter({("refund", cents): 1})]
        assert stage.moved(key) in may_be, key
    assert violations() == {}


def refund_runs(checkout_id: UUID) -> tuple[UUID, ...]:
    """Return the runs that send a sale's refunds back."""
    keys = [str(one.id) for one in rows(Refund).filter_by(checkout_id=checkout_id)]
    found = db.session.scalars(
        select(WorkflowRun.id).where(WorkflowRun.workflow == "pay_back", WorkflowRun.key.in_(keys))
    )
    runs = tuple(found)
    rollback()
    return runs


def a_person_ends(stage: Stage, checkout_id: UUID, deed: str) -> None:
    """If a refund waits for a person, be the one who says how it ended."""
    waiting = [one.refund.id for one in stuck_refunds.stuck_refunds() if one.refund.checkout_id == checkout_id]
    for refund_id in waiting:
        stuck_refunds.DEEDS[deed](refund_id, "the simulator's list says so", "their list")
    commit()
    stage.heal(*refund_runs(checkout_id))


def check_given_back(stage: Stage, charge_id: UUID, *, by_hand: int = 0) -> None:
    """Money that nobody has a ticket for went back once; its charge has ended once and brought nothing."""
    charge = rows(Charge).get(charge_id)
    key, cents = charge.key, charge.amount_cents
    assert rows(ChargeEnd).filter_by(charge_id=charge_id).count() == 1
    assert rows(Payment).filter_by(charge_id=charge_id).count() == 0
    back = ("refund", by_hand or cents)
    assert stage.moved(key) == Counter({("charge", cents): 1, back: 1})
    assert violations() == {}


def check_refund(stage: Stage, checkout_id: UUID, cents: int = PRICE) -> None:
    """A sale was taken back once: tickets void, `cents` gone where they came from once, each refund ended once."""
    refunds = rows(Refund).filter_by(checkout_id=checkout_id).all()
    assert rows(Return).filter_by(checkout_id=checkout_id).count() == 1
    assert sum(one.amount_cents for one in refunds if one.gateway != "credit") == cents
    outside = [one for one in refunds if one.gateway not in ("cash", "credit")]
    assert rows(RefundEnd).filter(RefundEnd.refund_id.in_([one.id for one in outside])).count() == len(outside)
    void = rows(TicketVoid).join(Ticket, Ticket.id == TicketVoid.ticket_id)
    assert void.filter(Ticket.checkout_line.has(checkout_id=checkout_id)).count() == 1
    back = Counter(one.payment.key for one in outside)
    for charge in rows(Charge).filter_by(checkout_id=checkout_id):
        sent = [("refund", one.amount_cents) for one in outside if one.payment.charge_id == charge.id]
        assert back[charge.key] == 1
        assert stage.moved(charge.key) == Counter([("charge", charge.amount_cents), *sent])
    assert violations() == {}


def check_exchange(stage: Stage, checkout_id: UUID, key: UUID) -> None:
    """A ticket became another once: the old one void, the new one made, the difference sent back once."""
    check_refund(stage, checkout_id, PRICE - CHEAPER)
    bought = rows(Checkout).filter_by(key=key).one()
    assert rows(Ticket).filter(Ticket.checkout_line.has(checkout_id=bought.id)).count() == 1
    assert sum(one.amount_cents for one in rows(Payment).filter_by(checkout_id=bought.id)) == CHEAPER
