"""An event's scale of charges for cancelling: how much is kept how many days before."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

from flask import request
from pydantic import Field

from voelgoed.boxoffice.pages import pages
from voelgoed.catalog.event import Event
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import children, rows
from voelgoed.foundation.web import Answer, Form, Page, Redirect, blank, read
from voelgoed.foundation.web.fields import Asked
from voelgoed.selling.cancellation_charge import CancellationCharge


class StepForm(Asked):
    """Up to so many days before, so many per cent are kept."""

    days_before: int = Field(ge=0, le=3650)
    percent: Decimal = Field(ge=0, le=100, decimal_places=2)


@pages.get("/events/<uuid:event_id>/cancellation-charges", allow="catalog.write")
def charge_scale(event_id: UUID) -> Answer:
    """Show the scale, the nearest day first."""
    return _scale(rows(Event).get(event_id), blank())


@pages.post("/events/<uuid:event_id>/cancellation-charges", allow="catalog.write")
def set_charge(event_id: UUID) -> Answer:
    """Set what is kept up to so many days before; the same days again change it."""
    event = rows(Event).get(event_id)
    form = read(StepForm, request.form)
    if not form.ok:
        return _scale(event, form, 422)
    days, share = form.model.days_before, int((form.model.percent * 100).to_integral_value(ROUND_HALF_UP))
    found = children(event, CancellationCharge).filter_by(days_before=days).one_or_none()
    if found is None:
        db.session.add(CancellationCharge(event_id=event.id, days_before=days, percent_bp=share))
    else:
        found.percent_bp = share
    return Redirect("boxoffice.charge_scale", event_id=event.id)


@pages.post("/events/<uuid:event_id>/cancellation-charges/<uuid:charge_id>/removal", allow="catalog.write")
def remove_charge(event_id: UUID, charge_id: UUID) -> Answer:
    """Take a step out of the scale."""
    event = rows(Event).get(event_id)
    db.session.delete(children(event, CancellationCharge).get(charge_id))
    return Redirect("boxoffice.charge_scale", event_id=event.id)


def _scale(event: Event, form: Form[Any], status: int = 200) -> Page:
    steps = children(event, CancellationCharge).order_by(CancellationCharge.days_before).all()
    return Page("boxoffice/charge_scale.html", status, event=event, steps=steps, form=form)
