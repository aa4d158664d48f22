"""Phones that are paired under another address than the one on which `voelgoed up --lan` is about to listen."""

from __future__ import annotations

from sqlalchemy import func, select

from voelgoed import create_app
from voelgoed.config import Config
from voelgoed.foundation.tenancy import Actor, skip_tenant_rule
from voelgoed.foundation.web.words import plural
from voelgoed.scanning.device import Device


def paired_elsewhere(config: Config) -> str:
    """Return what to do about phones in use that know another address, nothing when there are none.

    What a phone keeps (its token, its unsent scans) belongs to the address under which it was paired.
    """
    with (
        create_app(config).app_context(),
        skip_tenant_rule(reason="phones under another address", actor=Actor("system", None, "voelgoed up")) as session,
    ):
        query = (
            select(Device.address, func.count().label("phones"))
            .where(Device.retired_at.is_(None), Device.lost_at.is_(None), Device.address.is_not(None))
            .where(Device.address != config.public_url)
            .group_by(Device.address)
            .order_by(Device.address)
        )
        found = [(str(row.address), row.phones) for row in session.execute(query)]
    if not found:
        return ""
    known = ", ".join(f"{plural(count, 'phone')} under {address}" for address, count in found)
    return (
        f"Paired are {known}, and this would be {config.public_url}: what they keep, unsent scans too, belongs to the "
        "address that they know. Start under that one again: the same --name and --port; without --name, give this "
        "machine its old address back (fixed or reserved at the router). Only when they have nothing unsent, say "
        "--new-address, and pair them anew."
    )
