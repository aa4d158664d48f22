"""Group sales: a school or a tour that buys many tickets at once, with one payment and one paper."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Mapped

from voelgoed.checkout.checkout import Checkout
from voelgoed.foundation.resource import Resource, json_value, refers, related, text

MOST = 500
"""Tickets of one group sale."""


class GroupSale(Resource, redact=("group_name", "address", "vat_number", "names"), unique=(("checkout_id",),)):
    """Whom a checkout of the channel `group` is for, as its tax invoice says it (VAT Act s20(4)).

    `names`: ticket type → the holders of its tickets; once there are tickets the names are on them, and this is empty.
    """

    checkout_id: Mapped[UUID] = refers("checkout")
    group_name: Mapped[str] = text(160)
    address: Mapped[str | None] = text(400, nullable=True)
    vat_number: Mapped[str | None] = text(20, nullable=True)
    names: Mapped[dict[str, list[str]] | None] = json_value()
    checkout: Mapped[Checkout] = related("checkout_id", "Checkout")
