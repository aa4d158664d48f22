"""Cash beside cards: of several items each goes its own way, inside or outside, in any order."""

from dataclasses import dataclass

import pytest
from sqlalchemy import func, select

from tests.foundation.workflow.bank import bank as the_bank
from tests.foundation.workflow.deeds import fresh_venues, note
from voelgoed.catalog.venue import Venue
from voelgoed.foundation.database import db
from voelgoed.foundation.outbox.row import OutboxRow
from voelgoed.foundation.workflow import Done, Failed, Workflow, run
from voelgoed.foundation.workflow.journal import WorkflowOutcome, WorkflowStep


@dataclass
class Pay:
    tenders: list[str]


pay = Workflow("test_pay", inputs=Pay)
undone: list[str] = []


def is_card(tender: str) -> bool:
    return not tender.startswith("cash")


@pay.step(each="tenders", external=is_card)
def paid(tender: str, idempotency_key: str) -> str:
    if is_card(tender):
        return the_bank().charge(idempotency_key, tender)
    note(tender)
    if tender == "cash short":
        raise ValueError("the till is short")
    return tender


@paid.undo
def pay_back(tender: str, idempotency_key: str) -> None:
    undone.append(tender)
    if is_card(tender):
        the_bank().reverse(idempotency_key)
    else:
        db.session.delete(db.session.scalars(select(Venue).where(Venue.name == tender)).one())


@pay.step
def written(paid: list[str]) -> int:
    note("written")
    return len(paid)


def paid_with(house, *tenders):
    undone.clear()
    with house.scope():
        return run(pay, Pay(list(tenders)), key="1")


def segments(house):
    """Return what was committed together, in order: items by number, cards when their result came."""
    with house.scope():
        xmin = db.literal_column("xmin::text::bigint")
        lines = select(xmin, WorkflowStep.item, WorkflowStep.kind).order_by(WorkflowStep.position)
        found: dict[int, list[str]] = {}
        for transaction, item, kind in db.session.execute(lines):
            found.setdefault(transaction, []).append("written" if item is None else f"{kind} {item}")
        ending = select(xmin).select_from(WorkflowOutcome)
        assert db.session.scalar(ending) == list(found)[-1], "the outcome is written with the last of them"
        return list(found.values())


def venues(house):
    with house.scope():
        return fresh_venues()


@pytest.mark.parametrize(
    ("tenders", "together"),
    [
        (["cash a", "good"], [["done 0", "intent 1"], ["done 1"], ["written"]]),
        (["good", "cash a"], [["intent 0"], ["done 0"], ["done 1", "written"]]),
        (
            ["cash a", "good", "cash b", "cash c", "good", "cash d"],
            [
                ["done 0", "intent 1"],
                ["done 1"],
                ["done 2", "done 3", "intent 4"],
                ["done 4"],
                ["done 5", "written"],
            ],
        ),
    ],
    ids=["cash first", "cash last", "mixed"],
)
def test_cash_commits_with_what_comes_next(house, bank, tenders, together):
    outcome = paid_with(house, *tenders)
    assert isinstance(outcome, Done)
    assert outcome.results["paid"] == [
        f"receipt {number}" if tender == "good" else tender for number, tender in enumerate(tenders)
    ]
    assert segments(house) == together
    assert venues(house) == sorted(["written", *(tender for tender in tenders if tender != "good")])


def test_when_the_second_card_fails_the_first_and_the_cash_between_are_undone(house, bank):
    assert paid_with(house, "good", "cash a", "broken", "cash b", "good") == Failed(
        "paid", "the line broke after the charge"
    )
    assert undone == ["broken", "cash a", "good"], "nothing that had not begun"
    assert bank.deeds("asked to reverse") == {"paid:0": 1, "paid:2": 1}, "cash is never undone by a call"
    assert bank.deeds("asked") == {"paid:0": 1, "paid:2": 1}
    assert venues(house) == []


def test_a_second_card_that_is_refused_has_nothing_to_undo(house, bank):
    assert paid_with(house, "cash a", "good", "cash b", "declined") == Failed("paid", "the card was declined")
    assert undone == ["cash b", "good", "cash a"]
    assert bank.deeds("asked to reverse") == {"paid:1": 1}
    assert venues(house) == []


def test_cash_that_fails_after_a_card_was_never_there(house, bank):
    assert paid_with(house, "cash a", "good", "cash b", "cash short") == Failed("paid", "the till is short")
    assert undone == ["good", "cash a"], "what had not committed is the rollback's"
    assert bank.deeds("asked to reverse") == {"paid:1": 1}
    assert venues(house) == []


def test_cash_alone_is_one_transaction(house, bank):
    assert isinstance(paid_with(house, "cash a", "cash b"), Done)
    with house.scope():
        assert db.session.scalar(select(func.count()).select_from(WorkflowStep)) == 0
        venue = select(func.count(func.distinct(db.literal_column("xmin::text")))).select_from(Venue)
        assert db.session.scalar(venue.where(Venue.name.in_(["cash a", "cash b", "written"]))) == 1
        assert db.session.scalars(select(OutboxRow.done_at)).one() is not None
    assert bank.deeds("asked") == {}
