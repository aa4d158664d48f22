"""Has a ticket entered? Scanning knows, and stands beside this package: it registers what answers."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

Asker = Callable[[UUID], bool]
_askers: list[Asker] = []


def entered_by(asker: Asker) -> None:
    """Register who says whether a ticket, by id, was ever admitted."""
    if asker not in _askers:
        _askers.append(asker)


def has_entered(ticket_id: UUID) -> bool:
    """Say whether somebody went in with this ticket."""
    return any(asker(ticket_id) for asker in _askers)
