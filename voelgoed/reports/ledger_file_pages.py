"""Large files: asked for, watched while they are made, fetched."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from flask import request
from werkzeug.datastructures import MultiDict

from voelgoed.foundation.tenancy import rows
from voelgoed.foundation.web import Answer, Page, Pages, Problem, Redirect, Stream, identity, read
from voelgoed.reports.journal import JournalFilter
from voelgoed.reports.ledger_file import LedgerFile, ask_for, parts_of, refuse_telling
from voelgoed.reports.sheet import MIMETYPES

pages = Pages("ledger_files", __name__)
SHOWN = 20


class FileForm(JournalFilter):
    """A selection of the journal, and the format of the file."""

    format: Literal["csv", "xlsx"]


@pages.get("/ledger/files", allow="ledger.read")
def index() -> Answer:
    """List the files, newest first; while one is being made the list asks for itself again."""
    found = rows(LedgerFile).order_by(LedgerFile.id.desc()).limit(SHOWN).all()
    busy = any(one.finished_at is None for one in found)
    template = "reports/_ledger_files.html" if request.headers.get("HX-Request") else "reports/ledger_files.html"
    return Page(template, files=found, busy=busy)


@pages.post("/ledger/files", allow="ledger.read")
def create() -> Answer:
    """Have a file made of a selection of the journal."""
    form = read(FileForm, MultiDict(request.form))
    if not form.ok:
        raise Problem(422, "invalid", errors=form.errors)
    asked = JournalFilter.model_validate(form.model.model_dump(exclude={"format"}))
    ask_for(asked, form.model.format)
    return Redirect("ledger_files.index")


@pages.get("/ledger/files/<uuid:file_id>", allow="ledger.read")
def fetch(file_id: UUID) -> Answer:
    """Send a file that is done."""
    found = rows(LedgerFile).get(file_id)
    refuse_telling(found)
    if found.finished_at is None or found.failed:
        raise Problem(409, "not_made", "That file is not there yet", found.failed or "Wait until it is made.")
    return Stream(parts_of(file_id), MIMETYPES[found.format], f"journal-{identity().slug}.{found.format}")
