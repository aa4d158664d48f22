"""What a till or a program asks for: bodies that refuse what they do not know."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

MOST_CENTS = 100_000_000_000
NO_NULLS = r"^[^\x00]*$"
"""PostgreSQL's text holds every character but this one."""

Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=400, pattern=NO_NULLS)]


class Asked(BaseModel):
    """A body: types as they are, unknown fields refused."""

    model_config = ConfigDict(extra="forbid", strict=True)


class LineAsked(Asked):
    """So many of one ticket type."""

    ticket_type_id: UUID
    quantity: int = Field(ge=1, le=200)


class TenderAsked(Asked):
    """Cash: what it pays of the sale, and what was handed over (cents)."""

    gateway: Literal["cash"]
    amount_cents: int = Field(ge=0, le=MOST_CENTS)
    tendered_cents: int | None = Field(default=None, ge=0, le=MOST_CENTS)


class CompletionAsked(Asked):
    """The money for a sale: one cash payment, or none for a free one."""

    payments: list[TenderAsked] = Field(max_length=5)


class BuyerAsked(Asked):
    """Who buys, as far as they wish to be known."""

    name: Annotated[str, StringConstraints(max_length=120, pattern=NO_NULLS)] | None = None
    email: Annotated[str, StringConstraints(max_length=254, pattern=NO_NULLS)] | None = None
    phone: Annotated[str, StringConstraints(max_length=40, pattern=NO_NULLS)] | None = None


class ReasonAsked(Asked):
    """Why."""

    reason: Reason
