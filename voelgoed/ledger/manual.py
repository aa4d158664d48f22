"""Entries by hand, and the mirror that takes one back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Mapped

from voelgoed.foundation.clock import now
from voelgoed.foundation.database import db
from voelgoed.foundation.resource import Resource, text
from voelgoed.foundation.tenancy import children, current_scope, rows
from voelgoed.foundation.tenancy.organization import Organization
from voelgoed.foundation.web import Problem
from voelgoed.ledger.chart import STANDING, Heading
from voelgoed.ledger.entry import Account, ClosedDay, JournalEntry, JournalLine
from voelgoed.ledger.post import Line, post
from voelgoed.ledger.trading_day import trading_day


class ManualEntry(Resource, append_only="why somebody booked by hand is a fact"):
    """The reason of an entry by hand: what the entry names as its source."""

    reason: Mapped[str] = text(300)
    actor: Mapped[str] = text(400)


def heading_of(account: Account) -> Heading:
    """Return the heading of an account that is there already."""
    return Heading(account.code, account.name, account.kind, account.till_id)


def headings() -> dict[str, Heading]:
    """Return what may be booked on by hand, by code: the organization's accounts, and the standing headings."""
    own = rows(Organization).one().currency
    used = db.session.scalars(select(Account).where(Account.currency == own))
    found = {one.code: one for one in STANDING}
    found |= {f"{one.code}-{one.till_id}" if one.till_id else one.code: heading_of(one) for one in used}
    return dict(sorted(found.items()))


def book_by_hand(reason: str, amounts: Mapping[Heading, int], day: date | None = None) -> JournalEntry:
    """Book cents (debit above 0, credit below) in the organization's currency, on a trading day (default today).

    Raises Problem: 409 `day_closed`, 422 `day_to_come`; Unbalanced when the sides differ.
    """
    own = rows(Organization).one()
    at = _moment(day, own.timezone)
    lines = [Line(heading, cents) for heading, cents in amounts.items()]
    return post("manual", _because(reason), lines, currency=own.currency, timezone=own.timezone, words=reason, at=at)


def _because(reason: str) -> ManualEntry:
    source = ManualEntry(reason=reason, actor=current_scope().actor.label)
    db.session.add(source)
    db.session.flush()
    return source


def _moment(day: date | None, timezone: str) -> datetime:
    """Return noon of a day that is past and open, or now."""
    today = trading_day(now(), timezone)
    if day is None or day == today:
        return now()
    if day > today:
        raise Problem(422, "day_to_come", "That day is yet to come")
    if db.session.scalar(select(ClosedDay.id).where(ClosedDay.day == day)):
        raise Problem(409, "day_closed", "That day is closed", "Book it on an open day.")
    return datetime.combine(day, time(12), ZoneInfo(timezone))


def take_back(entry: JournalEntry, reason: str) -> JournalEntry:
    """Book the mirror of an entry by hand, once, on the present day; raises Problem 409 `corrected`, `not_by_hand`."""
    if entry.kind != "manual":
        raise Problem(409, "not_by_hand", "Only entries by hand are taken back here", "A sale is refunded or reversed.")
    if children(entry, JournalEntry).first():
        raise Problem(409, "corrected", "That entry was corrected already")
    own = rows(Organization).one()
    lines = children(entry, JournalLine).order_by(JournalLine.id).all()
    return post("manual", _because(reason), _mirror(lines), currency=lines[0].currency, timezone=own.timezone,
                words=reason, reverses=entry.id)  # fmt: skip


def _mirror(lines: Sequence[JournalLine]) -> list[Line]:
    return [Line(heading_of(one.account), -one.amount_cents) for one in lines]
