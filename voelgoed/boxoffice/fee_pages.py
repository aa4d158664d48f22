"""Fees of an event: listed, made, changed, put away; what was sold keeps the fee of its moment."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from flask import request
from pydantic import Field
from sqlalchemy import select

from voelgoed.boxoffice.pages import pages
from voelgoed.catalog.event import Event
from voelgoed.checkout.fee import Fee
from voelgoed.foundation.clock import now
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import children, rows
from voelgoed.foundation.tenancy.organization import Organization
from voelgoed.foundation.web import Answer, Form, Page, Redirect, blank, read
from voelgoed.foundation.web.fields import Asked, Cents, Line, rands
from voelgoed.foundation.web.saving import saving

VENDORS_RATE_BP = 1500
REFUSALS = {"ux_fee_event_id_name_key": ("name", "Another fee of this event has this name.")}


class FeeForm(Asked):
    """What a fee is called and comes to, on what, where it is asked, and whether it is given back."""

    name: Line = Field(max_length=80)
    per: Literal["ticket", "sale"]
    kind: Literal["percent", "amount"]
    percent: Decimal | None = Field(default=None, gt=0, le=100, decimal_places=2)
    amount: Annotated[Cents, Field(gt=0, le=100_000_000)] | None = None
    vat_rate_bp: Literal["0", "1500"] | None = None
    channel: Literal["both", "till", "api"] = "both"
    giving_back: Literal["given_back", "kept"] = "given_back"


@pages.get("/events/<uuid:event_id>/fees", allow="catalog.write")
def fees(event_id: UUID) -> Answer:
    """List an event's fees, and ask for a new one."""
    return _page(rows(Event).get(event_id), _blank())


def _blank() -> Form[Any]:
    return blank(per="ticket", kind="amount", channel="both", giving_back="given_back", vat_rate_bp=_usual_rate())


def _usual_rate() -> int:
    return VENDORS_RATE_BP if db.session.scalars(select(Organization.vat_vendor)).one() else 0


@pages.post("/events/<uuid:event_id>/fees", allow="catalog.write")
def add_fee(event_id: UUID) -> Answer:
    """Make a fee: it is in every price from the next sale on."""
    event = rows(Event).get(event_id)
    return _save(event, Fee(event_id=event.id))


@pages.get("/events/<uuid:event_id>/fees/<uuid:fee_id>", allow="catalog.write")
def fee(event_id: UUID, fee_id: UUID) -> Answer:
    """Show the form of a fee."""
    event = rows(Event).get(event_id)
    found = children(event, Fee).get(fee_id)
    share = f"{Decimal(found.percent_bp) / 100:f}" if found.percent_bp else None
    form = blank(
        name=found.name, per=found.per, kind=found.kind, percent=share,
        amount=rands(found.amount_cents) if found.amount_cents else None, vat_rate_bp=found.vat_rate_bp,
        channel=found.channel, giving_back="kept" if found.kept else "given_back",
    )  # fmt: skip
    return _page(event, form, changed=found)


@pages.post("/events/<uuid:event_id>/fees/<uuid:fee_id>", allow="catalog.write")
def change_fee(event_id: UUID, fee_id: UUID) -> Answer:
    """Change a fee, for what is sold from now on."""
    event = rows(Event).get(event_id)
    return _save(event, children(event, Fee).get(fee_id))


def _save(event: Event, row: Fee) -> Answer:
    form, made = read(FeeForm, request.form), row in db.session
    if form.ok and getattr(form.model, form.model.kind) is None:
        form.refuse(form.model.kind, "How much?")
    if form.ok:
        with saving(form, REFUSALS):
            _fill(row, form.model)
            db.session.add(row)
    return Redirect("boxoffice.fees", event_id=event.id) if form.ok else _page(event, form, 422, row if made else None)


def _fill(row: Fee, said: FeeForm) -> None:
    share = said.kind == "percent"
    row.name, row.per, row.kind, row.channel = said.name, said.per, said.kind, said.channel
    row.percent_bp = int((said.percent or 0) * 100) if share else 0
    row.amount_cents = 0 if share else said.amount or 0
    row.vat_rate_bp = min(int(said.vat_rate_bp or 0), _usual_rate())
    row.kept = said.giving_back == "kept"


@pages.post("/events/<uuid:event_id>/fees/<uuid:fee_id>/archive", allow="catalog.write")
def archive_fee(event_id: UUID, fee_id: UUID) -> Answer:
    """Put a fee away: no sale bears it any more; what was sold with it stays."""
    children(rows(Event).get(event_id), Fee).get(fee_id).archived_at = now()
    return Redirect("boxoffice.fees", event_id=event_id)


def _page(event: Event, form: Form[Any], status: int = 200, changed: Fee | None = None) -> Page:
    return Page(
        "boxoffice/fees.html", status, event=event, form=form, changed=changed, vendor=_usual_rate() > 0,
        fees=children(event, Fee).order_by(Fee.name_key).all(),
    )  # fmt: skip
