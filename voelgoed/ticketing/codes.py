"""The codes of tickets: signed when they are shown, stored nowhere."""

from __future__ import annotations

import io
from collections.abc import Iterable
from functools import lru_cache
from uuid import UUID

import segno
from sqlalchemy import select

from voelgoed.catalog.ticket_type import TicketType
from voelgoed.foundation.database import db
from voelgoed.ticketing.code import Content, sign
from voelgoed.ticketing.signing_key import SigningKey
from voelgoed.ticketing.ticket import Ticket

QR_VERSION = 6


def codes_of(tickets: Iterable[Ticket]) -> dict[UUID, str]:
    """Return ticket id → code."""
    listed = list(tickets)
    signing = select(SigningKey).where(SigningKey.id.in_({one.signing_key_id for one in listed}))
    keys = {row.id: row for row in db.session.scalars(signing)}
    types = select(TicketType.id, TicketType.number).where(TicketType.id.in_({one.ticket_type_id for one in listed}))
    numbers = {row[0]: row[1] for row in db.session.execute(types.execution_options(include_archived=True))}
    return {one.id: _code(one, keys[one.signing_key_id], numbers[one.ticket_type_id]) for one in listed}


def code_of(ticket: Ticket) -> str:
    """Return a ticket's code, as its present version."""
    return codes_of([ticket])[ticket.id]


def opened_key(key_id: UUID, sealed: bytes) -> bytes:
    """Open a signing key as its row holds it, sealed."""
    private = SigningKey(id=key_id, private_key_sealed=sealed).private_key
    assert isinstance(private, bytes)
    return private


def _code(ticket: Ticket, key: SigningKey, type_number: int) -> str:
    private = key.private_key
    assert isinstance(private, bytes)
    content = Content(
        key_number=key.number,
        ticket_id=ticket.id,
        code_version=ticket.code_version,
        type_number=type_number,
        days_mask=ticket.days_mask,
        bodies=ticket.bodies,
        issued_minute=ticket.issued_minute,
    )
    return sign(content, private)


@lru_cache(maxsize=256)
def _symbol(code: str) -> segno.QRCode:
    return segno.make_qr(code, error="m", version=QR_VERSION, boost_error=False)


def qr_svg(code: str) -> str:
    """Draw a code as SVG that scales with its box: version 6 at level M, quiet zone included."""
    drawn: str = _symbol(code).svg_inline(border=4, omitsize=True, svgclass="qr", lineclass="qr-line")
    return drawn


def qr_png(code: str, scale: int = 8) -> bytes:
    """Draw a code as PNG, `scale` pixels a module."""
    out = io.BytesIO()
    _symbol(code).save(out, kind="png", scale=scale, border=4)
    return out.getvalue()
