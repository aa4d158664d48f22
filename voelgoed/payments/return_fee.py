"""What a return gives back of a fee."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Mapped

from voelgoed.foundation.resource import Resource, cents, integer, refers


class ReturnFee(
    Resource,
    append_only="it is part of its return",
    unique=(("return_id", "checkout_fee_id"),),
    checks={"not_negative": "tickets >= 0 AND value_cents >= 0 AND vat_cents >= 0"},
):
    """What a return takes back of one fee, with the VAT in it; what remains is the fee less all of these.

    `tickets`: of how many tickets it is the fee; none for a goodwill, which is a part of all.
    """

    return_id: Mapped[UUID] = refers("return")
    checkout_fee_id: Mapped[UUID] = refers("checkout_fee")
    tickets: Mapped[int] = integer()
    value_cents: Mapped[int] = cents()
    vat_cents: Mapped[int] = cents()
