"""X-reports any time, Z-reports once; on a screen, an 80 mm slip or A4; signed off by somebody else."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from flask import request
from pydantic import StringConstraints

from voelgoed.boxoffice.figures import figures_of, without_cash
from voelgoed.boxoffice.pages import pages
from voelgoed.boxoffice.sign_off import DEED, others_who_may
from voelgoed.boxoffice.sign_off import sign_off as sign
from voelgoed.boxoffice.tickets import chosen_format
from voelgoed.foundation.tenancy import children, rows
from voelgoed.foundation.web import Answer, Page, Problem, Redirect, identity, read
from voelgoed.foundation.web.fields import Asked, Line
from voelgoed.tills.shift import Shift, SignOff, ZReport


class NoteForm(Asked):
    """What whoever signs wants to say."""

    note: Annotated[Line, StringConstraints(strip_whitespace=True, max_length=400)] | None = None


@pages.get("/shifts/<uuid:shift_id>/x", allow="sale.read")
def x_report(shift_id: UUID) -> Answer:
    """Show a shift's figures as they stand; its own counter sees nothing that cash could be told from."""
    shift = rows(Shift).get(shift_id)
    blind = _refuse_unless_seen(shift) and shift.closed_at is None
    if shift.closed_at is None and identity().limited("drawer.others"):
        raise Problem(404, "not_found")
    figures = figures_of(shift)
    return Page("boxoffice/report_x.html", shift=shift, figures=without_cash(figures) if blind else figures,
                format=chosen_format())  # fmt: skip


def _refuse_unless_seen(shift: Shift) -> bool:
    """Say whether a shift is the visitor's own; somebody else's is not found without the deed."""
    own = shift.membership_id == identity().membership_id
    if not own and not identity().may("drawer.others"):
        raise Problem(404, "not_found")
    return own


@pages.get("/z-reports/<uuid:report_id>", allow="sale.read")
def z_report(report_id: UUID) -> Answer:
    """Show a Z-report as it was written."""
    report, signed = _seen(report_id)
    who = identity()
    own = report.shift.membership_id == who.membership_id
    may_sign = signed is None and who.may(DEED) and not (own and others_who_may(_member()))
    return Page("boxoffice/report_z.html", report=report, figures=report.figures, signed=signed, may_sign=may_sign,
                own=own, format=chosen_format())  # fmt: skip


def _seen(report_id: UUID) -> tuple[ZReport, SignOff | None]:
    """Return a report that the visitor may see; an auditor sees it once it is signed off."""
    report = rows(ZReport).get(report_id)
    own, signed = _refuse_unless_seen(report.shift), children(report, SignOff).one_or_none()
    if not own and signed is None and identity().limited("drawer.others"):
        raise Problem(404, "not_found")
    return report, signed


def _member() -> UUID:
    member: Any = identity().membership_id
    return UUID(str(member))


@pages.post("/z-reports/<uuid:report_id>/signature", allow=DEED)
def sign_report(report_id: UUID) -> Answer:
    """Sign a Z-report off; nobody signs their own while somebody else can."""
    report, _ = _seen(report_id)
    form = read(NoteForm, request.form)
    if not form.ok:
        raise Problem(422, "invalid", errors=form.errors)
    sign(report, _member(), form.model.note)
    return Redirect("boxoffice.z_report", report_id=report.id)
