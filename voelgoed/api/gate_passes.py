"""Gate passes for a supervisor's programs: given, listed, taken back."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from pydantic import BaseModel, Field

from voelgoed.api.scan_shapes import Strict
from voelgoed.catalog.event import Event
from voelgoed.foundation.tenancy import because, children, rows
from voelgoed.foundation.web import Answer, Api, Json, identity
from voelgoed.foundation.web.fields import Line
from voelgoed.foundation.web.once import once
from voelgoed.selling.asked import ReasonAsked
from voelgoed.selling.gate_pass import MOST, GatePass
from voelgoed.selling.give_gate_pass import GiveGatePass, give_gate_pass
from voelgoed.selling.void import void_ticket
from voelgoed.ticketing.codes import code_of
from voelgoed.ticketing.ticket import TicketVoid

api = Api("gate_pass_calls", __name__)


class PassIn(Strict):
    """How many people, of which event, why; `ticket_type_id` says where, when passes are kept for several zones."""

    event_id: UUID
    bodies: int = Field(default=1, ge=1, le=MOST)
    reason: Line = Field(min_length=1, max_length=400)
    ticket_type_id: UUID | None = None
    holder: Line | None = Field(default=None, max_length=120)


class PassTicket(BaseModel):
    """The ticket that a gate pass is; its code is told once, with the giving."""

    id: UUID
    serial: str
    code: str | None
    admits: int


class PassOut(BaseModel):
    """A gate pass; `left` is what remains of the giver's own limit of the day, null where there is none."""

    id: UUID
    event_id: UUID
    day_id: UUID
    bodies: int
    reason: str
    by: str
    at: str
    left: int | None
    void: bool
    ticket: PassTicket


class PassesOut(BaseModel):
    """An event's gate passes, the newest first."""

    items: list[PassOut]


@api.call("POST", "/gate-passes", allow="gate.pass", body=PassIn, answers={201: PassOut})
def give(body: PassIn) -> Answer:
    """Let people in for nothing, with a reason: a ticket for today, out of the places kept for it."""
    rows(Event).get(body.event_id)
    claimed = once(body)
    if claimed is not None and claimed.reference:
        return Json(_said(rows(GatePass).get(UUID(claimed.reference["pass_id"])), code=True), 201)
    with because(body.reason):
        made = give_gate_pass(GiveGatePass(**body.model_dump(), key=uuid4(), limited=identity().limited("gate.pass")))
    if claimed is not None:
        claimed.keep(pass_id=str(made.id))
    return Json(_said(made, code=True), 201)


@api.call("GET", "/events/<uuid:event_id>/gate-passes", allow="gate.pass.read", answers={200: PassesOut})
def index(event_id: UUID) -> Answer:
    """List an event's gate passes, without their codes."""
    event = rows(Event).get(event_id)
    return Json({"items": [_said(one) for one in children(event, GatePass).order_by(GatePass.id.desc())]})


@api.call("POST", "/gate-passes/<uuid:pass_id>/void", allow="gate.pass", body=ReasonAsked, answers={200: PassOut})
def void(pass_id: UUID, body: ReasonAsked) -> Answer:
    """Take a pass back: it lets nobody in, and its places can be given again."""
    found = rows(GatePass).get(pass_id)
    claimed = once(body)
    if claimed is None or not claimed.reference:
        with because(body.reason):
            void_ticket(found.ticket, body.reason, limited=identity().limited("gate.pass"))
        if claimed is not None:
            claimed.keep(pass_id=str(found.id))
    return Json(_said(found))


def _said(one: GatePass, code: bool = False) -> dict[str, Any]:
    ticket = one.ticket
    return {
        "id": str(one.id), "event_id": str(one.event_id), "day_id": str(one.day_id), "bodies": one.bodies,
        "reason": one.reason, "by": one.giver, "at": one.created_at.isoformat().replace("+00:00", "Z"),
        "left": one.own_limit - (one.own_total or 0) if one.own_limit is not None else None,
        "void": children(ticket, TicketVoid).first() is not None,
        "ticket": {"id": str(ticket.id), "serial": ticket.serial, "admits": ticket.bodies,
                   "code": code_of(ticket) if code else None},
    }  # fmt: skip
