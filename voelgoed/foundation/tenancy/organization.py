"""The organization: the tenant, and always the supplier."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped, synonym

from voelgoed.foundation.resource import Resource, flag, integer, moment, text

RESERVED = ("api", "healthz", "metrics", "readyz", "static")
"""First words of addresses that are no organization's."""
PLATFORM = UUID(int=0)
"""The reserved organization under which changes to shared rows are recorded."""


class Organization(
    Resource,
    shared="it is the tenant itself: its policy is on its own id",
    unique=(("slug",),),
    checks={
        "slug_form": "slug ~ '^[a-z0-9][a-z0-9-]{1,39}$'",
        "slug_free": f"slug not in {RESERVED}",
        "shares": "box_office_discount_percent BETWEEN 0 AND 100 AND manager_discount_percent BETWEEN 0 AND 100",
    },
    grants="SELECT, UPDATE",
):
    """An organiser: the supplier named on each slip, the owner of every row below."""

    # Under this name the filter finds it like every other row: a scope sees its own organization and no other.
    organization_id: Mapped[UUID] = synonym("id")
    slug: Mapped[str] = text(40)
    name: Mapped[str] = text(120)
    address: Mapped[str | None] = text(400, nullable=True)
    timezone: Mapped[str] = text(60, default="Africa/Johannesburg")
    currency: Mapped[str] = text(3, default="ZAR")
    vat_number: Mapped[str | None] = text(20, nullable=True)
    vat_vendor: Mapped[bool] = flag(default=False)
    cash_rounding_cents: Mapped[int] = integer(default=10)
    box_office_void_limit_cents: Mapped[int] = integer(default=0)
    box_office_discount_percent: Mapped[int] = integer(default=0)
    manager_discount_percent: Mapped[int] = integer(default=100)
    box_office_comp_limit: Mapped[int] = integer(default=0)
    supervisor_pass_limit: Mapped[int] = integer(default=10)
    suspended_at: Mapped[datetime | None] = moment(nullable=True)
