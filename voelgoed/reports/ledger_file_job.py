"""Making a large file of the journal: a job of minutes that says how far it is, and keeps little in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, select, update

from voelgoed.foundation.boundary import commit
from voelgoed.foundation.clock import now
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import current_scope, rows, scope
from voelgoed.reports.journal import COLUMNS, JournalFilter, lines_of, selected
from voelgoed.reports.ledger_file import LedgerFile, LedgerFilePart
from voelgoed.reports.sheet import csv_pieces, xlsx_pieces

ENTRY = next(place for place, column in enumerate(COLUMNS) if column.head == "entry")
PART = 1 << 19


def make(file_id: UUID) -> None:
    """Write a file part by part; all parts appear at once, the progress before."""
    found = rows(LedgerFile).filter(LedgerFile.id == file_id).first()
    if found is None or found.finished_at is not None:
        return
    _take_time()
    db.session.execute(delete(LedgerFilePart).where(LedgerFilePart.file_id == file_id))
    asked = JournalFilter.model_validate(found.asked)
    but = found.without_shift_id
    _say(file_id, entries=selected(asked, but).count(), entries_done=0)
    chunks = _telling(file_id, lines_of(lambda: selected(asked, but)))
    pieces = csv_pieces(COLUMNS, chunks) if found.format == "csv" else xlsx_pieces(COLUMNS, chunks, PART)
    failed = None
    try:
        _keep(file_id, pieces)
    except ValueError as error:  # a sheet that cannot hold so many rows will not hold them the next time either
        failed = f"{error}: ask for CSV, or for fewer days"
    done = update(LedgerFile).where(LedgerFile.id == file_id).values(finished_at=now(), failed=failed)
    db.session.execute(done.execution_options(synchronize_session=False))


def _take_time() -> None:
    """Let the transaction wait while a sheet is packed, which takes a minute for a million rows."""
    db.session.execute(select(func.set_config("idle_in_transaction_session_timeout", "10min", True)))


def _keep(file_id: UUID, pieces: Iterable[bytes]) -> None:
    for number, part in enumerate(_gathered(pieces)):
        db.session.execute(insert(LedgerFilePart), [{"file_id": file_id, "number": number, "content": part}])


def _gathered(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Join small pieces until a part is full."""
    held = bytearray()
    for piece in pieces:
        held += piece
        if len(held) >= PART:
            yield bytes(held)
            held.clear()
    if held:
        yield bytes(held)


def _telling(file_id: UUID, chunks: Iterable[Sequence[Any]]) -> Iterator[Sequence[Any]]:
    """Hand the chunks on, and say after each how many entries are done."""
    done = 0
    for chunk in chunks:
        yield chunk
        done += len({row[ENTRY] for row in chunk})
        _say(file_id, entries_done=done)


def _say(file_id: UUID, **values: int) -> None:
    """Commit the progress in a transaction of its own, so that the page sees it while the file is made."""
    here = current_scope()
    with scope(here.organization_id, here.actor, job=here.job):
        said = update(LedgerFile).where(LedgerFile.id == file_id).values(**values)
        db.session.execute(said.execution_options(synchronize_session=False))
        commit()
