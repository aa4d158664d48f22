"""A cash sale from hold to tickets, and what is left in the books."""

from tests.checkout.programme import Sold, hold, pay, put_on, sell, taken
from tests.selling.checking import own_cash
from voelgoed.checkout.checkout import Checkout
from voelgoed.checkout.state import state_of
from voelgoed.foundation.tenancy import rows
from voelgoed.foundation.workflow import Done
from voelgoed.ledger.balances import balance_of
from voelgoed.ledger.chart import ROUNDING, sales_at, vat_at
from voelgoed.ticketing.ticket import Pass


def test_a_cash_sale_makes_tickets_and_balanced_books(personas):
    with personas.home.scope("box_office"):
        programme = put_on(Sold("Family", price_cents=23000, bodies=4, capacity=40))
        checkout_id = hold(programme, 2)
        assert taken(programme) == {"Family 0": 8}
        assert state_of(checkout_id).word == "open"
        outcome = pay(checkout_id, 50000)
        assert isinstance(outcome, Done)
        assert outcome.results["charge"][0]["change_cents"] == 4000
        assert state_of(checkout_id).word == "paid"
        assert rows(Checkout).get(checkout_id).number == 1
        assert taken(programme) == {"Family 0": 8}
        assert rows(Pass).count() == 8
        assert balance_of(own_cash(), "ZAR") == 46000
        assert balance_of(vat_at(1500), "ZAR") == -6000
        assert balance_of(sales_at(1500), "ZAR") == -40000
        assert balance_of(ROUNDING, "ZAR") == 0
        tickets = sell(programme)
        assert [one.serial[:8] for one in tickets] == ["A-000003"]
