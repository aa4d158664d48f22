"""What is told of a sale that is paid while somebody reads it: paid with its tickets and number, or not yet paid."""

from __future__ import annotations

import pytest

from tests.checkout.programme import Sold, hold, pay, put_on
from tests.conftest import World
from tests.selling.test_sale_statements import counted
from voelgoed.checkout.checkout import Checkout
from voelgoed.foundation.boundary import rollback
from voelgoed.foundation.tenancy import rows
from voelgoed.foundation.workflow import Done
from voelgoed.selling import told


def test_a_sale_is_told_as_it_stood_at_one_moment(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """One statement sees one moment: its state cannot be later than its tickets."""
    with world.personas.home.scope("manager"):
        checkout_id = hold(put_on(Sold(capacity=5)))
        assert isinstance(pay(checkout_id), Done)
        rollback()
        with counted(monkeypatch) as asked:
            said = told.told_of(checkout_id)
        assert len([one for one in asked if "set_config" not in one]) == 1, asked
        assert (said.word, len(said.tickets), said.number is not None) == ("paid", 1, True)
        rollback()


def test_read_one_after_the_other_it_would_be_paid_without_tickets(world: World) -> None:
    """Negative control: what was sold is read, the sale is paid, then its state is read."""
    home = world.personas.home
    with home.scope("manager"):
        checkout_id = hold(put_on(Sold(capacity=5)))
        found = rows(Checkout).get(checkout_id)
        tickets = told.tickets_of(found)
        with home.scope("manager"):
            assert isinstance(pay(checkout_id), Done)
        assert (told.word_of(found, tickets), len(tickets)) == ("paid", 0)
        rollback()
