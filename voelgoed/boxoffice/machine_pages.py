"""Card machines that stand by themselves: listed, and each day's batch total compared with what was keyed."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from flask import request
from pydantic import Field, StringConstraints
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from voelgoed.boxoffice.pages import pages
from voelgoed.foundation.clock import now
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import current_scope, rows
from voelgoed.foundation.tenancy.organization import Organization
from voelgoed.foundation.web import Answer, Form, Page, Redirect, blank, read
from voelgoed.foundation.web.fields import Asked, Cents, Line
from voelgoed.ledger.trading_day import trading_day
from voelgoed.payments.payment import Charge, Payment
from voelgoed.tills.shift import CardMachine, MachineTotal, Shift


class MachineForm(Asked):
    """A card machine."""

    name: Annotated[Line, Field(max_length=80)]


class TotalForm(Asked):
    """What a machine's batch came to on a trading day; a difference asks for its reason."""

    day: date
    batch: Cents
    reason: Annotated[Line, StringConstraints(strip_whitespace=True, min_length=1, max_length=400)] | None = None


@pages.get("/card-machines", allow="drawer.others")
def machines() -> Answer:
    """List the card machines with what was keyed on a day, and what their batches came to."""
    return _machines_page(_day(), blank())


def _day() -> date:
    today = trading_day(now(), rows(Organization).one().timezone)
    try:
        return date.fromisoformat(request.values.get("day", ""))
    except ValueError:
        return today


def _machines_page(day: date, form: Form[Any], status: int = 200, at: UUID | None = None) -> Answer:
    totals = {one.machine_id: one for one in rows(MachineTotal).filter(MachineTotal.trading_day == day)}
    found = rows(CardMachine).order_by(CardMachine.name).all()
    return Page("boxoffice/machines.html", status, machines=found, totals=totals, keyed=keyed_on(day), day=day,
                form=form, at=at)  # fmt: skip


def keyed_on(day: date) -> dict[UUID, int]:
    """Return what clerks keyed on each card machine on a trading day of their shifts, in cents."""
    statement = (
        select(Charge.machine_id, func.sum(Payment.amount_cents))
        .join(Payment, Payment.charge_id == Charge.id)
        .join(Shift, Shift.id == Charge.shift_id)
        .where(Payment.gateway == "card", Charge.machine_id.is_not(None), Shift.trading_day == day)
        .group_by(Charge.machine_id)
    )
    return {machine_id: int(cents) for machine_id, cents in db.session.execute(statement) if machine_id}


@pages.post("/card-machines", allow="till.write")
def add_machine() -> Answer:
    """Add a card machine."""
    form = read(MachineForm, request.form)
    if not form.ok:
        return _machines_page(_day(), form, 422)
    db.session.add(CardMachine(name=form.model.name))
    return Redirect("boxoffice.machines")


@pages.post("/card-machines/<uuid:machine_id>/archive", allow="till.write")
def archive_machine(machine_id: UUID) -> Answer:
    """Put a card machine away."""
    rows(CardMachine).get(machine_id).archived_at = now()
    return Redirect("boxoffice.machines")


@pages.post("/card-machines/<uuid:machine_id>/totals", allow="drawer.decide")
def machine_total(machine_id: UUID) -> Answer:
    """Enter a machine's batch total of a day, once; when it is not what was keyed, with the reason."""
    machine, form = rows(CardMachine).get(machine_id), read(TotalForm, request.form)
    if not form.ok:
        return _machines_page(_day(), form, 422, machine.id)
    asked, keyed = form.model, keyed_on(form.model.day).get(machine.id, 0)
    if asked.batch != keyed and not asked.reason:
        form.refuse("reason", "It is not what was keyed: say what is known of the difference.")
        return _machines_page(asked.day, form, 422, machine.id)
    values = {"machine_id": machine.id, "trading_day": asked.day, "batch_cents": asked.batch, "keyed_cents": keyed,
              "reason": asked.reason, "actor": current_scope().actor.label}  # fmt: skip
    made = insert(MachineTotal).values(**values).on_conflict_do_nothing().returning(MachineTotal.id)
    if db.session.scalar(made) is None:
        form.refuse("batch", "This day's total was entered before; it is kept as it is.")
        return _machines_page(asked.day, form, 422, machine.id)
    return Redirect("boxoffice.machines", day=asked.day.isoformat())
