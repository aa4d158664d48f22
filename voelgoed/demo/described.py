"""`voelgoed demo --json`: what a program needs to use the demo, in a stable form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import exists, select

from voelgoed.catalog.event import Event
from voelgoed.catalog.ticket_type import TicketType
from voelgoed.catalog.venue import Gate, Zone
from voelgoed.config import Config
from voelgoed.demo import drawers
from voelgoed.demo.ensure import ensure_houses, on_now, organization_id_of
from voelgoed.demo.people import SEEDER
from voelgoed.demo.phones import next_sequence
from voelgoed.demo.secrets_file import HouseSecrets
from voelgoed.demo.sell import sell
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import children, rows, scope
from voelgoed.foundation.tenancy.organization import Organization
from voelgoed.foundation.web.identity import hash_secret
from voelgoed.scanning.device import Device
from voelgoed.scanning.scan import Scan
from voelgoed.ticketing.codes import codes_of
from voelgoed.ticketing.ticket import Ticket, TicketVoid

UNUSED = 200


def describe(config: Config) -> dict[str, Any]:
    """Return the demo's description, after topping up the unused codes; inside an application context."""
    known = ensure_houses(config)
    return {
        "base_url": config.public_url,
        "organizations": [_house(slug, held) for slug, held in known.items()],
    }


def _house(slug: str, held: HouseSecrets) -> dict[str, Any]:
    organization_id = organization_id_of(slug)
    _top_up(organization_id)
    with scope(organization_id, SEEDER):
        return {
            "slug": slug,
            "name": db.session.scalars(select(Organization.name)).one(),
            "sign_ins": [
                {"role": role, "email": email, "password": password}
                for role, (email, password) in held.sign_ins.items()
            ],
            "api_tokens": held.api_tokens,
            "device_tokens": _devices(held),
            "events": [_event(event) for event in rows(Event).order_by(Event.created_at.desc())],
            "unused_codes": _unused_codes(),
        }


def _devices(held: HouseSecrets) -> list[dict[str, Any]]:
    event = on_now()
    said = []
    for device_id, token in held.device_tokens.items():
        device = rows(Device).filter(Device.id == UUID(device_id), Device.token_hash == hash_secret(token)).first()
        if device is None or device.retired_at is not None or event is None or device.event_id != event.id:
            continue
        said.append(
            {
                "token": token,
                "event_id": str(device.event_id),
                "gate_id": str(device.gate_id),
                "next_sequence": next_sequence(device),
            }
        )
    return said


def _event(event: Event) -> dict[str, Any]:
    venue = event.venue
    return {
        "id": str(event.id),
        "name": event.name,
        "gates": [{"id": str(one.id), "name": one.name} for one in children(venue, Gate).order_by(Gate.name)],
        "zones": [{"id": str(one.id), "name": one.name} for one in children(venue, Zone).order_by(Zone.created_at)],
        "ticket_types": [
            {"id": str(one.id), "name": one.name, "price_cents": one.price_cents}
            for one in children(event, TicketType).order_by(TicketType.number)
        ],
    }


def _unused(event: Event) -> Sequence[Ticket]:
    """Return tickets for one body that nobody has shown at a gate, of the event's first type."""
    first = children(event, TicketType).order_by(TicketType.number).first()
    if first is None:
        return []
    statement = (
        select(Ticket)
        .where(Ticket.event_id == event.id, Ticket.bodies == 1, Ticket.ticket_type_id == first.id)
        .where(~exists().where(Scan.ticket_id == Ticket.id), ~exists().where(TicketVoid.ticket_id == Ticket.id))
        .order_by(Ticket.number)
        .limit(UNUSED)
    )
    return db.session.scalars(statement).all()


def _top_up(organization_id: UUID) -> None:
    with scope(organization_id, SEEDER):
        event = on_now()
        if event is None:
            return
        lacking = UNUSED - len(_unused(event))
        first = children(event, TicketType).order_by(TicketType.number).first()
        event_id = event.id
    if lacking > 0 and first is not None:
        sell(organization_id, drawers.person(organization_id, "box_office"), event_id, first.id, lacking)


def _unused_codes() -> list[str]:
    event = on_now()
    return list(codes_of(_unused(event)).values()) if event else []
