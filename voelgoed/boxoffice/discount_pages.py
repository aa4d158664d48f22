"""Discount codes of an event: listed with their uses, made, put away."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from flask import request
from pydantic import Field, StringConstraints

from voelgoed.boxoffice.pages import pages
from voelgoed.catalog.event import Event
from voelgoed.catalog.local_time import NoSuchTime, to_utc
from voelgoed.catalog.ticket_type import TicketType
from voelgoed.checkout.discount import Discount
from voelgoed.foundation.clock import now
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import children, rows
from voelgoed.foundation.web import Answer, Form, Page, Redirect, blank, read
from voelgoed.foundation.web.fields import Asked, Cents
from voelgoed.foundation.web.saving import saving

REFUSALS = {
    "uq_discount_organization_id_event_id_code_key": ("code", "The event has this code, or had it once."),
    "ck_discount_window_in_order": ("valid_until", "It ends after it begins."),
}


class DiscountForm(Asked):
    """A code: what it takes off each ticket or off the sale, of what, when and how often."""

    code: Annotated[str, StringConstraints(to_upper=True, pattern=r"^[A-Za-z0-9-]{3,40}$")]
    kind: Literal["percent", "amount", "sale"]
    percent: int | None = Field(default=None, ge=1, le=100)
    amount: Annotated[Cents, Field(gt=0, le=100_000_000)] | None = None
    ticket_type_id: UUID | None = None
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    uses_most: int | None = Field(default=None, ge=1, le=1_000_000)


@pages.get("/events/<uuid:event_id>/discounts", allow="catalog.write")
def discounts(event_id: UUID) -> Answer:
    """List an event's codes, and ask for a new one."""
    return _page(rows(Event).get(event_id), blank(kind="percent"))


@pages.post("/events/<uuid:event_id>/discounts", allow="catalog.write")
def add_discount(event_id: UUID) -> Answer:
    """Make a code."""
    event = rows(Event).get(event_id)
    form = read(DiscountForm, request.form)
    made = _read(event, form) if form.ok else None
    if made is not None and form.ok:
        with saving(form, REFUSALS):
            db.session.add(made)
    return Redirect("boxoffice.discounts", event_id=event.id) if form.ok else _page(event, form, 422)


def _read(event: Event, form: Form[DiscountForm]) -> Discount | None:
    said = form.model
    if said.kind == "percent" and said.percent is None:
        form.refuse("percent", "How many per cent?")
    if said.kind != "percent" and said.amount is None:
        form.refuse("amount", "How much?")
    begins, ends = _moment(event, form, "valid_from"), _moment(event, form, "valid_until")
    if said.ticket_type_id:
        children(event, TicketType).get(said.ticket_type_id)
    return Discount(
        event_id=event.id, ticket_type_id=said.ticket_type_id, code=said.code, kind=said.kind,
        percent=said.percent or 0 if said.kind == "percent" else 0,
        amount_cents=said.amount or 0 if said.kind != "percent" else 0,
        valid_from=begins, valid_until=ends, uses_most=said.uses_most,
    )  # fmt: skip


def _moment(event: Event, form: Form[DiscountForm], name: str) -> datetime | None:
    wall: datetime | None = getattr(form.model, name)
    try:
        return to_utc(wall.date(), wall.time(), event.venue.timezone) if wall else None
    except NoSuchTime as why:
        form.refuse(name, str(why))
        return None


@pages.post("/events/<uuid:event_id>/discounts/<uuid:discount_id>/archive", allow="catalog.write")
def archive_discount(event_id: UUID, discount_id: UUID) -> Answer:
    """Put a code away: it lowers no price any more; what was sold with it stays."""
    children(rows(Event).get(event_id), Discount).get(discount_id).archived_at = now()
    return Redirect("boxoffice.discounts", event_id=event_id)


def _page(event: Event, form: Form[Any], status: int = 200) -> Page:
    types = children(event, TicketType).order_by(TicketType.number).all()
    return Page(
        "boxoffice/discounts.html", status, event=event, form=form, names={one.id: one.name for one in types},
        discounts=children(event, Discount).order_by(Discount.code_key).all(), tz=event.venue.timezone,
    )  # fmt: skip
