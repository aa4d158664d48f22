"""The demo's prices: a fee, a code and a clerk's discount in use, a reserve book half keyed in; the books are sound."""

from __future__ import annotations

from tests.checkout.programme import Sold, put_on
from tests.personas import Personas
from tests.selling.checking import violations
from voelgoed.catalog.ticket_type import TicketType
from voelgoed.checkout.checkout import Checkout
from voelgoed.checkout.clerk_discount import ClerkDiscount
from voelgoed.checkout.discount import Discount
from voelgoed.demo import prices
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.tenancy import rows
from voelgoed.selling.reserve import ReserveBook, ReserveSold
from voelgoed.ticketing.ticket import TicketVoid


def test_the_festival_has_all_that_makes_a_price_another_than_the_list_says(personas: Personas) -> None:
    home = personas.home
    with home.scope():
        programme = put_on(Sold("Saturday", 38000, capacity=100))
        kind = rows(TicketType).get(programme.types["Saturday"])
        prices.ask(programme.event, kind)
        commit()
    given = (home.organization_id, programme.event_id, programme.types["Saturday"])
    prices.lower(*given)
    prices.sell_on_paper(*given)
    with home.scope():
        fee, book = prices.FEE_CENTS, rows(ReserveBook).one()
        assert [one.total_cents for one in rows(Checkout).order_by(Checkout.created_at)] == [
            3 * (34200 + fee), 2 * (36100 + fee), prices.SOLD_ON_PAPER * (38000 + fee),
        ]  # fmt: skip
        assert (rows(Discount).one().uses, rows(ClerkDiscount).one().off_cents, book.fees_cents) == (1, 3800, fee)
        assert (rows(ReserveSold).count(), rows(TicketVoid).count()) == (prices.SOLD_ON_PAPER, prices.SPOILT)
    assert violations() == {}
