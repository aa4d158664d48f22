"""What is told of a sale that is paid while somebody reads it: paid with tickets and number, or not yet paid."""

from __future__ import annotations

from typing import Any

import pytest

from tests.checkout.programme import Sold, hold, pay, put_on
from tests.conftest import World
from voelgoed.checkout.checkout import Checkout
from voelgoed.foundation.boundary import rollback
from voelgoed.foundation.tenancy import rows
from voelgoed.foundation.workflow import Done
from voelgoed.selling import told


@pytest.mark.parametrize("between", ["state_of", "tickets_of"])
def test_a_sale_is_never_told_as_paid_without_what_was_sold(
    world: World, monkeypatch: pytest.MonkeyPatch, between: str
) -> None:
    home = world.personas.home
    with home.scope("manager"):
        checkout_id = hold(put_on(Sold(capacity=5)))
        found, first = rows(Checkout).get(checkout_id), getattr(told, between)

        def then_paid(*given: Any) -> Any:
            answer = first(*given)
            monkeypatch.setattr(told, between, first)
            with home.scope("manager"):
                assert isinstance(pay(checkout_id), Done)
            return answer

        rollback()
        monkeypatch.setattr(told, between, then_paid)
        word, tickets = told.stands(found)
        assert (word, bool(tickets)) != ("paid", False)
        word, tickets = told.stands(found)
        assert (word, len(tickets), found.number is not None) == ("paid", 1, True)
        rollback()


def test_read_the_other_way_round_it_would_be(world: World) -> None:
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
