"""Reading the trail: filters, the field that a role may see, pages by cursor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import Field

from voelgoed.foundation.audit.entry import AuditEntry
from voelgoed.foundation.resource import declared
from voelgoed.foundation.tenancy import rows
from voelgoed.foundation.tenancy.query import TenantQuery
from voelgoed.foundation.web import Identity
from voelgoed.foundation.web.fields import Asked, Line

PER_PAGE = 50
FIELDS = {
    "gate_supervisor": (
        "zone", "gate", "device", "pairing", "undo", "override", "entry_stop", "ticket_block", "day_end", "admission",
        "conflict", "conflict_closure",
    ),
    "accountant": (
        "organization", "account", "checkout", "checkout_outcome", "payment", "refund", "ticket_void", "ticket_type",
    ),
}  # fmt: skip
"""Role that sees the trail only of its own field → the objects of that field."""


class TrailFilter(Asked):
    """What the address says: which object, whose deeds, when, through which request; `before` is the cursor."""

    object: Line | None = Field(default=None, max_length=63)
    id: UUID | None = None
    person: UUID | None = None
    request: Line | None = Field(default=None, max_length=100)
    since: date | None = Field(default=None, ge=date(2000, 1, 1), le=date(9000, 1, 1))
    until: date | None = Field(default=None, ge=date(2000, 1, 1), le=date(9000, 1, 1))
    before: UUID | None = None


@dataclass(frozen=True)
class TrailPage:
    """Some entries, newest first, and the cursor of the next page, if there is one."""

    entries: list[AuditEntry]
    next: UUID | None


def objects_for(who: Identity) -> tuple[str, ...]:
    """Return the objects whose trail the visitor may see."""
    every = tuple(one.table for one in declared() if not one.unaudited and not one.append_only)
    if not who.limited("trail.read"):
        return every
    own = {name for role in who.roles for name in FIELDS.get(role, ())}
    return tuple(name for name in every if name in own)


def entries_for(who: Identity, asked: TrailFilter) -> TenantQuery[AuditEntry]:
    """Return the entries that the filter asks for and the visitor may see, newest first."""
    found = rows(AuditEntry).order_by(AuditEntry.id.desc())
    if who.limited("trail.read"):
        found = found.filter(AuditEntry.object.in_(objects_for(who)))
    same = {"object": asked.object, "object_id": asked.id, "actor_id": asked.person, "request": asked.request}
    found = found.filter_by(**{name: value for name, value in same.items() if value is not None})
    zone = ZoneInfo(who.timezone)
    if asked.since:
        found = found.filter(AuditEntry.id >= first_id(datetime.combine(asked.since, time(), zone)))
    if asked.until:
        found = found.filter(AuditEntry.id < first_id(datetime.combine(asked.until + timedelta(1), time(), zone)))
    if asked.before:
        found = found.filter(AuditEntry.id < asked.before)
    return found


def first_id(moment: datetime) -> UUID:
    """Return the least UUIDv7 of a moment: ids are in the order of time, so the key's own index serves."""
    return UUID(int=int(moment.timestamp() * 1000) << 80)


def page_of(found: TenantQuery[AuditEntry]) -> TrailPage:
    """Return one page of entries."""
    taken = found.limit(PER_PAGE + 1).all()
    more = len(taken) > PER_PAGE
    return TrailPage(taken[:PER_PAGE], taken[PER_PAGE - 1].id if more else None)
