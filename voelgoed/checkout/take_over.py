"""Selling what is kept under a name: the same lines are taken over as they are held, other ones take their place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from voelgoed.catalog.event import Event
from voelgoed.checkout.checkout import Checkout
from voelgoed.checkout.clerk_discount import Lowering
from voelgoed.checkout.hold import HELD_FOR
from voelgoed.checkout.named_hold import NamedHold, lines_kept, name_it, named
from voelgoed.checkout.open import open_checkout
from voelgoed.checkout.state import lock, refuse_house, state_of
from voelgoed.foundation.clock import now
from voelgoed.foundation.tenancy import children, current_scope

Asked = Sequence[tuple[UUID, int]]


def open_from(
    event: Event, asked: Asked, replaces: UUID, key: UUID, code: str | None = None, lowering: Lowering | None = None
) -> tuple[Checkout, NamedHold | None]:
    """Return a checkout to pay and the name that its places are kept under, if any.

    The same lines as a named hold's are that hold, at the prices of when it was kept; other lines replace it, and are
    kept under its name and to its end. Raises what `open_checkout` raises.
    """
    kept = children(event, Checkout).get(replaces)
    name = named(kept.id)
    until = _until(kept.id) if name is not None else None
    if name is None or until is None:
        made = open_checkout(event, asked, key=key, replaces=replaces, code=code, lowering=lowering)
        return made, named(made.id)
    if until > now() + HELD_FOR and not code and not lowering and _same(kept.id, asked):
        return _mine(kept.id), name
    end = max(until, now() + HELD_FOR)
    made = open_checkout(event, asked, key=key, replaces=replaces, until=end, code=code, lowering=lowering)
    name_it(made, name.name, name.note, house=name.house)
    return made, name


def take_as_kept(event: Event, asked: Asked, replaces: UUID) -> Checkout | None:
    """Take a named hold over as it is held, at its prices, when the same is asked and it lasts; else None."""
    kept = children(event, Checkout).get(replaces)
    until = _until(kept.id) if named(kept.id) is not None else None
    return _mine(kept.id) if until is not None and until > now() + HELD_FOR and _same(kept.id, asked) else None


def _until(checkout_id: UUID) -> datetime | None:
    """Return the end of a hold that is still open to be sold, by whoever asks."""
    state = state_of(checkout_id)
    if state.word != "open" or state.hold is None:
        return None
    refuse_house(state)
    return state.hold.expires_at


def _same(checkout_id: UUID, asked: Asked) -> bool:
    wanted: dict[UUID, int] = {}
    for type_id, quantity in asked:
        wanted[type_id] = wanted.get(type_id, 0) + quantity
    kept = lines_kept([checkout_id]).get(checkout_id, [])
    return wanted == {type_id: quantity for _, quantity, type_id in kept}


def _mine(checkout_id: UUID) -> Checkout:
    """Make whoever sells it now its seller."""
    taken = lock(checkout_id)
    actor = current_scope().actor
    if taken.seller_id != actor.id:
        taken.seller_id, taken.seller_label = actor.id, actor.label
    return taken
