"""An independent model of one event's money: what each deed must answer, and where every cent then is."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

COIN = 10  # cents; what is paid in cash is rounded down to it


@dataclass
class Part:
    """Money of one gateway that a sale still holds, in cents."""

    gateway: str
    cents: int


def money_of(parts: list[Part]) -> tuple[tuple[str, int], ...]:
    """Say what money that is."""
    return tuple((one.gateway, one.cents) for one in parts)


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
class ModelHold:
    """Places held: live, or given up or run out, or sold."""

    kind: str
    quantity: int
    state: str = "live"
    paid: tuple[tuple[str, int], ...] = ()
    """With what it was paid, in cents by gateway: asked for again with just that, it is the same sale."""


@dataclass
class Model:
    """Places, tickets and money of one event, sold at one till."""

    prices: dict[str, int]
    capacity: dict[str, int]
    taken: Counter[str] = field(default_factory=Counter)
    live: int = 0
    void: int = 0
    charged: Counter[str] = field(default_factory=Counter)
    """By gateway: how much was really taken, in cents."""
    returned: Counter[str] = field(default_factory=Counter)
    """By gateway: how much of it really went back."""
    drawer: int | None = None
    """What should lie in the open drawer, in cents; None while no shift is open."""
    touched: bool = False
    """Whether anything happened in the drawer since it was opened."""

    def fits(self, kind: str, quantity: int, freed: ModelHold | None = None) -> bool:
        """Say whether there is room, also in what another hold gives up."""
        room = freed.quantity if freed is not None and freed.state == "live" and freed.kind == kind else 0
        return self.taken[kind] + quantity - room <= self.capacity[kind]

    def hold(self, kind: str, quantity: int) -> ModelHold:
        """Take places."""
        self.taken[kind] += quantity
        return ModelHold(kind, quantity)

    def let_go(self, held: ModelHold, state: str) -> None:
        """Give places back, if they are held."""
        if held.state == "live":
            self.taken[held.kind] -= held.quantity
            held.state = state

    def refusal(self, held: ModelHold, parts: list[Part]) -> str | None:
        """Say what a till answers before it charges anything."""
        if self.drawer is None and any(one.gateway == "cash" for one in parts):
            return "no_open_shift"
        if held.state == "released":
            return "given_up"
        return "already_paid" if held.state == "sold" else None

    def sold_out(self, held: ModelHold) -> bool:
        """Say whether places whose hold had run out are gone when the money comes."""
        return held.state == "expired" and not self.fits(held.kind, held.quantity)

    def sell(self, held: ModelHold, parts: list[Part]) -> ModelSale:
        """Take the money, give the tickets; places whose hold had run out are taken again."""
        if held.state == "expired":
            self.taken[held.kind] += held.quantity
        held.state, held.paid = "sold", money_of(parts)
        for one in parts:
            if one.gateway == "cash":
                self._into_drawer(one.cents - one.cents % COIN)
            else:
                self.charged[one.gateway] += one.cents
        self.live += held.quantity
        return ModelSale(held.kind, parts, held.quantity, sum(one.cents for one in parts))

    def taken_and_back(self, parts: list[Part]) -> None:
        """What was charged for a sale that did not come about went back."""
        for one in parts:
            self.charged[one.gateway] += one.cents
            self.returned[one.gateway] += one.cents

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

    def exchange(self, sale: ModelSale, kind: str, price: int) -> ModelSale:
        """Exchange one ticket for a cheaper one: what that costs stays where it is, the rest goes back."""
        one, worth = sale.parts[0], sale.worth(1)
        self.give_back(sale, 1, worth)
        self.returned[one.gateway] -= price
        self.taken[kind] += 1
        self.live += 1
        return ModelSale(kind, [Part(one.gateway, price)], 1, price)

    def move(self, kind: str, cents: int) -> str | None:
        """Put cash into the drawer or take it out; returns why not."""
        if self.drawer is None:
            return "shift_closed"
        self._into_drawer(cents if kind == "added" else -cents)
        return None

    def _into_drawer(self, cents: int) -> None:
        if cents:
            assert self.drawer is not None
            self.drawer += cents
            self.touched = True

    def close_shift(self) -> int:
        """Carry the cash out; returns what should have been there."""
        assert self.drawer is not None
        expected, self.drawer, self.touched = self.drawer, None, False
        return expected
