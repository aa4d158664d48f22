"""All drawers, for who answers for them: the open ones live, the day's closed ones with variance and signature."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask import request
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict

from voelgoed.boxoffice.close_shift import count_drawer, counts_of, finish_shift, report_of
from voelgoed.boxoffice.drawer import Drawer, drawer_of, drawers_of
from voelgoed.boxoffice.pages import pages
from voelgoed.boxoffice.shift_pages import OpeningForm
from voelgoed.foundation.clock import now
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import because, rows
from voelgoed.foundation.tenancy.organization import Organization
from voelgoed.foundation.web import Answer, Form, Page, Problem, Redirect, blank, identity, read
from voelgoed.ledger.trading_day import trading_day
from voelgoed.payments.payment import Payment
from voelgoed.tills.pieces import cents_of, coins, notes, pieces_of, read_count
from voelgoed.tills.shift import Shift, SignOff, ZReport


@dataclass(frozen=True)
class Open:
    """An open drawer as it stands: the shift, its cash, its last sale."""

    shift: Shift
    drawer: Drawer
    last_sale: datetime | None


@pages.get("/drawers", allow="drawer.others")
def drawers() -> Answer:
    """Show the open drawers as they stand, and what was closed on a day."""
    today = trading_day(now(), rows(Organization).one().timezone)
    day = _day(request.args.get("day", ""), today)
    template = "boxoffice/_open_drawers.html" if request.headers.get("HX-Request") else "boxoffice/drawers.html"
    return Page(template, open=_open(), waiting=_waiting(), closed=_closed(day), day=day, today=today,
                may_decide=identity().may("drawer.decide"))  # fmt: skip


def _day(said: str, today: date) -> date:
    try:
        return date.fromisoformat(said)
    except ValueError:
        return today


def _sees_open() -> bool:
    return not identity().limited("drawer.others")


def _open() -> list[Open]:
    if not _sees_open():
        return []
    shifts = rows(Shift).filter(Shift.closed_at.is_(None)).order_by(Shift.opened_at).all()
    held, last = drawers_of(shifts), _last_sales([one.id for one in shifts])
    return [Open(one, held[one.id], last.get(one.id)) for one in shifts]


def _last_sales(among: Iterable[UUID]) -> dict[UUID, datetime]:
    statement = (
        select(Payment.shift_id, func.max(Payment.created_at).label("last"))
        .where(Payment.shift_id.in_(list(among)))
        .group_by(Payment.shift_id)
    )
    return {row.shift_id: row.last for row in db.session.execute(statement)}


def _waiting() -> list[Shift]:
    """Return shifts that were counted and have no report yet."""
    if not _sees_open():
        return []
    done = select(ZReport.shift_id)
    return rows(Shift).filter(Shift.closed_at.is_not(None), Shift.id.not_in(done)).order_by(Shift.opened_at).all()


def _closed(day: date) -> list[tuple[ZReport, SignOff | None]]:
    statement = (
        select(ZReport, SignOff)
        .join(Shift, Shift.id == ZReport.shift_id)
        .outerjoin(SignOff, SignOff.z_report_id == ZReport.id)
        .where(Shift.trading_day == day)
        .order_by(ZReport.created_at)
    )
    found: Any = db.session.execute(statement).all()
    return [(report, signed) for report, signed in found if signed is not None or _sees_open()]


@pages.get("/shifts/<uuid:shift_id>/force", allow="drawer.decide")
def force_form(shift_id: UUID) -> Answer:
    """Show the form that closes somebody else's shift."""
    return _force_page(_forceable(shift_id), blank())


def _forceable(shift_id: UUID) -> Shift:
    shift = rows(Shift).get(shift_id)
    if shift.membership_id == identity().membership_id:
        raise Problem(403, "own_drawer", "Your own drawer", "Nothing was changed. Count it at your shift's page.")
    if report_of(shift) is not None:
        raise Problem(409, "shift_closed", "This shift is closed", "Nothing was changed. It has its Z-report.")
    return shift


def _force_page(shift: Shift, form: Form[Any], status: int = 200) -> Answer:
    return Page("boxoffice/shift_force.html", status, shift=shift, form=form, counts=counts_of(shift),
                notes=notes(shift.currency), coins=coins(shift.currency), currency=shift.currency,
                drawer=drawer_of(shift))  # fmt: skip


@pages.post("/shifts/<uuid:shift_id>/force", allow="drawer.decide")
def force(shift_id: UUID) -> Answer:
    """Close somebody else's shift, with a reason: counted by whoever does so, unless its counter has counted."""
    shift = _forceable(shift_id)
    said = read(OpeningForm, MultiDict({"reason": request.form.get("reason", "")}))
    count = None if counts_of(shift) else read_count(request.form, shift.currency)
    if not said.ok or (count is not None and not count.ok):
        return _force_page(shift, _both(said, count), 422)
    with because(said.model.reason):
        if count is not None:
            count_drawer(shift, cents_of(count), pieces_of(count), forced=True)
        report = finish_shift(shift, said.model.reason)
    return Redirect("boxoffice.z_report", report_id=report.id)


def _both(said: Form[Any], count: Form[Any] | None) -> Form[Any]:
    """Put the reason and the count back into one form, as they were typed."""
    parts = [said, *([count] if count else [])]
    values = {name: value for part in parts for name, value in part.values.items()}
    return Form(values, None, {name: words for part in parts for name, words in part.errors.items()})
