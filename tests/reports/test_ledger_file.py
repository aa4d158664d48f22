"""Large files of the journal: made by a job that tells how far it is, kept whole, fetched by those who may."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any
from uuid import UUID
from zipfile import ZipFile

import psycopg
import pytest
from sqlalchemy import update

from tests.checkout.programme import put_on, sell
from tests.conftest import World
from tests.reports.test_trail import words_of
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.clock import now
from voelgoed.foundation.database import db
from voelgoed.foundation.outbox import dispatch
from voelgoed.foundation.outbox.row import OutboxRow
from voelgoed.foundation.tenancy import rows
from voelgoed.reports import journal, journal_pages, ledger_file_job, ledger_file_pages, sheet
from voelgoed.reports.ledger_file import LedgerFile, LedgerFilePart


@pytest.fixture(scope="module")
def sold(world: World) -> World:
    """Three sales, so that a file has several pieces."""
    with world.personas.home.scope("manager"):
        programme = put_on()
        for _ in range(3):
            sell(programme)
    return world


def asked(world: World, format: str = "csv", **more: str) -> UUID:
    """Ask for a file; returns its id."""
    answer = world.personas.client("accountant").post("/home/ledger/files", data={"format": format, **more})
    assert answer.status_code == 303
    with world.personas.home.scope():
        newest = rows(LedgerFile).order_by(LedgerFile.id.desc()).first()
        assert newest is not None
        return newest.id


def work(world: World, file_id: UUID) -> None:
    """Do the job, as a worker does."""
    with world.personas.home.scope():
        row = rows(OutboxRow).filter_by(subject_id=file_id).one()
    assert dispatch(world.personas.home.organization_id, row.id)


def fetched(world: World, file_id: UUID, role: str = "accountant") -> Any:
    return world.personas.client(role).get(f"/home/ledger/files/{file_id}")


def test_what_is_too_long_is_made_aside(sold: World, monkeypatch: pytest.MonkeyPatch) -> None:
    client = sold.personas.client("accountant")
    whole = client.get("/home/ledger/journal.csv?kind=sale").data
    monkeypatch.setattr(journal_pages, "MOST", {"csv": 2, "xlsx": 2})
    page = client.get("/home/ledger/journal.csv?kind=sale").text
    assert "That is a large file" in page
    assert 'name="kind" value="sale"' in page
    file_id = asked(sold, kind="sale")
    assert "0 of 0 entries" in words_of(client.get("/home/ledger/files").text)
    assert fetched(sold, file_id).status_code == 409
    monkeypatch.setattr(ledger_file_job, "PART", 100)
    monkeypatch.setattr(journal, "PER_CHUNK", 1)
    work(sold, file_id)
    with sold.personas.home.scope():
        assert rows(LedgerFilePart).filter_by(file_id=file_id).count() >= 3
    answer = fetched(sold, file_id)
    assert answer.data == whole
    assert answer.headers["Content-Disposition"] == 'attachment; filename="journal-home.csv"'
    page = client.get("/home/ledger/files", headers={"HX-Request": "true"}).text
    assert "Save, 3 entries" in page
    assert "<html" not in page
    assert "every 2s" not in page


def test_its_progress_is_seen_while_it_is_made(sold: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "PER_CHUNK", 1)
    seen: list[tuple[int, int, Any]] = []
    real = ledger_file_job.lines_of

    def watched(selection: Any) -> Any:
        for chunk in real(selection):
            with psycopg.connect(sold.database.url("postgres")) as connection:
                seen.extend(connection.execute("SELECT entries_done, entries, finished_at FROM ledger_file "
                                               "ORDER BY id DESC LIMIT 1"))  # fmt: skip
            yield chunk

    monkeypatch.setattr(ledger_file_job, "lines_of", watched)
    work(sold, asked(sold, kind="sale"))
    assert seen == [(0, 3, None), (1, 3, None), (2, 3, None)]


def test_a_sheet_is_made_whole_or_says_why_not(sold: World, monkeypatch: pytest.MonkeyPatch) -> None:
    file_id = asked(sold, "xlsx", kind="sale")
    work(sold, file_id)
    book = ZipFile(io.BytesIO(fetched(sold, file_id).data))
    assert book.testzip() is None
    assert book.read("xl/worksheets/sheet1.xml").count(b"<row ") == 1 + 9
    monkeypatch.setattr(sheet, "MOST_ROWS", 4)
    file_id = asked(sold, "xlsx", kind="sale")
    work(sold, file_id)
    assert fetched(sold, file_id).status_code == 409
    page = sold.personas.client("accountant").get("/home/ledger/files").text
    assert "more rows than a sheet can hold: ask for CSV" in page


def test_a_job_done_twice_makes_one_file(sold: World) -> None:
    file_id = asked(sold, kind="sale")
    work(sold, file_id)
    first = fetched(sold, file_id).data
    with sold.personas.home.scope():
        ledger_file_job.make(file_id)
        commit()
    assert fetched(sold, file_id).data == first


def test_files_go_after_a_week(sold: World) -> None:
    file_id = asked(sold)
    work(sold, file_id)
    with sold.personas.home.scope():
        db.session.execute(
            update(LedgerFile).where(LedgerFile.id == file_id).values(created_at=now() - timedelta(8))
            .execution_options(synchronize_session=False)
        )  # fmt: skip
        commit()
    asked(sold)
    assert fetched(sold, file_id).status_code == 404
    with sold.personas.home.scope():
        assert rows(LedgerFilePart).filter_by(file_id=file_id).count() == 0


def test_a_file_does_not_tell_its_counter_what_to_count(sold: World, monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = asked(sold, kind="sale")
    work(sold, theirs)
    answer = fetched(sold, theirs, "manager")  # made by another, while the manager's drawer was open
    assert (answer.status_code, "counted blind" in answer.text) == (409, True)
    answer = sold.personas.client("manager").post("/home/ledger/files", data={"format": "csv", "kind": "sale"})
    assert answer.status_code == 303
    with sold.personas.home.scope():
        own = rows(LedgerFile).order_by(LedgerFile.id.desc()).first()
    assert own is not None
    work(sold, own.id)
    assert fetched(sold, own.id, "manager").text.count("\n") == 1  # the heads alone: all sales are the manager's
    assert fetched(sold, theirs).text.count("\n") > 3
    # Negative control: the same file, with nothing withheld.
    monkeypatch.setattr(ledger_file_pages, "refuse_telling", lambda file: None)
    assert fetched(sold, theirs, "manager").status_code == 200


def test_who_may_have_files(sold: World) -> None:
    file_id = asked(sold, kind="sale")
    work(sold, file_id)
    for role, status in (("manager", 409), ("auditor", 200), ("box_office", 403)):
        assert fetched(sold, file_id, role).status_code == status, role
        status = 200 if status == 409 else status
        assert sold.personas.client(role).get("/home/ledger/files").status_code == status, role
    outsider = sold.personas.outsider()
    for slug in ("home", "abroad"):
        assert outsider.get(f"/{slug}/ledger/files/{file_id}").status_code == 404
    assert "No file yet" in outsider.get("/abroad/ledger/files").text
    assert sold.personas.client("box_office").post("/home/ledger/files", data={"format": "csv"}).status_code == 403
    assert outsider.post("/home/ledger/files", data={"format": "csv"}).status_code == 404
    assert sold.personas.client("owner").post("/home/ledger/files", data={"format": "pdf"}).status_code == 422
