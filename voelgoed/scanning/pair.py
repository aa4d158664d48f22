"""Pairing a phone: a code for ten minutes, five tries, one use; then a token that is shown to it once."""

from __future__ import annotations

import secrets
from datetime import timedelta
from uuid import UUID

from flask import current_app
from sqlalchemy import select, update

from voelgoed.catalog.event import Event
from voelgoed.catalog.venue import Gate
from voelgoed.foundation.clock import now
from voelgoed.foundation.database import db
from voelgoed.foundation.live import publish
from voelgoed.foundation.tenancy import current_scope
from voelgoed.foundation.tenancy.organization import Organization
from voelgoed.foundation.web.identity import Bearer, Identity, hash_secret, make_token
from voelgoed.foundation.web.problem import Problem
from voelgoed.foundation.web.short_code import hashed, normal, word
from voelgoed.scanning.device import Device
from voelgoed.scanning.pairing import Pairing
from voelgoed.scanning.stop_entry import stops_of

LIFE = timedelta(minutes=10)
MOST_TRIES = 5


def make_pairing(
    event: Event, gate: Gate, name: str, role: str = "steward", spare: bool = False
) -> tuple[Pairing, str]:
    """Make a pairing code for a phone at a gate; returns the row and `SSSS-CCCCCC`, which is kept nowhere."""
    selector, secret = word(4), word(6)
    while db.session.scalar(select(Pairing.id).where(Pairing.selector == selector)):
        selector = word(4)
    row = Pairing(
        event_id=event.id,
        gate_id=gate.id,
        name=name,
        role=role,
        spare=spare,
        selector=selector,
        secret_hash=hashed(secret),
        expires_at=now() + LIFE,
    )
    db.session.add(row)
    db.session.flush()
    return row, f"{selector}-{secret}"


def try_pairing(typed: str) -> Pairing | None:
    """Count one try against the selector and return the pairing if the secret fits; None for any failure.

    The try is counted by a conditional update, so that five at once are five.
    """
    apart = normal(typed)
    if apart is None:
        return None
    selector, secret = apart
    tried = db.session.scalar(
        update(Pairing)
        .where(
            Pairing.selector == selector,
            Pairing.used_at.is_(None),
            Pairing.expires_at > now(),
            Pairing.tries < MOST_TRIES,
        )
        .values(tries=Pairing.tries + 1)
        .returning(Pairing.id)
    )
    if tried is None:
        return None
    row = db.session.scalars(select(Pairing).where(Pairing.id == tried)).one()
    return row if secrets.compare_digest(row.secret_hash, hashed(secret)) else None


def pair(pairing: Pairing, name: str | None = None) -> tuple[Device, str]:
    """Use a pairing up and make its device; returns it with its token, which is stored hashed and shown once."""
    device, token = enrol(pairing.event_id, pairing.gate_id, name or pairing.name, pairing.role, pairing.spare)
    device.last_heard_at, device.address = now(), current_app.config["PUBLIC_URL"]
    pairing.used_at = now()
    pairing.device_id = device.id
    db.session.flush()
    return device, token


def enrol(event_id: UUID, gate_id: UUID, name: str, role: str, spare: bool = False) -> tuple[Device, str]:
    """Make a device with its token, which is stored hashed and shown once."""
    token = make_token("vgd_", current_scope().organization_id, secrets.token_bytes(32))
    device = Device(
        event_id=event_id, gate_id=gate_id, name=name, role=role, spare=spare, token_hash=hash_secret(token)
    )
    stops = stops_of(event_id)
    device.stops_known = 0 if stops.somewhere else stops.version  # nobody need tell it of what is over
    db.session.add(device)
    db.session.flush()
    publish("devices", event_id)
    return device, token


def ask_to_retire(device: Device) -> None:
    """Have a phone hand in what it recorded and then go; it hears so at its next heartbeat."""
    device.retiring_at = device.retiring_at or now()
    db.session.flush()
    publish("devices", device.event_id)


def retire(device: Device, lost: bool = False) -> None:
    """Take a phone out of service now; what it still hands in waits for a person, and a lost one's keys go at once."""
    device.retired_at = device.retired_at or now()
    if lost:
        device.lost_at = now()
    db.session.flush()
    publish("devices", device.event_id)


def revoked(wipe: str | None) -> Problem:
    """Return what a phone is told that was taken out of service; `wipe` is bundle, or all for a lost one."""
    return Problem(401, "device_revoked", "This phone was taken out of service", wipe=wipe)


def identity_of(token: Bearer) -> Identity | None:
    """Find a device by its token inside the open scope; raises Problem 401 device_revoked for a retired one."""
    from voelgoed.foundation.tenancy import Actor

    device = db.session.scalars(
        select(Device)
        .join(Organization, Organization.id == Device.organization_id)
        .where(Device.token_hash == token.secret_hash, Organization.suspended_at.is_(None))
    ).first()
    if device is None:
        return None
    if device.retired_at is not None:
        raise revoked("all" if device.lost_at is not None else "bundle")
    return Identity(
        organization_id=device.organization_id,
        slug="",
        organization="",
        actor=Actor("device", device.id, device.name),
        roles=("device",),
        device_id=device.id,
    )


def device_of(identity_id: UUID | None) -> Device:
    """Return the device that asks."""
    return db.session.scalars(select(Device).where(Device.id == identity_id)).one()
