"""What the till's bar says of a shift, and where it leads when there is none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from voelgoed.tills.browser import till_here
from voelgoed.tills.own_shift import own_shift


@dataclass(frozen=True)
class ShiftFacts:
    """Who stands where since when; without an open shift `id` and `since` are None, and the till is the browser's."""

    id: UUID | None
    person: str | None
    till: str | None
    since: datetime | None


def shift_facts() -> ShiftFacts:
    """Return the bar's facts of the acting person's shift."""
    shift = own_shift()
    if shift is None:
        here = till_here()
        return ShiftFacts(None, None, here.name if here else None, None)
    return ShiftFacts(shift.id, shift.person, shift.till.name, shift.opened_at)
