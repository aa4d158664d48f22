"""The tills: added, made of a browser here or by a code there, put away."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from flask import request
from pydantic import Field, StringConstraints
from sqlalchemy import select

from voelgoed.boxoffice.pages import pages
from voelgoed.foundation.clock import now
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import rows
from voelgoed.foundation.web import Answer, Form, Page, Problem, Redirect, blank, identity, read
from voelgoed.foundation.web.fields import Asked, Line
from voelgoed.foundation.web.saving import saving
from voelgoed.tills.browser import make_this, till_here, unpair
from voelgoed.tills.pair import make_till_code
from voelgoed.tills.shift import Shift
from voelgoed.tills.till import Till

REFUSALS = {"uq_till_organization_id_prefix": ("prefix", "Another till has these letters, or had them once.")}


class TillForm(Asked):
    """A till: what it is called, and what leads its numbers."""

    name: Annotated[Line, Field(max_length=80)]
    prefix: Annotated[str, StringConstraints(to_upper=True, pattern=r"^[A-Za-z0-9]{1,6}$")]


@pages.get("/tills", allow="till.write")
def tills() -> Answer:
    """List the tills, and which browser is each."""
    return _tills_page(blank())


def _tills_page(form: Form[Any], status: int = 200) -> Answer:
    found = rows(Till).order_by(Till.name).all()
    open_ones = {one.till_id: one for one in rows(Shift).filter(Shift.closed_at.is_(None))}
    return Page("boxoffice/tills.html", status, form=form, tills=found, shifts=open_ones, here=till_here())


@pages.post("/tills", allow="till.write")
def add_till() -> Answer:
    """Add a till."""
    form = read(TillForm, request.form)
    if form.ok:
        with saving(form, REFUSALS):
            db.session.add(Till(name=form.model.name, prefix=form.model.prefix))
    return Redirect("boxoffice.tills") if form.ok else _tills_page(form, 422)


@pages.post("/tills/<uuid:till_id>/code", allow="till.write")
def till_code(till_id: UUID) -> Answer:
    """Make a code that makes another browser this till; it is shown once."""
    till = rows(Till).get(till_id)
    pairing, code = make_till_code(till)
    return Page("boxoffice/till_code.html", till=till, pairing=pairing, code=code)


@pages.post("/tills/<uuid:till_id>/browser", allow="till.write")
def make_till(till_id: UUID) -> Answer:
    """Make this browser the till."""
    make_this(rows(Till).get(till_id), identity().slug)
    return Redirect("boxoffice.tills")


@pages.post("/tills/<uuid:till_id>/unpairing", allow="till.write")
def unpair_till(till_id: UUID) -> Answer:
    """Make no browser this till."""
    unpair(rows(Till).get(till_id))
    return Redirect("boxoffice.tills")


@pages.post("/tills/<uuid:till_id>/archive", allow="till.write")
def archive_till(till_id: UUID) -> Answer:
    """Put a till away: its letters are never used again; a drawer in use must be closed first."""
    till = rows(Till).get(till_id)
    in_use = select(Shift.person).where(Shift.till_id == till.id, Shift.closed_at.is_(None))
    if (person := db.session.scalar(in_use)) is not None:
        raise Problem(409, "drawer_in_use", f"{till.name} is in use",
                      f"{person} has an open shift there. Close it first; nothing was changed.")  # fmt: skip
    unpair(till)
    till.archived_at = now()
    return Redirect("boxoffice.tills")
