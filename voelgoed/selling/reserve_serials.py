"""Reading the serials that a seller's stubs show: in any form, and when they are not of this book, of what they are."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlalchemy import select

from voelgoed.catalog.event import Event
from voelgoed.foundation.database import db
from voelgoed.selling.reserve import ReserveBook, ReserveTicket
from voelgoed.ticketing.serial import FORM, parse
from voelgoed.ticketing.ticket import Ticket, TicketSeries

SHORT = re.compile(r"(?:([A-Z]{1,3})\W*)?([0-9]{1,9})")
BETWEEN = re.compile(r"\s+(?:to|-)\s+|\s*–\s*|\s*\.\.\s*")
PARTS = re.compile(r"[,;\n]+")
DIGITS_TO_DIGITS = re.compile(r"([0-9]{1,9})\s*-\s*([0-9]{1,9})")


class NotOfThisBook(ValueError):
    """What was typed is no serial of this book; its words say what it is."""


def read_serial(book: ReserveBook, typed: str) -> int:
    """Return the number of one ticket of a book, typed whole, without check digits, or as digits alone."""
    said = typed.strip().upper()
    prefix, number = _parts(said)
    own = db.session.scalars(select(TicketSeries.prefix).where(TicketSeries.event_id == book.event_id)).one()
    if prefix not in (None, own):
        raise NotOfThisBook(f"{said} is of {_event_of(prefix)}.")
    statement = (
        select(ReserveBook.id, ReserveBook.number)
        .select_from(Ticket)
        .outerjoin(ReserveTicket, ReserveTicket.ticket_id == Ticket.id)
        .outerjoin(ReserveBook, ReserveBook.id == ReserveTicket.book_id)
        .where(Ticket.event_id == book.event_id, Ticket.number == number)
    )
    found = db.session.execute(statement).one_or_none()
    if found is None or found[0] is None:
        raise NotOfThisBook(f"{said} was printed in no reserve book.")
    if found[0] != book.id:
        raise NotOfThisBook(f"{said} is of book {found[1]}.")
    return number


def _parts(said: str) -> tuple[str | None, int]:
    bare = re.sub(r"[\s\-–.]", "", said)
    whole = FORM.fullmatch(bare)
    if whole is not None:
        if parse(said) is None:
            raise NotOfThisBook(f"{said} has a slip in it: its last two digits do not fit.")
        return whole.group(1), int(whole.group(2))
    short = SHORT.fullmatch(said)
    if short is None:
        raise NotOfThisBook(f"{said or 'Nothing'} is no serial.")
    return short.group(1), int(short.group(2))


def _event_of(prefix: str | None) -> str:
    statement = select(Event.name).join(TicketSeries, TicketSeries.event_id == Event.id)
    named = db.session.scalar(
        statement.where(TicketSeries.prefix == prefix).execution_options(include_archived=True)
    )  # fmt: skip
    return f"another event: {named}" if named else "no event here"


def read_list(book: ReserveBook, typed: str) -> frozenset[int]:
    """Return the numbers of a list: serials between commas, and runs like `17-19` or `A-000017-08 to A-000019-02`."""
    numbers: set[int] = set()
    for part in PARTS.split(typed):
        if part.strip():
            numbers.update(_run(book, part.strip()))
    return frozenset(numbers)


def _run(book: ReserveBook, part: str) -> range:
    digits = DIGITS_TO_DIGITS.fullmatch(part)
    ends = list(digits.groups()) if digits else BETWEEN.split(part)
    first, last = read_serial(book, ends[0]), read_serial(book, ends[-1])
    if len(ends) > 2 or last < first:
        raise NotOfThisBook(f"{part} does not run upwards.")
    return range(first, last + 1)


def in_runs(tickets: Sequence[Ticket]) -> str:
    """Write serials as runs: A-000012-47 to A-000019-03, A-000021-11."""
    runs: list[list[Ticket]] = []
    for one in sorted(tickets, key=lambda ticket: ticket.number):
        if runs and runs[-1][-1].number == one.number - 1:
            runs[-1].append(one)
        else:
            runs.append([one])
    return ", ".join(run[0].serial + (f" to {run[-1].serial}" if len(run) > 1 else "") for run in runs)
