"""Reading the journal: filters, pages and exports by key, and whose entries a role may see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import Field
from sqlalchemy import ColumnElement, and_, or_, select, tuple_

from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import rows
from voelgoed.foundation.tenancy.query import TenantQuery
from voelgoed.foundation.web import Identity
from voelgoed.foundation.web.fields import Asked, Cents, Line
from voelgoed.ledger.entry import Account, JournalEntry, JournalLine
from voelgoed.reports.account_names import account_names
from voelgoed.reports.own_drawer import entries_but
from voelgoed.reports.sheet import Column
from voelgoed.tills.shift import Shift

PER_PAGE = 50
PER_CHUNK = 1000
COLUMNS = (
    Column("day", "day"), Column("time (UTC)", "moment"), Column("entry"), Column("kind"), Column("words"),
    Column("person"), Column("account"), Column("account's name"), Column("currency"), Column("debit", "money"),
    Column("credit", "money"), Column("source"), Column("source's id"), Column("reverses"),
)  # fmt: skip


class Days(Asked):
    """A range of trading days in the address; both ends are included."""

    since: date | None = Field(default=None, ge=date(2000, 1, 1), le=date(9000, 1, 1))
    until: date | None = Field(default=None, ge=date(2000, 1, 1), le=date(9000, 1, 1))


class JournalFilter(Days):
    """What the address says: words, account, kind, amount, shift, source; `day` and `before` are the cursor."""

    q: Line | None = Field(default=None, max_length=100)
    account: UUID | None = None
    kind: Line | None = Field(default=None, max_length=40)
    amount: Cents | None = Field(default=None, ge=1)
    shift: UUID | None = None
    source: UUID | None = None
    day: date | None = Field(default=None, ge=date(2000, 1, 1), le=date(9000, 1, 1))
    before: UUID | None = None


@dataclass(frozen=True)
class Told:
    """An entry with its lines, debits first."""

    entry: JournalEntry
    lines: Sequence[JournalLine]

    @property
    def cents(self) -> int:
        """Return what it moved: the sum of its debits."""
        return sum(line.amount_cents for line in self.lines if line.amount_cents > 0)


def own_shifts(who: Identity) -> ColumnElement[bool]:
    """Select the entries of the visitor's own shifts that are closed: an open drawer is counted blind."""
    mine = select(Shift.id).where(Shift.membership_id == who.membership_id, Shift.closed_at.is_not(None))
    return JournalEntry.shift_id.in_(mine)


def entries_for(who: Identity, asked: JournalFilter, but: UUID | None = None) -> TenantQuery[JournalEntry]:
    """Return the entries that the filter asks for and the visitor may see, in no order yet; `but` those of a shift."""
    found = selected(asked, but)
    return found.filter(own_shifts(who)) if who.limited("ledger.own") else found


def selected(asked: JournalFilter, but: UUID | None = None) -> TenantQuery[JournalEntry]:
    """Return all entries that the filter asks for, whoever may see them, but those of one shift."""
    found = rows(JournalEntry).filter(entries_but(but)) if but else rows(JournalEntry)
    if asked.since:
        found = found.filter(JournalEntry.trading_day >= asked.since)
    if asked.until:
        found = found.filter(JournalEntry.trading_day <= asked.until)
    if asked.q:
        found = found.filter(or_(*(column.icontains(asked.q, autoescape=True) for column in _SEARCHED)))
    same = {"kind": asked.kind, "shift_id": asked.shift, "source_id": asked.source}
    found = found.filter_by(**{name: value for name, value in same.items() if value is not None})
    lines = list(_of_lines(asked))
    if lines:
        found = found.filter(JournalEntry.id.in_(select(JournalLine.entry_id).where(and_(*lines))))
    return found


_SEARCHED = (JournalEntry.words, JournalEntry.actor)


def _of_lines(asked: JournalFilter) -> Iterator[ColumnElement[bool]]:
    if asked.account:
        yield JournalLine.account_id == asked.account
    if asked.amount:
        yield or_(JournalLine.amount_cents == asked.amount, JournalLine.amount_cents == -asked.amount)
    if asked.account or asked.amount:
        if asked.since:
            yield JournalLine.trading_day >= asked.since
        if asked.until:
            yield JournalLine.trading_day <= asked.until


def page_of(found: TenantQuery[JournalEntry], asked: JournalFilter) -> tuple[list[Told], JournalEntry | None]:
    """Return one page, newest first, and the entry before which the next page begins, if there is one."""
    if asked.day and asked.before:
        found = found.filter(tuple_(JournalEntry.trading_day, JournalEntry.id) < (asked.day, asked.before))
    newest = found.order_by(JournalEntry.trading_day.desc(), JournalEntry.id.desc())
    taken = newest.limit(PER_PAGE + 1).all()
    return tell(taken[:PER_PAGE]), taken[PER_PAGE - 1] if len(taken) > PER_PAGE else None


def longer_than(found: TenantQuery[JournalEntry], most: int) -> bool:
    """Say whether there are more entries than so many, without counting them all."""
    return found.order_by(JournalEntry.trading_day, JournalEntry.id).offset(most).limit(1).first() is not None


def tell(entries: Sequence[JournalEntry]) -> list[Told]:
    """Put the lines to their entries, in one statement."""
    wanted = [one.id for one in entries]
    code = select(JournalLine).join(Account, Account.id == JournalLine.account_id)
    statement = code.where(JournalLine.entry_id.in_(wanted)).order_by(JournalLine.amount_cents <= 0, Account.code)
    lines: dict[UUID, list[JournalLine]] = defaultdict(list)
    for line in db.session.scalars(statement):
        lines[line.entry_id].append(line)
    return [Told(one, lines[one.id]) for one in entries]


def lines_of(selection: Callable[[], TenantQuery[JournalEntry]]) -> Iterator[list[tuple[Any, ...]]]:
    """Return the lines of a whole selection, oldest first, some entries at a step; each step reads from a key on.

    Plain columns are read, not objects: a million lines are a file of minutes either way. Entries made after the
    first step may be left out: they would lie before a key that has passed.
    """
    after: tuple[date, UUID] | None = None
    while True:
        found = selection()
        if after:
            found = found.filter(tuple_(JournalEntry.trading_day, JournalEntry.id) > after)
        oldest = found.order_by(JournalEntry.trading_day, JournalEntry.id).limit(PER_CHUNK)
        entries: dict[UUID, Any] = {one.id: one for one in oldest.with_entities(JournalEntry.id, *_OF_ENTRY)}
        if not entries:
            return
        last = next(reversed(entries.values()))
        after = last.trading_day, last.id
        yield list(_rows_of(entries))


_OF_ENTRY = (
    JournalEntry.trading_day, JournalEntry.occurred_at, JournalEntry.kind, JournalEntry.words, JournalEntry.actor,
    JournalEntry.source_kind, JournalEntry.source_id, JournalEntry.reverses_id,
)  # fmt: skip


def _rows_of(entries: Mapping[UUID, Any]) -> Iterator[tuple[Any, ...]]:
    names = account_names()
    lines: dict[UUID, list[Any]] = defaultdict(list)
    statement = select(
        JournalLine.entry_id, JournalLine.account_id, JournalLine.amount_cents, JournalLine.currency
    ).where(JournalLine.entry_id.in_(entries))
    for line in db.session.execute(statement):
        lines[line.entry_id].append((line.amount_cents <= 0, names[line.account_id], line.amount_cents, line.currency))
    for key, one in entries.items():
        kind, source = one.kind.replace("_", " "), one.source_kind.replace("_", " ")
        for credit, name, cents, currency in sorted(lines[key]):
            yield (
                one.trading_day, one.occurred_at, key, kind, one.words, one.actor, *name, currency,
                None if credit else cents, -cents if credit else None, source, one.source_id, one.reverses_id,
            )  # fmt: skip
