"""A named hold as the till takes it up."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import request

from voelgoed.catalog.event import Event
from voelgoed.checkout.checkout import Checkout
from voelgoed.checkout.named_hold import NamedHold, lines_kept, named
from voelgoed.checkout.state import refuse_house, state_of
from voelgoed.foundation.tenancy import rows


def hold_for_the_till(event: Event) -> dict[str, Any] | None:
    """Return the hold that the till's address names, if it still waits: id, name and lines."""
    asked = request.args.get("hold", type=UUID)
    if asked is None:
        return None
    found = rows(Checkout).filter(Checkout.id == asked, Checkout.event_id == event.id).one_or_none()
    kept = named(found.id) if found else None
    if kept is None or (state := state_of(kept.checkout_id)).word != "open":
        return None
    refuse_house(state)
    lines = lines_kept([kept.checkout_id]).get(kept.checkout_id, [])
    return {
        "id": str(kept.checkout_id), "name": kept.name,
        "lines": [{"id": str(type_id), "quantity": quantity} for _, quantity, type_id in lines],
    }  # fmt: skip


def just_kept(event: Event) -> NamedHold | None:
    """Return the hold that the till's slip has just become."""
    asked = request.args.get("kept", type=UUID)
    found = named(asked) if asked else None
    return found if found and found.event_id == event.id else None
