"""Counting one's drawer: blind, once more if it is off, then its report."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import request

from voelgoed.boxoffice.close_shift import count_drawer, counts_of, finish_shift, report_of
from voelgoed.boxoffice.drawer import drawer_of
from voelgoed.boxoffice.pages import pages
from voelgoed.boxoffice.shift_pages import own_open
from voelgoed.foundation.tenancy import rows
from voelgoed.foundation.web import Answer, Form, Page, Problem, Redirect, blank, identity
from voelgoed.tills.pieces import cents_of, coins, notes, pieces_of, read_count
from voelgoed.tills.shift import Shift


@pages.get("/shifts/<uuid:shift_id>/count", allow="shift.own")
def count(shift_id: UUID) -> Answer:
    """Show the form of the blind count, or of the one recount; what is expected it never says."""
    shift = _own(shift_id)
    if report_of(shift) is not None or len(counts_of(shift)) >= 2:
        return Redirect("boxoffice.counted", shift_id=shift.id)
    return _count_page(shift, blank())


def _own(shift_id: UUID) -> Shift:
    shift = rows(Shift).get(shift_id)
    if shift.membership_id != identity().membership_id:
        raise Problem(404, "not_found")
    return shift


def _count_page(shift: Shift, form: Form[Any], status: int = 200) -> Answer:
    return Page("boxoffice/shift_count.html", status, shift=shift, form=form, again=bool(counts_of(shift)),
                notes=notes(shift.currency), coins=coins(shift.currency), currency=shift.currency)  # fmt: skip


@pages.post("/shifts/<uuid:shift_id>/counts", allow="shift.own")
def submit_count(shift_id: UUID) -> Answer:
    """Submit a count: the first ends the selling; one that fits, and the recount, are final."""
    shift = _own(shift_id)
    form = read_count(request.form, shift.currency)
    if not form.ok:
        return _count_page(shift, form, 422)
    made = count_drawer(shift, cents_of(form), pieces_of(form))
    if made.number == 2 or made.counted_cents == drawer_of(shift).expected:
        return Redirect("boxoffice.z_report", report_id=finish_shift(shift).id)
    return Redirect("boxoffice.counted", shift_id=shift.id)


@pages.get("/shifts/<uuid:shift_id>/counted", allow="shift.own")
def counted(shift_id: UUID) -> Answer:
    """Show what was counted beside what is expected: accept it, or count once more."""
    shift = _own(shift_id)
    report, counts = report_of(shift), counts_of(shift)
    if report is not None:
        return Redirect("boxoffice.z_report", report_id=report.id)
    if not counts:
        return Redirect("boxoffice.count", shift_id=own_open(shift_id).id)
    return Page("boxoffice/shift_counted.html", shift=shift, counts=counts, drawer=drawer_of(shift),
                off=counts[-1].counted_cents - drawer_of(shift).expected)  # fmt: skip


@pages.post("/shifts/<uuid:shift_id>/end", allow="shift.own")
def accept_count(shift_id: UUID) -> Answer:
    """Accept the count as it is: the variance is booked, the Z-report written."""
    return Redirect("boxoffice.z_report", report_id=finish_shift(_own(shift_id)).id)
