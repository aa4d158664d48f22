"""An independent model of one organization's evening: what each deed must answer, and what must be true after it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class ModelTicket:
    """A ticket for one body, as the model sees it; re-entry is `none` unless `free`."""

    free: bool
    void: bool = False
    inside: bool = False
    entered: bool = False
    beside: int = 0
    """Bodies that an override let in beside the one with the pass."""


@dataclass
class Model:
    """One organization: capacity and taken by type, tickets, and bodies that no pass explains."""

    capacity: dict[str, int]
    taken: dict[str, int] = field(default_factory=dict)
    tickets: dict[str, ModelTicket] = field(default_factory=dict)
    forced: int = 0
    unexplained: int = 0

    def hold(self, kind: str, quantity: int) -> bool:
        """Take capacity if it is there; all of it or nothing."""
        taken = self.taken.get(kind, 0)
        if taken + quantity > self.capacity[kind]:
            return False
        self.taken[kind] = taken + quantity
        return True

    def let_go(self, kind: str, quantity: int) -> None:
        """Give capacity back."""
        self.taken[kind] -= quantity

    def come(self, ticket: ModelTicket) -> str:
        """Say what the gate must answer to somebody who wants in, and let them in if so."""
        if ticket.void:
            return "void"
        if ticket.inside:
            return "duplicate"
        if ticket.entered and not ticket.free:
            return "no_reentry"
        ticket.inside = ticket.entered = True
        return "admitted"

    def go(self, ticket: ModelTicket) -> str:
        """Say what the gate must answer to somebody who leaves."""
        if not ticket.inside:
            self.unexplained += 1
            return "not_inside"
        ticket.inside = False
        return "exited"

    def take_back(self, ticket: ModelTicket) -> None:
        """Undo the admission: the pass is free again, unless somebody let in beside it now has it."""
        if ticket.beside:
            ticket.beside -= 1
            self.forced -= 1
        else:
            ticket.inside = ticket.entered = False

    def let_in_anyway(self, ticket: ModelTicket) -> None:
        """Count a body that came in beside the pass."""
        ticket.beside += 1
        self.forced += 1

    @property
    def tickets_inside(self) -> int:
        """Count tickets inside: revenue's number."""
        return sum(ticket.inside for ticket in self.tickets.values())

    @property
    def bodies_inside(self) -> int:
        """Count bodies inside: safety's number; never below zero."""
        return self.tickets_inside + max(0, self.forced - self.unexplained)
