"""The phones of an event: which are in trouble, pairing another, giving a program its token."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

import segno
from flask import current_app, request
from markupsafe import Markup
from pydantic import BaseModel, ConfigDict, Field

from voelgoed.catalog.event import Event
from voelgoed.catalog.venue import Gate
from voelgoed.foundation.clock import now
from voelgoed.foundation.tenancy import children, rows
from voelgoed.foundation.web import Answer, Form, Page, Pages, blank, identity, read
from voelgoed.scanning.pair import enrol, make_pairing
from voelgoed.scanning.pairing import Pairing
from voelgoed.scanning.phone_list import listed

pages = Pages("devices", __name__)
ROLE_WORDS = [("steward", "Steward: scans"), ("supervisor", "Supervisor: scans, and decides by PIN")]


class NewProgram(BaseModel):
    """A turnstile or another program: what it is called, and the gate where it stands."""

    model_config = ConfigDict(extra="forbid")
    name: str = Field(min_length=1, max_length=80, pattern=r"^[^\x00-\x1f]*$")
    gate_id: UUID


class NewPhone(NewProgram):
    """A phone to be paired: who carries it, and whether it only waits until another one fails."""

    role: Literal["steward", "supervisor"] = "steward"
    spare: Literal["yes"] | None = None


@pages.get("/events/<uuid:event_id>/phones", allow="device.read")
def index(event_id: UUID) -> Answer:
    """List the phones, trouble first."""
    return _index(_event(event_id))


@pages.get("/events/<uuid:event_id>/phones/list", allow="device.read")
def part(event_id: UUID) -> Answer:
    """Show the list alone; the page asks for it while push is away."""
    return Page("scanning/_devices.html", **listed(_event(event_id)))


@pages.post("/events/<uuid:event_id>/pairings", allow="device.write")
def begin(event_id: UUID) -> Answer:
    """Make a pairing code and show it, once."""
    event = _event(event_id)
    form = read(NewPhone, request.form)
    gate = _gate(event, form)
    if gate is None:
        return _index(event, 422, form=form)
    said = form.model
    pairing, code = make_pairing(event, gate, said.name, said.role, said.spare is not None)
    address = f"{current_app.config['PUBLIC_URL']}/{identity().slug}/scan/#{code}"
    return Page(
        "scanning/pairing.html", event=event, gate=gate, pairing=pairing, code=code, address=address,
        drawing=_drawing(address), now=now(), **_trust(),
    )  # fmt: skip


@pages.get("/events/<uuid:event_id>/pairings/<uuid:pairing_id>", allow="device.write")
def pairing(event_id: UUID, pairing_id: UUID) -> Answer:
    """Say whether a code was used; the page that shows it asks."""
    found = children(_event(event_id), Pairing).get(pairing_id)
    return Page("scanning/_paired.html", event=rows(Event).get(event_id), pairing=found, now=now())


@pages.post("/events/<uuid:event_id>/device-tokens", allow="device.write")
def give_token(event_id: UUID) -> Answer:
    """Make a device for a turnstile or another program and show its token, once."""
    event = _event(event_id)
    form = read(NewProgram, request.form)
    gate = _gate(event, form)
    if gate is None:
        return _index(event, 422, program=form)
    device, token = enrol(event.id, gate.id, form.model.name, "turnstile")
    return Page("scanning/device_token.html", event=event, gate=gate, device=device, token=token)


def _trust() -> dict[str, Any]:
    """Return what helps a phone to trust this machine's own authority, where it has one."""
    url = current_app.config["VOELGOED"].trust_url
    fingerprint = current_app.config["VOELGOED"].trust_fingerprint
    return {"trust_url": url, "fingerprint": fingerprint, "trust_drawing": _drawing(url) if url else None}


def _event(event_id: UUID) -> Event:
    return rows(Event).get(event_id)


def _gate(event: Event, form: Form[Any]) -> Gate | None:
    """Return the gate of the venue that was chosen, or None with the error at its field."""
    if not form.ok:
        return None
    gate = children(event.venue, Gate).filter(Gate.id == form.model.gate_id).first()
    if gate is None:
        form.refuse("gate_id", "Choose one of the list.")
    return gate


def _index(event: Event, status: int = 200, form: Form[Any] | None = None, program: Form[Any] | None = None) -> Answer:
    gates = children(event.venue, Gate).order_by(Gate.name).all()
    return Page(
        "scanning/phones.html", status, **listed(event), choices=[(gate.id, gate.name) for gate in gates],
        roles=ROLE_WORDS, form=form or blank(role="steward"), program=program or blank(),
    )  # fmt: skip


def _drawing(address: str) -> Markup:
    """Draw the address as a QR code: black on white in any light, or a camera may not find it."""
    drawn = segno.make(address, error="m", boost_error=False)
    inline = drawn.svg_inline(border=4, omitsize=True, svgclass="qr", dark="#000", light="#fff")
    return Markup(inline)  # noqa: S704
