"""What a till or a program asks for: bodies that refuse what they do not know."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from voelgoed.payments.gateways.card import may_be_kept

MOST_CENTS = 100_000_000_000
NO_NULLS = r"^[^\x00]*$"
"""PostgreSQL's text holds every character but this one."""


def _no_card(reference: str) -> str:
    if not may_be_kept(reference):
        raise ValueError("This looks like a card's number. Key the number of the slip.")
    return reference


SlipNumber = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=120, pattern=NO_NULLS),
    AfterValidator(_no_card),
]
"""The number on a card machine's slip; a card's own number is refused."""
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=400, pattern=NO_NULLS)]


class Asked(BaseModel):
    """A body: types as they are, unknown fields refused."""

    model_config = ConfigDict(extra="forbid", strict=True)


class LineAsked(Asked):
    """So many of one ticket type."""

    ticket_type_id: UUID
    quantity: int = Field(ge=1, le=200)


class CashAsked(Asked):
    """Cash: what it pays of the sale, and what was handed over (cents)."""

    gateway: Literal["cash"]
    amount_cents: int = Field(ge=0, le=MOST_CENTS)
    tendered_cents: int | None = Field(default=None, ge=0, le=MOST_CENTS)


class CardAsked(Asked):
    """A card machine that stands by itself: its slip's number, and how it ended as the clerk saw it."""

    gateway: Literal["card"]
    amount_cents: int = Field(ge=1, le=MOST_CENTS)
    reference: SlipNumber
    outcome: Literal["approved", "declined", "not_sure"] = "approved"
    machine_id: UUID | None = None


class OnlineAsked(Asked):
    """A processor: its own name for the payer's way of paying, which Stripe needs and Paystack's page finds out.

    `return_url` is where the payer is led back to; without it they see a page of ours.
    """

    gateway: Literal["stripe", "paystack"]
    amount_cents: int = Field(ge=1, le=MOST_CENTS)
    method: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,200}$")] | None = None
    return_url: Annotated[str, StringConstraints(pattern=r"^https?://[^\x00-\x20]{1,1900}$")] | None = None


TenderAsked = Annotated[CashAsked | CardAsked | OnlineAsked, Field(discriminator="gateway")]
"""Money that is offered through one gateway."""


class CompletionAsked(Asked):
    """The money for a sale: any gateways that together make up its total, cash at most once; none for a free one."""

    payments: list[TenderAsked] = Field(max_length=5)


class BuyerAsked(Asked):
    """Who buys, as far as they wish to be known."""

    name: Annotated[str, StringConstraints(max_length=120, pattern=NO_NULLS)] | None = None
    email: Annotated[str, StringConstraints(max_length=254, pattern=NO_NULLS)] | None = None
    phone: Annotated[str, StringConstraints(max_length=40, pattern=NO_NULLS)] | None = None


class ReasonAsked(Asked):
    """Why."""

    reason: Reason
