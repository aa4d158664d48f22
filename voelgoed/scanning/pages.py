"""The phones of an event: which are in trouble, pairing another, taking one out of service."""

from __future__ import annotations

from uuid import UUID

import segno
from flask import current_app, request
from markupsafe import Markup
from pydantic import BaseModel, ConfigDict, Field

from voelgoed.catalog.event import Event
from voelgoed.catalog.venue import Gate
from voelgoed.foundation.clock import now
from voelgoed.foundation.tenancy import children, rows
from voelgoed.foundation.web import Answer, Form, Page, Pages, Redirect, blank, identity, read
from voelgoed.scanning.device import Device
from voelgoed.scanning.pair import make_pairing, retire
from voelgoed.scanning.pairing import Pairing
from voelgoed.scanning.phones import in_use, out_of_service

pages = Pages("devices", __name__)


class NewPhone(BaseModel):
    """A phone to be paired: what it is called, and the gate where it stands."""

    model_config = ConfigDict(extra="forbid")
    name: str = Field(min_length=1, max_length=80, pattern=r"^[^\x00-\x1f]*$")
    gate_id: UUID


@pages.get("/events/<uuid:event_id>/phones", allow="device.read")
def index(event_id: UUID) -> Answer:
    """List the phones, trouble first."""
    return _index(_event(event_id), blank())


@pages.post("/events/<uuid:event_id>/pairings", allow="device.write")
def begin(event_id: UUID) -> Answer:
    """Make a pairing code and show it, once."""
    event = _event(event_id)
    form = read(NewPhone, request.form)
    gate = _gate(event, form)
    if gate is None:
        return _index(event, form, 422)
    pairing, code = make_pairing(event, gate, form.model.name)
    address = f"{current_app.config['PUBLIC_URL']}/{identity().slug}/scan/#{code}"
    return Page(
        "scanning/pairing.html", event=event, gate=gate, pairing=pairing, code=code, address=address,
        drawing=_drawing(address), now=now(),
    )  # fmt: skip


@pages.get("/events/<uuid:event_id>/pairings/<uuid:pairing_id>", allow="device.write")
def pairing(event_id: UUID, pairing_id: UUID) -> Answer:
    """Say whether a code was used; the page that shows it asks."""
    found = children(_event(event_id), Pairing).get(pairing_id)
    return Page("scanning/_paired.html", event=rows(Event).get(event_id), pairing=found, now=now())


@pages.post("/events/<uuid:event_id>/phones/<uuid:device_id>/retirements", allow="device.write")
def take_out(event_id: UUID, device_id: UUID) -> Answer:
    """Take a phone out of service; a lost one's keys go at once."""
    device = children(_event(event_id), Device).get(device_id)
    retire(device, lost=request.form.get("lost") == "yes")
    return Redirect("devices.index", event_id=event_id)


def _event(event_id: UUID) -> Event:
    return rows(Event).get(event_id)


def _gate(event: Event, form: Form[NewPhone]) -> Gate | None:
    """Return the gate of the venue that was chosen, or None with the error at its field."""
    if not form.ok:
        return None
    gate = children(event.venue, Gate).filter(Gate.id == form.model.gate_id).first()
    if gate is None:
        form.refuse("gate_id", "Choose one of the list.")
    return gate


def _index(event: Event, form: Form[NewPhone], status: int = 200) -> Answer:
    gates = children(event.venue, Gate).order_by(Gate.name).all()
    return Page(
        "scanning/phones.html", status, event=event, phones=in_use(event, now()), gone=out_of_service(event),
        choices=[(gate.id, gate.name) for gate in gates], form=form,
    )  # fmt: skip


def _drawing(address: str) -> Markup:
    """Draw the address as a QR code: black on white in any light, or a camera may not find it."""
    drawn = segno.make(address, error="m", boost_error=False)
    inline = drawn.svg_inline(border=4, omitsize=True, svgclass="qr", dark="#000", light="#fff")
    return Markup(inline)  # noqa: S704
