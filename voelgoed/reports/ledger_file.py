"""Large files of the ledger: made by a job in parts, kept for a week, sent as they lie."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Mapped

from voelgoed.foundation.clock import now
from voelgoed.foundation.database import db
from voelgoed.foundation.outbox import enqueue
from voelgoed.foundation.resource import (
    Resource,
    binary,
    choice,
    identifier,
    integer,
    json_value,
    moment,
    refers,
    text,
)
from voelgoed.foundation.tenancy import current_scope, rows
from voelgoed.reports.journal import JournalFilter
from voelgoed.reports.own_drawer import not_counted, uncounted
from voelgoed.tills.own_shift import own_shift

KEPT = timedelta(days=7)


class LedgerFile(Resource, unaudited="derived: made again from the ledger whenever it is asked for"):
    """A file that was asked for: which selection of the journal, without which shift, and how far it is."""

    format: Mapped[str] = choice("csv", "xlsx")
    asked: Mapped[dict[str, Any]] = json_value(nullable=False)
    without_shift_id: Mapped[UUID | None] = identifier()
    actor: Mapped[str] = text(400)
    entries: Mapped[int] = integer(default=0)
    entries_done: Mapped[int] = integer(default=0)
    finished_at: Mapped[datetime | None] = moment(nullable=True)
    failed: Mapped[str | None] = text(400, nullable=True)


class LedgerFilePart(
    Resource, unaudited="derived: a piece of a file that can be made again", unique=(("file_id", "number"),)
):
    """One piece of a file; it goes with it."""

    file_id: Mapped[UUID] = refers("ledger_file", cascade=True)
    number: Mapped[int] = integer()
    content: Mapped[bytes] = binary(nullable=False)


def ask_for(asked: JournalFilter, format: str) -> LedgerFile:
    """Have a file made of a selection of the journal; those older than a week go."""
    rows(LedgerFile).filter(LedgerFile.created_at < now() - KEPT).delete(synchronize_session=False)
    said = asked.model_dump(mode="json", exclude={"day", "before"}, exclude_none=True)
    made = LedgerFile(format=format, asked=said, without_shift_id=uncounted(), actor=current_scope().actor.label)
    db.session.add(made)
    db.session.flush()
    enqueue("maintenance", "voelgoed.reports.ledger_file_job.make", about=made.id, file_id=made.id)
    return made


def refuse_telling(file: LedgerFile) -> None:
    """Raise Problem 409 `not_counted` for a file in which the visitor's own open drawer may be told."""
    shift = own_shift()
    if shift and file.without_shift_id != shift.id and file.created_at > shift.opened_at:
        raise not_counted("This file was made while your drawer was open: it")


def parts_of(file_id: UUID) -> Iterator[bytes]:
    """Return the pieces of a file in order, each read by itself."""
    number = 0
    while True:
        statement = select(LedgerFilePart.content)
        piece = db.session.scalar(statement.where(LedgerFilePart.file_id == file_id, LedgerFilePart.number == number))
        if piece is None:
            return
        number += 1
        yield bytes(piece)
