"""The workflows that the tests of the engine run."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from tests.foundation.workflow.bank import bank
from voelgoed.catalog.venue import Venue
from voelgoed.foundation.database import db
from voelgoed.foundation.workflow import Continue, Pending, Person, Retry, TimedOut, Workflow


def note(name: str) -> UUID:
    venue = Venue(name=name, timezone="Africa/Johannesburg")
    db.session.add(venue)
    return venue.id


@dataclass
class Buy:
    name: str
    tenders: list[str]
    ending: str = "well"


buy = Workflow("test_buy", inputs=Buy, version=1)


@buy.step
def book(name: str) -> UUID:
    return note(f"{name} booked")


@book.undo
def unbook(book: UUID) -> None:
    db.session.delete(db.session.scalars(select(Venue).where(Venue.id == book)).one())


def is_card(tender: str) -> bool:
    return tender != "cash"


@buy.step(each="tenders", external=is_card, retries=1)
def charge(name: str, tender: str, idempotency_key: str) -> str:
    if tender == "cash":
        note(f"{name} cash")
        return "cash"
    return bank().charge(idempotency_key, tender)


@charge.undo
def reverse_charge(tender: str, idempotency_key: str) -> None:
    if tender == "cash":
        name = select(Venue).where(Venue.name.endswith("cash"))
        db.session.delete(db.session.scalars(name).one())
    else:
        bank().reverse(idempotency_key)


@buy.step
def ledger(name: str, book: UUID, charge: list[str], ending: str) -> int:
    note(f"{name} ledger")
    db.session.flush()
    if ending == "badly":
        raise ValueError("the ledger does not balance")
    return len(charge)


@dataclass
class Tap(Buy):
    """A sale with terminals, which let one wait."""


tap = Workflow("test_tap", inputs=Tap)


@tap.step
def begun(name: str) -> UUID:
    return note(f"{name} booked")


@begun.undo
def unbegin(begun: UUID) -> None:
    unbook(begun)


@tap.step(each="tenders", external=is_card, retries=1, patience=60)
def tapped(name: str, tender: str, idempotency_key: str, attempt: int) -> str | Pending:
    if tender == "cash":
        note(f"{name} cash")
        return "cash"
    return bank().terminal(idempotency_key, tender) or Pending(2)


@tapped.compensate
def on_tap_error(error: Exception, tender: str) -> Retry | Person | None:
    if isinstance(error, ConnectionError):
        return Person(f"the terminal says: {error}")
    return None if isinstance(error, TimedOut) else Retry()


@tapped.undo
def untap(tender: str, idempotency_key: str) -> None:
    reverse_charge(tender, idempotency_key)


@tap.step
def tap_ledger(name: str, tapped: list[str], ending: str) -> int:
    return ledger(name, UUID(int=0), tapped, ending)


@dataclass
class Ask:
    card: str


ask = Workflow("test_ask", inputs=Ask)
"""Its compensation looks at the error."""


@ask.step(external=True, retries=2)
def asked(card: str, idempotency_key: str, attempt: int) -> str:
    return f"{bank().charge(idempotency_key, card)} at {attempt}"


@asked.compensate
def on_error(error: Exception, card: str) -> Retry | Continue | None:
    if isinstance(error, TimedOut):
        return Continue("unknown")
    return Retry() if card == "flaky" else None


@asked.undo
def unask(idempotency_key: str) -> None:
    if bank().path.with_suffix(".closed").exists():
        raise ConnectionError("the bank is closed")
    bank().reverse(idempotency_key)


@ask.step
def closing(card: str, asked: str) -> None:
    note(f"{card} {asked}")
    db.session.flush()
    if card == "late":
        raise ValueError("too late")


@dataclass
class Take:
    name: str
    wrong: int


take = Workflow("test_take", inputs=Take)
"""Local only; its first step fails `wrong` times, its last has no result."""

tried: list[int] = []


@take.step(retries=2)
def counted(name: str, wrong: int, attempt: int) -> int:
    note(f"{name} {attempt}")
    tried.append(attempt)
    if attempt <= wrong:
        raise ValueError(f"wrong at {attempt}")
    return attempt


@take.step
def last(name: str, counted: int) -> None:
    note(f"{name} last")
    if name == "fails":
        raise ValueError("the last failed")


@dataclass
class Pick:
    names: str


pick = Workflow("test_pick", inputs=Pick)
"""Local; for each of what a step found, and whoever fails is counted as nothing."""


@pick.step
def found(names: str) -> list[str]:
    return names.split()


@pick.step(each="found", item="one")
def picked(one: str) -> int:
    note(f"picked {one}")
    return int(one)


@picked.compensate
def count_as_nothing(error: Exception) -> Continue:
    return Continue(0)


@pick.step
def total(picked: list[int]) -> int:
    return sum(picked)


def fresh_venues() -> list[str]:
    return sorted(db.session.scalars(select(Venue.name)))
