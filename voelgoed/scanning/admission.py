"""An admission: an accepted entry of one pass, so one body, in one zone."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy.orm import Mapped

from voelgoed.foundation.resource import Invariant, Resource, choice, identifier, moment, refers, small

NOT_VOID = Invariant(
    "void_is_final", "no admission is opened at or after its ticket's void", Path(__file__).with_name("not_void.sql")
)


class Admission(
    Resource,
    audit="minimal",
    actor_column="device_id",
    unique=(("ticket_id", "pass_number", "entry_number", "move_number"),),
    unique_where={("ticket_id", "pass_number"): "closed_at IS NULL"},
    checks={"closed_with_a_cause": "(closed_at IS NULL) = (cause IS NULL)"},
    indexes=(("day_id", "zone_id"),),
    invariants=(NOT_VOID,),
):
    """Open until an exit, a move to another zone, an emptied zone or the day's end closes it with a cause (G1).

    Its id derives from its scan and pass, so that folding the same facts again gives the same row.
    """

    ticket_id: Mapped[UUID] = refers("ticket")
    scan_id: Mapped[UUID] = refers("scan")
    device_id: Mapped[UUID] = refers("device", indexed=False)
    event_id: Mapped[UUID] = refers("event", indexed=False)
    day_id: Mapped[UUID] = refers("day")
    gate_id: Mapped[UUID] = refers("gate", indexed=False)
    zone_id: Mapped[UUID] = refers("zone", indexed=False)
    pass_number: Mapped[int] = small()
    entry_number: Mapped[int] = small()
    move_number: Mapped[int] = small(default=0)
    opened_at: Mapped[datetime] = moment()
    closed_at: Mapped[datetime | None] = moment(nullable=True)
    cause: Mapped[str | None] = choice("exited", "moved", "day_end", "emptied", nullable=True)
    closing_gate_id: Mapped[UUID | None] = refers("gate", nullable=True, indexed=False)
    closing_scan_id: Mapped[UUID | None] = identifier()
