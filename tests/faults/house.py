"""An organization that sells, refunds and exchanges on the real stack, by every gateway, over the web."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.checkout.programme import Sold, put_on
from tests.faults.patrons import Answers, Patron, Payments, Sale
from tests.faults.stack import Stack
from tests.payments.processors import Processors
from tests.selling.online import ASKS, DECLINES, PAYS, Shop, set_up
from voelgoed.accounts.api_token import make
from voelgoed.accounts.membership import Membership
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.tenancy import rows
from voelgoed.payments.gateway_account import GatewayAccount

PRICE, CHEAPER = 35000, 20000


@dataclass
class House:
    """An organization that sells on the stack, its patron, and all that was answered to them so far."""

    stack: Stack
    processors: Processors
    event_id: str
    types: dict[str, str]
    shops: dict[str, Shop]
    patron: Patron
    answers: Answers
    sales: list[Sale] = field(default_factory=list)
    returned: list[Sale] = field(default_factory=list)
    exchanged: list[tuple[Sale, str]] = field(default_factory=list)

    def sell(self, *gateways: str, declines: bool = False, asks: bool = False) -> Sale:
        """Sell one ticket for money of these gateways."""
        methods = PAYS | (DECLINES if declines else {}) | ({"stripe": ASKS} if asks else {})
        share = PRICE // len(gateways)
        payments: Payments = [{"gateway": one, "amount_cents": share} for one in gateways]
        payments[0]["amount_cents"] += PRICE - share * len(gateways)
        for one in payments:
            if one["gateway"] in PAYS:
                one["method"] = methods[one["gateway"]]
        made = self.patron.sell(self.event_id, self.types["Adult"], payments, self.bank)
        assert made.status == ("open" if declines else "paid"), made  # what a card declined may be paid otherwise
        self.sales.append(made)
        return made

    def bank(self, page: str) -> None:
        """Be the payer at their bank."""
        self.patron.until_answered(lambda: self.shops["stripe"].at.visit(page, "complete"))

    def refund(self, *gateways: str) -> None:
        """Sell, then give it back."""
        made = self.sell(*gateways)
        self.patron.refund(made)
        self.returned.append(made)

    def exchange(self, *gateways: str) -> None:
        """Sell, then exchange for what is cheaper."""
        made = self.sell(*gateways)
        self.exchanged.append((made, self.patron.exchange(self.stack.personas.home.slug, made, self.types["Child"])))

    def a_round(self) -> list[Callable[[], Any]]:
        """What the patrons of one round do."""
        return [
            lambda: self.sell("cash"), lambda: self.sell("stripe"), lambda: self.refund("paystack"),
            lambda: self.sell("stripe", asks=True), lambda: self.exchange("stripe"),
            lambda: self.sell("paystack", "stripe", "cash"), lambda: self.sell("paystack", declines=True),
            lambda: self.refund("cash"), lambda: self.sell("paystack"), lambda: self.refund("stripe", "cash"),
        ]  # fmt: skip


def opened(stack: Stack, processors: Processors) -> House:
    """Put an event on, open accounts at both processors that send webhooks, and let a manager's program in."""
    home, answers = stack.personas.home, Answers()
    with home.scope("manager"):
        programme = put_on(Sold(price_cents=PRICE, capacity=5000), Sold("Child", CHEAPER, 5000))
        shops = {gateway: set_up(processors, gateway) for gateway in PAYS}
        for shop in shops.values():
            have_it_told(stack, shop)
        member = rows(Membership).filter(Membership.user_id == home.people["manager"]).one()
        _, token = make(member, "a program", "manager")
        commit()
    patron = Patron(stack.web, token, signed_in(stack, "manager"), answers)
    types = {name: str(one) for name, one in programme.types.items()}
    return House(stack, processors, str(programme.event_id), types, shops, patron, answers)


def have_it_told(stack: Stack, shop: Shop) -> None:
    """Have a processor send its webhooks to the stack; in the organization's scope."""
    account = rows(GatewayAccount).get(shop.row_id)
    hook = f"{stack.web}/-/hooks/{account.hook}"
    shop.at.set(webhook_url=hook, webhook_secret=(account.webhook_secret or account.secret).decode())


def signed_in(stack: Stack, role: str) -> tuple[str, str]:
    """Return the cookie, name and value, of a browser in which the person with a role has signed in."""
    name = stack.app.config["SESSION_COOKIE_NAME"]
    cookie = stack.personas.client(role).get_cookie(name)
    assert cookie is not None
    return name, cookie.value
