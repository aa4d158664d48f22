"""Closing a shift: counted blind, once more if need be, its variance booked, its report numbered and final."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from sqlalchemy import String, cast, select

from voelgoed.boxoffice.drawer import Drawer, drawer_of
from voelgoed.boxoffice.figures import figures_of
from voelgoed.checkout.checkout import Checkout, CheckoutAttempt
from voelgoed.foundation.clock import now
from voelgoed.foundation.database import db
from voelgoed.foundation.points import point
from voelgoed.foundation.tenancy import children, current_scope
from voelgoed.foundation.web import Problem
from voelgoed.foundation.workflow.journal import WorkflowOutcome, WorkflowRun
from voelgoed.ledger.chart import BANKED, FLOATS, VARIANCES, cash_of
from voelgoed.ledger.post import Kind, Line, post
from voelgoed.tills.series import draw_number
from voelgoed.tills.shift import CashCount, Shift, ZReport


def count_drawer(shift: Shift, cents: int, pieces: Mapping[str, int], *, forced: bool = False) -> CashCount:
    """Write a count down: the first ends the selling, the second is the one recount.

    Waits for whatever is being booked into the drawer; what comes after finds the shift closed. Raises Problem 409:
    `being_paid` while a sale of the shift has no answer yet (unless forced), `counted` after the recount or the report.
    """
    held = lock_shift(shift.id)
    counts = counts_of(held)
    if len(counts) >= 2 or report_of(held) is not None:
        raise Problem(409, "counted", "This drawer is counted", "Nothing was changed: its counts are kept as they are.")
    if held.closed_at is None:
        if not forced and (waiting := being_paid(held)) is not None:
            raise _being_paid(waiting)
        held.closed_at = now()
    made = CashCount(shift_id=held.id, number=len(counts) + 1, counted_cents=cents, pieces=dict(pieces),
                     actor=current_scope().actor.label)  # fmt: skip
    db.session.add(made)
    db.session.flush()
    point("shift.counted")
    return made


def lock_shift(shift_id: UUID) -> Shift:
    """Hold a shift to the commit; waits for every transaction that books into its drawer (`keep_open`)."""
    held = select(Shift).where(Shift.id == shift_id).with_for_update()
    return db.session.scalars(held.execution_options(populate_existing=True)).one()


def counts_of(shift: Shift) -> list[CashCount]:
    """Return the blind count and the recount, in their order, without the float."""
    return children(shift, CashCount).filter(CashCount.number > 0).order_by(CashCount.number).all()


def report_of(shift: Shift) -> ZReport | None:
    """Return a shift's Z-report, if it has one."""
    return children(shift, ZReport).one_or_none()


def being_paid(shift: Shift) -> Checkout | None:
    """Return a sale that is still being paid in this shift: an attempt that names its drawer, without an outcome."""
    statement = (
        select(Checkout)
        .join(CheckoutAttempt, CheckoutAttempt.checkout_id == Checkout.id)
        .join(WorkflowRun, WorkflowRun.id == CheckoutAttempt.run_id)
        .outerjoin(WorkflowOutcome, WorkflowOutcome.run_id == WorkflowRun.id)
        .where(CheckoutAttempt.created_at >= shift.opened_at, WorkflowOutcome.id.is_(None))
        .where(cast(WorkflowRun.inputs, String).contains(str(shift.id)))
        .limit(1)
    )
    return db.session.scalars(statement).first()


def _being_paid(sale: Checkout) -> Problem:
    named = f"Sale {sale.number}" if sale.number else "A sale"
    return Problem(
        409, "being_paid", f"{named} is still being paid",
        "Nothing was counted. Wait until it is answered or decided, then count the drawer.",
    )  # fmt: skip


def finish_shift(shift: Shift, forced: str | None = None) -> ZReport:
    """Write the Z-report of a counted shift: its variance, then all its cash out of the drawer, are booked.

    The float goes back to the float fund, the rest to the bank. Done again, it returns the report that there is.
    Raises Problem 409 `not_counted`.
    """
    held = lock_shift(shift.id)
    done, counts = report_of(held), counts_of(held)
    if done is not None:
        return done
    if not counts:
        raise Problem(409, "not_counted", "This drawer is not counted", "Count it first.")
    drawer, counted = drawer_of(held), counts[-1].counted_cents
    figures = {**figures_of(held), "counted_cents": counted, "variance_cents": counted - drawer.expected}
    report = ZReport(
        shift_id=held.id, till_id=held.till_id, number=draw_number("z", held.till_id), forced=forced,
        expected_cents=drawer.expected, counted_cents=counted, variance_cents=counted - drawer.expected,
        figures=figures, actor=current_scope().actor.label,
    )  # fmt: skip
    db.session.add(report)
    db.session.flush()
    _book(held, report, drawer)
    point("shift.finished")
    return report


def _book(shift: Shift, report: ZReport, drawer: Drawer) -> None:
    cash, named = cash_of(shift.till_id), f"{shift.till.name}, Z-report {report.number}"
    if report.variance_cents:
        off = report.variance_cents
        _post("variance", shift, report, f"Variance of {named}", [Line(cash, off), Line(VARIANCES, -off)])
    if report.counted_cents:
        back = min(report.counted_cents, drawer.float_cents + drawer.added)
        lines = [Line(FLOATS, back), Line(BANKED, report.counted_cents - back), Line(cash, -report.counted_cents)]
        _post("drop", shift, report, f"Cash of {named}", lines)


def _post(kind: Kind, shift: Shift, report: ZReport, words: str, lines: Iterable[Line]) -> None:
    post(kind, report, lines, currency=shift.currency, timezone=shift.timezone, words=words, shift_id=shift.id)
