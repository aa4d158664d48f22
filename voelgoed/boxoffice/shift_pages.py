"""One's own shift: opened with a counted float, its drops, the drawer opened without a sale."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID, uuid4

from flask import request
from pydantic import Field, StringConstraints
from sqlalchemy import select

from voelgoed.accounts.membership import Membership
from voelgoed.boxoffice.close_shift import counts_of, report_of
from voelgoed.boxoffice.move_cash import IN_WORDS, move_cash
from voelgoed.boxoffice.move_cash import open_drawer as note_opening
from voelgoed.boxoffice.open_shift import open_shift
from voelgoed.boxoffice.pages import pages
from voelgoed.foundation.tenancy import children, rows
from voelgoed.foundation.tenancy.organization import Organization
from voelgoed.foundation.web import Answer, Form, Page, Problem, Redirect, blank, identity, read
from voelgoed.foundation.web.fields import Asked, Cents, Line
from voelgoed.tills.browser import till_here
from voelgoed.tills.own_shift import own_shift
from voelgoed.tills.pieces import cents_of, coins, notes, pieces_of, read_count
from voelgoed.tills.shift import CashMove, DrawerOpening, Shift
from voelgoed.tills.till import Till

Reason = Annotated[Line, StringConstraints(strip_whitespace=True, min_length=1, max_length=400)]


class MoveForm(Asked):
    """Cash that no sale moves."""

    kind: Literal["banked", "paid_out", "added"]
    amount: Annotated[Cents, Field(gt=0)]
    reason: Reason
    key: UUID


class OpeningForm(Asked):
    """Why the drawer was opened."""

    reason: Reason


@pages.get("/shift", allow="shift.own")
def own() -> Answer:
    """Show one's own shift, the last one that still waits for its report, or how to open one."""
    shift = own_shift() or _unfinished()
    if shift is None:
        return _open_page(blank())
    if shift.closed_at is not None:
        return Redirect("boxoffice.counted", shift_id=shift.id)
    return _shift_page(shift)


def _unfinished() -> Shift | None:
    own = rows(Shift).filter(Shift.membership_id == identity().membership_id, Shift.closed_at.is_not(None))
    last = own.order_by(Shift.opened_at.desc()).first()
    return last if last is not None and report_of(last) is None else None


def _open_page(form: Form[Any], status: int = 200) -> Answer:
    currency = rows(Organization).one().currency
    return Page("boxoffice/shift_open.html", status, form=form, here=till_here(), tills=_free_tills(),
                notes=notes(currency), coins=coins(currency), currency=currency)  # fmt: skip


def _free_tills() -> list[tuple[UUID, str]]:
    used = select(Shift.till_id).where(Shift.closed_at.is_(None))
    return [(one.id, one.name) for one in rows(Till).filter(Till.id.not_in(used)).order_by(Till.name)]


@pages.post("/shifts", allow="shift.own")
def begin_shift() -> Answer:
    """Open one's shift: at this browser's till or, where it is none, at a chosen one, with a counted float."""
    form = read_count(request.form, rows(Organization).one().currency)
    form.values["till_id"] = request.form.get("till_id", "")
    till = till_here() or _chosen(form)
    if not form.ok or till is None:
        return _open_page(form, 422)
    member = rows(Membership).get(identity().membership_id)
    open_shift(till, member, cents_of(form), pieces_of(form))
    return Redirect("boxoffice.till")


def _chosen(form: Form[Any]) -> Till | None:
    try:
        asked = UUID(form.values["till_id"])
    except ValueError:
        asked = None
    found = rows(Till).filter(Till.id == asked).first() if asked else None
    if found is None:
        form.refuse("till_id", "Choose one of the list.")
    return found


def own_open(shift_id: UUID) -> Shift:
    """Return one's own shift by its id while it is open; any other is not found."""
    shift = rows(Shift).get(shift_id)
    if shift.membership_id != identity().membership_id:
        raise Problem(404, "not_found")
    if shift.closed_at is not None:
        raise Problem(409, "shift_closed", "This shift is closed", "Nothing was changed. Its drawer is counted.")
    return shift


def _shift_page(shift: Shift, form: Form[Any] | None = None, status: int = 200) -> Answer:
    return Page(
        "boxoffice/shift.html", status, shift=shift, form=form or blank(), key=uuid4(), in_words=IN_WORDS,
        moves=children(shift, CashMove).order_by(CashMove.created_at.desc()).all(),
        openings=children(shift, DrawerOpening).order_by(DrawerOpening.created_at.desc()).all(),
        counted=bool(counts_of(shift)),
    )  # fmt: skip


@pages.post("/shifts/<uuid:shift_id>/moves", allow="shift.own")
def move(shift_id: UUID) -> Answer:
    """Take cash out of one's drawer, or put some in; sent again it is the same."""
    shift, form = own_open(shift_id), read(MoveForm, request.form)
    if not form.ok:
        return _shift_page(shift, form, 422)
    asked = form.model
    move_cash(shift, asked.kind, asked.amount, asked.reason, asked.key)
    return Redirect("boxoffice.own")


@pages.post("/shifts/<uuid:shift_id>/openings", allow="shift.own")
def opening(shift_id: UUID) -> Answer:
    """Say why one's drawer is opened without a sale."""
    shift, form = own_open(shift_id), read(OpeningForm, request.form)
    if not form.ok:
        form.errors = {f"opening_{name}": said for name, said in form.errors.items()}
        return _shift_page(shift, form, 422)
    note_opening(shift, form.model.reason)
    return Redirect("boxoffice.own")
