"""An independent model of one event's money: what each deed must answer, and where every cent then is."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

COIN = 10  # cents; what is paid in cash is rounded down to it
OUTSIDE = ("stripe", "paystack", "card")


@dataclass
class Part:
    """Money of one gateway that a sale still holds, in cents."""

    gateway: str
    cents: int


@dataclass
class ModelSale:
    """A sale that was paid: its parts in the order in which they were tendered, its value, its tickets."""

    kind: str
    parts: list[Part]
    tickets: int
    left: int
    """What its tickets are still worth, in cents: less than their price once something was given back."""

    def worth(self, tickets: int) -> int:
        """Say what so many of its tickets are worth: an equal share of what is left, half a cent rounded up."""
        return (2 * self.left * tickets + self.tickets) // (2 * self.tickets)


@dataclass
class Model:
    """Places, tickets and money of one event, sold by one clerk."""

    prices: dict[str, int]
    capacity: dict[str, int]
    taken: Counter[str] = field(default_factory=Counter)
    live: int = 0
    void: int = 0
    charged: Counter[str] = field(default_factory=Counter)
    """By gateway: how much was really taken, in cents."""
    returned: Counter[str] = field(default_factory=Counter)
    """By gateway: how much of it really went back."""
    drawer: int | None = 0
    """What should lie in the open drawer, in cents; None while no shift is open."""
    in_drawers: int = 0
    """Of the cash taken less the cash given back: what the closed shifts carried out."""
    sales: list[ModelSale] = field(default_factory=list)

    def fits(self, kind: str, quantity: int) -> bool:
        """Say whether there is room."""
        return self.taken[kind] + quantity <= self.capacity[kind]

    def refusal(self, parts: list[Part]) -> str | None:
        """Say what a till answers before it charges anything."""
        return "no_open_shift" if self.drawer is None and any(one.gateway == "cash" for one in parts) else None

    def sell(self, kind: str, quantity: int, parts: list[Part]) -> ModelSale:
        """Take the money, give the tickets; the places were held before."""
        for one in parts:
            if one.gateway == "cash":
                self._into_drawer(one.cents - one.cents % COIN)
            else:
                self.charged[one.gateway] += one.cents
        made = ModelSale(kind, parts, quantity, sum(one.cents for one in parts))
        self.live += quantity
        self.sales.append(made)
        return made

    def give_back(self, sale: ModelSale, tickets: int, cents: int) -> str | None:
        """Give back tickets (or none, and an amount): outside first, then cash; returns why not."""
        if not tickets and not sale.tickets and not cents:
            return "nothing_left"
        if cents > sale.left:
            return "too_much"
        takes = self._takes(sale, cents)
        if self.drawer is None and any(one.gateway == "cash" and part for one, part in takes):
            return "no_open_shift"
        for one, part in takes:
            self._take(one, part)
        sale.left -= cents
        sale.tickets -= tickets
        self.live -= tickets
        self.void += tickets
        self.taken[sale.kind] -= tickets
        return None

    @staticmethod
    def _takes(sale: ModelSale, cents: int) -> list[tuple[Part, int]]:
        takes = []
        for one in sorted(sale.parts, key=lambda part: part.gateway == "cash"):
            part = min(one.cents, cents)
            cents -= part
            takes.append((one, part))
        return takes

    def _take(self, one: Part, cents: int) -> None:
        left = one.cents - cents
        if one.gateway == "cash":
            self._into_drawer((left - left % COIN) - (one.cents - one.cents % COIN))
        else:
            self.returned[one.gateway] += cents
        one.cents = left

    def _into_drawer(self, cents: int) -> None:
        if cents:
            assert self.drawer is not None
            self.drawer += cents

    def close_shift(self) -> int:
        """Carry the cash out; returns what should have been there."""
        assert self.drawer is not None
        expected, self.drawer = self.drawer, None
        return expected
