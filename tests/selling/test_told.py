"""What is told of a sale that is paid while somebody reads it: paid with its tickets and number, or not yet paid."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from tests.checkout.programme import Sold, hold, pay, put_on
from tests.conftest import World
from tests.personas import House
from tests.sent import sent
from voelgoed.checkout.checkout import Checkout
from voelgoed.checkout.state import state_of
from voelgoed.foundation.boundary import rollback
from voelgoed.foundation.tenancy import rows
from voelgoed.foundation.workflow import Done
from voelgoed.selling import told


def test_a_sale_is_told_as_it_stood_at_one_moment(world: World) -> None:
    """One statement sees one moment: its state cannot be later than its tickets."""
    with world.personas.home.scope("manager"):
        checkout_id = hold(put_on(Sold(capacity=5)))
        assert isinstance(pay(checkout_id), Done)
        rollback()
        with sent() as asked:
            said = told.told_of(checkout_id)
        assert len([one for one in asked if "set_config" not in one]) == 1, asked
        assert (said.word, len(said.tickets), said.number is not None) == ("paid", 1, True)
        rollback()


def test_what_a_page_shows_is_not_paid_without_its_tickets(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Paid right after the first of its reads, whichever that is: told as not yet paid, or with all of it."""
    home = world.personas.home
    with home.scope("manager"):
        programme = put_on(Sold(capacity=5))
        for first in ("state_of", "tickets_of"):
            checkout_id = hold(programme)
            rollback()
            with monkeypatch.context() as patched:
                patched.setattr(told, first, paid_after(home, getattr(told, first), checkout_id))
                word, tickets = told.as_it_stands(rows(Checkout).get(checkout_id))
            assert (word, len(tickets)) in (("open", 0), ("paid", 1)), first
            rollback()


def paid_after(home: House, read: Callable[..., Any], checkout_id: UUID) -> Callable[..., Any]:
    """Have a sale paid by somebody else as soon as something of it was read."""

    def read_and_pay(about: Any) -> Any:
        found = read(about)
        with home.scope("manager"):
            assert isinstance(pay(checkout_id), Done)
        return found

    return read_and_pay


def test_read_one_after_the_other_it_would_be_paid_without_tickets(world: World) -> None:
    """Negative control: what was sold is read, the sale is paid, then its state is read."""
    home = world.personas.home
    with home.scope("manager"):
        checkout_id = hold(put_on(Sold(capacity=5)))
        found = rows(Checkout).get(checkout_id)
        tickets = told.tickets_of(found)
        with home.scope("manager"):
            assert isinstance(pay(checkout_id), Done)
        assert (state_of(found.id).word, len(tickets)) == ("paid", 0)
        rollback()
