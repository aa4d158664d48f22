"""Blocking a ticket and lifting the block, for a supervisor's programs."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from voelgoed.api.scan_shapes import Strict
from voelgoed.catalog.event import Event
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import because, children, rows
from voelgoed.foundation.web import Answer, Api, Json
from voelgoed.foundation.web.fields import Line
from voelgoed.foundation.web.once import once
from voelgoed.scanning.block import block, blocks_of, lift
from voelgoed.scanning.ticket_block import TicketBlock
from voelgoed.ticketing.ticket import Ticket

api = Api("blocks_of_tickets", __name__)


class BlockIn(Strict):
    """Why nobody shall enter by it: what the gate is told."""

    reason: Line = Field(min_length=1, max_length=200)


class BlockOut(BaseModel):
    """A block; nobody enters by the ticket from `at` until `lifted_at`."""

    id: UUID
    ticket_id: UUID
    serial: str
    reason: str
    at: str
    by: str
    lifted_at: str | None
    lifted_by: str | None


class BlocksOut(BaseModel):
    """An event's blocks, those that hold first."""

    items: list[BlockOut]


@api.call("POST", "/tickets/<uuid:ticket_id>/blocks", allow="gate.decide", body=BlockIn, answers={201: BlockOut})
def add(ticket_id: UUID, body: BlockIn) -> Answer:
    """Block a ticket: nobody enters by it until the block is lifted."""
    ticket = rows(Ticket).get(ticket_id)
    claimed = once(body)
    if claimed is not None and claimed.reference:
        return Json(_said(children(ticket, TicketBlock).get(UUID(claimed.reference["block_id"]))), 201)
    with because(body.reason):
        made = block(ticket, body.reason)
    if claimed is not None:
        claimed.keep(block_id=str(made.id))
    return Json(_said(made), 201)


@api.call("GET", "/events/<uuid:event_id>/blocks", allow="device.read", answers={200: BlocksOut})
def index(event_id: UUID) -> Answer:
    """List the blocked tickets of an event, then what was lifted."""
    return Json({"items": [_said(one) for one in blocks_of(rows(Event).get(event_id))]})


@api.call("DELETE", "/blocks/<uuid:block_id>", allow="gate.decide", answers={200: BlockOut})
def end(block_id: UUID) -> Answer:
    """Lift a block."""
    found = rows(TicketBlock).get(block_id)
    lift(found)
    db.session.refresh(found)
    return Json(_said(found))


def _said(one: TicketBlock) -> dict[str, Any]:
    return {
        "id": str(one.id), "ticket_id": str(one.ticket_id), "serial": one.ticket.serial, "reason": one.reason,
        "at": _moment(one.blocked_at), "by": one.blocked_by, "lifted_at": _moment(one.lifted_at),
        "lifted_by": one.lifted_by,
    }  # fmt: skip


def _moment(at: datetime | None) -> str | None:
    return at.isoformat().replace("+00:00", "Z") if at else None
