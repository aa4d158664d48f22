"""One phone: how it is, moving it, naming it, taking it out of service."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import request
from pydantic import BaseModel, ConfigDict, Field

from voelgoed.catalog.event import Event
from voelgoed.catalog.venue import Gate
from voelgoed.foundation.clock import now
from voelgoed.foundation.live import publish
from voelgoed.foundation.tenancy import children, rows
from voelgoed.foundation.web import Answer, Form, Page, Pages, Redirect, blank, read
from voelgoed.scanning.device import ROLES, Device
from voelgoed.scanning.holes import holes
from voelgoed.scanning.move import move, place_of, places, places_left
from voelgoed.scanning.pair import ask_to_retire, retire
from voelgoed.scanning.phones import phone_of
from voelgoed.scanning.scan import Scan
from voelgoed.scanning.scan_page import app_version

pages = Pages("phone", __name__)


class Place(BaseModel):
    """Where to move a phone: `event/gate`."""

    model_config = ConfigDict(extra="forbid")
    place: str = Field(min_length=1, max_length=80)


class Described(BaseModel):
    """What a phone is called, who carries it, and whether it waits as a spare."""

    model_config = ConfigDict(extra="forbid")
    name: str = Field(min_length=1, max_length=80, pattern=r"^[^\x00-\x1f]*$")
    role: Literal[*ROLES]  # type: ignore[valid-type]
    spare: Literal["yes"] | None = None


@pages.get("/events/<uuid:event_id>/phones/<uuid:device_id>", allow="device.read")
def show(event_id: UUID, device_id: UUID) -> Answer:
    """Show one phone."""
    return _show(_device(event_id, device_id))


@pages.post("/events/<uuid:event_id>/phones/<uuid:device_id>/moves", allow="device.write")
def move_it(event_id: UUID, device_id: UUID) -> Answer:
    """Move a phone to another gate or event; it follows by itself."""
    device = _device(event_id, device_id)
    form = read(Place, request.form)
    to = place_of(form.model.place) if form.ok else None
    if to is None:
        form.refuse("place", "Choose one of the list.")
        return _show(device, 422, moving=form)
    move(device, *to)
    return Redirect("phone.show", event_id=device.event_id, device_id=device.id)


@pages.post("/events/<uuid:event_id>/phones/<uuid:device_id>", allow="device.write")
def describe(event_id: UUID, device_id: UUID) -> Answer:
    """Name a phone, and say who carries it."""
    device = _device(event_id, device_id)
    form = read(Described, request.form)
    if not form.ok:
        return _show(device, 422, form=form)
    device.name, device.role, device.spare = form.model.name, form.model.role, form.model.spare is not None
    publish("devices", device.event_id)
    return Redirect("phone.show", event_id=event_id, device_id=device_id)


@pages.post("/events/<uuid:event_id>/phones/<uuid:device_id>/retirements", allow="device.write")
def take_out(event_id: UUID, device_id: UUID) -> Answer:
    """Take a phone out of service: when it has handed in, or at once; a lost one's keys go at once."""
    device = _device(event_id, device_id)
    how = request.form.get("how")
    if how in ("now", "lost"):
        retire(device, lost=how == "lost")
    else:
        ask_to_retire(device)
    return Redirect("devices.index", event_id=event_id)


def _device(event_id: UUID, device_id: UUID) -> Device:
    return children(rows(Event).get(event_id), Device).get(device_id)


def _show(device: Device, status: int = 200, form: Form[Any] | None = None, moving: Form[Any] | None = None) -> Answer:
    at = now().astimezone(ZoneInfo(device.event.venue.timezone))
    here = f"{device.event_id}/{device.gate_id}"
    described = {"name": device.name, "role": device.role, "spare": ["yes"] if device.spare else []}
    moves = [(one, *_names(one.event_id, one.gate_id)) for one in places_left(device.id)]
    last = children(device, Scan).filter(Scan.sequence >= 0).order_by(Scan.sequence.desc()).first()
    return Page(
        "scanning/device.html", status, event=device.event, device=device, phone=phone_of(device, at), at=at,
        last=last, holes=holes(device), moves=moves,
        choices=[(f"{event.id}/{gate.id}", f"{gate.name} · {event.name}") for event, gate in places()],
        roles=[(role, role.capitalize()) for role in ROLES], app_now=app_version(),
        form=form or blank(**described), moving=moving or blank(place=here),
    )  # fmt: skip


def _names(event_id: UUID, gate_id: UUID) -> tuple[str, str]:
    event, gate = rows(Event).including_archived().get(event_id), rows(Gate).including_archived().get(gate_id)
    return gate.name, event.name
