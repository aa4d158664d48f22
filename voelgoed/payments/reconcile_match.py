"""Matching a gateway's list with our rows: by our key or their reference, then by amount."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, or_, select

from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import children, rows
from voelgoed.foundation.tenancy.organization import Organization
from voelgoed.payments.payment import Charge, Payment, Refund, RefundEnd
from voelgoed.payments.reconcile import DayList, DayListItem, DifferenceResolution


@dataclass(frozen=True)
class Ours:
    """Money that we say moved: a payment (above 0) or a refund that was sent (below 0), in cents."""

    id: UUID
    checkout_id: UUID
    names: frozenset[str]
    amount_cents: int
    at: datetime


@dataclass(frozen=True)
class Difference:
    """Something on which the list and our rows do not agree, with its resolution if somebody looked into it."""

    kind: str
    item: DayListItem | None
    ours: Ours | None
    resolution: DifferenceResolution | None = None

    @property
    def name(self) -> str:
        """Return what its resolution names it by."""
        about = self.item or self.ours
        assert about is not None
        return f"{self.kind}:{about.id}"


@dataclass(frozen=True)
class Matching:
    """A list beside our rows: how many agree, what does not, and the sums of the list (cents)."""

    agreed: int
    differences: Sequence[Difference]
    taken_cents: int
    given_cents: int
    fee_cents: int

    @property
    def open(self) -> Sequence[Difference]:
        """Return the differences that nobody has resolved."""
        return [one for one in self.differences if one.resolution is None]

    @property
    def total_cents(self) -> int:
        """Return what the list says was taken less what was given back."""
        return self.taken_cents - self.given_cents


def match(found: DayList) -> Matching:
    """Compare a list with our rows."""
    items = children(found, DayListItem).order_by(DayListItem.number).all()
    ours = _ours(found, items)
    by_name: dict[tuple[bool, str], Ours] = {}
    for one in ours:
        by_name.update({(one.amount_cents < 0, name): one for name in one.names})
    differences, agreed, seen = [], 0, set()
    for item in items:
        mine = _mine(item, by_name)
        kind = _kind(item, mine, mine is not None and mine.id in seen)
        agreed += kind is None
        if mine is not None:
            seen.add(mine.id)
        if kind:
            differences.append(Difference(kind, item, mine))
    missing = [one for one in ours if one.id not in seen and _within(found, one.at)]
    listed = _listed_elsewhere(found, missing)
    differences += [Difference("only_ours", None, one) for one in missing if not one.names & listed]
    return Matching(
        agreed, _resolved(found, differences), sum(one.amount_cents for one in items if one.amount_cents > 0),
        -sum(one.amount_cents for one in items if one.amount_cents < 0), sum(one.fee_cents for one in items),
    )  # fmt: skip


def _mine(item: DayListItem, by_name: dict[tuple[bool, str], Ours]) -> Ours | None:
    names = (item.key, item.reference)
    return next(
        (by_name[sign, name] for name in names if name and (sign := item.amount_cents < 0, name) in by_name), None
    )


def _kind(item: DayListItem, mine: Ours | None, again: bool) -> str | None:
    if mine is None:
        return "only_theirs"
    if again:
        return "twice"
    return None if mine.amount_cents == item.amount_cents else "amount"


def _ours(found: DayList, items: Sequence[DayListItem]) -> list[Ours]:
    """Return our rows of that day, and those that the list names whenever they were made."""
    names = {name for item in items for name in (item.key, item.reference) if name}
    first, last = _span(found)
    return [*_payments(found.gateway, names, first, last), *_refunds(found.gateway, names, first, last)]


def _payments(gateway: str, names: set[str], first: datetime, last: datetime) -> Iterator[Ours]:
    of_day = and_(Payment.created_at >= first, Payment.created_at < last)
    named = or_(Payment.key.in_(names), Payment.reference.in_(names), Charge.key.in_(names))
    statement = (
        select(Payment, Charge.key)
        .outerjoin(Charge, Charge.id == Payment.charge_id)
        .where(Payment.gateway == gateway, _either(of_day, named, names))
    )
    for paid, key in db.session.execute(statement):
        known = frozenset(name for name in (paid.key, paid.reference, key) if name)
        yield Ours(paid.id, paid.checkout_id, known, paid.amount_cents, paid.created_at)


def _refunds(gateway: str, names: set[str], first: datetime, last: datetime) -> Iterator[Ours]:
    of_day = and_(RefundEnd.created_at >= first, RefundEnd.created_at < last)
    named = or_(Refund.key.in_(names), RefundEnd.reference.in_(names))
    statement = (
        select(Refund, RefundEnd)
        .join(RefundEnd, RefundEnd.refund_id == Refund.id)
        .where(Refund.gateway == gateway, RefundEnd.how == "sent", _either(of_day, named, names))
    )
    for back, end in db.session.execute(statement):
        known = frozenset(name for name in (back.key, end.reference) if name)
        yield Ours(back.id, back.checkout_id, known, -back.amount_cents, end.created_at)


def _either(of_day: ColumnElement[bool], named: ColumnElement[bool], names: set[str]) -> ColumnElement[bool]:
    return or_(of_day, named) if names else of_day


def _span(found: DayList) -> tuple[datetime, datetime]:
    """Return the calendar day of a list by the organization's clock: a processor knows no trading days."""
    zone = ZoneInfo(rows(Organization).one().timezone)
    return tuple(datetime.combine(found.day + timedelta(days), time(), zone) for days in (0, 1))  # type: ignore[return-value]


def _within(found: DayList, at: datetime) -> bool:
    first, last = _span(found)
    return first <= at < last


def _listed_elsewhere(found: DayList, missing: Iterable[Ours]) -> set[str]:
    """Return the names that stand on another day's list: around midnight their day is not ours."""
    names = {name for one in missing for name in one.names}
    if not names:
        return set()
    statement = (
        select(DayListItem.key, DayListItem.reference)
        .join(DayList, DayList.id == DayListItem.list_id)
        .where(DayList.gateway == found.gateway, DayList.day != found.day)
        .where(or_(DayListItem.key.in_(names), DayListItem.reference.in_(names)))
    )
    return {name for pair in db.session.execute(statement) for name in pair if name}


def _resolved(found: DayList, differences: Sequence[Difference]) -> list[Difference]:
    known = {one.difference: one for one in children(found, DifferenceResolution)}
    return [Difference(one.kind, one.item, one.ours, known.get(one.name)) for one in differences]
