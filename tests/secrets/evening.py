"""A whole run on the real stack in which every kind of secret is typed, made, shown once or sent from outside."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx

from tests.accounts.people import PASSWORD, with_password
from tests.conftest import MASTER_KEY
from tests.faults.house import PRICE, have_it_told, opened
from tests.faults.patrons import Patron
from tests.faults.stack import Stack
from tests.payments.processors import Processors
from tests.scanning.evening import put_on
from tests.secrets.browser import Browser
from tests.selling.online import ASKS, DECLINES, PAYS, Shop
from voelgoed.accounts.visitor import COOKIE_KEY
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.clock import now
from voelgoed.foundation.tenancy import rows
from voelgoed.payments.gateway_account import GatewayAccount
from voelgoed.ticketing.keys import SigningKey

CARD = "4000056655665556"
WRONG_PASSWORD = "die maan skyn nie vanaand nie"
WRONG_PIN = "918273"
ONCE = re.compile(r'class="(?:said-once|code) num" aria-label="(?:PIN|Code) [^"]*">([^<]+)<')
TOKEN = re.compile(r'<input id="token" value="([^"]+)"')
FILES = ("ledger/journal", "ledger/balances", "ledger/takings", "ledger/vat")


@dataclass
class Evening:
    """What is played, who looks on, and the secrets by name."""

    stack: Stack
    processors: Processors
    secrets: dict[str, str] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    """What opens a gate: on tickets and in the answers to whoever sells, nowhere else."""
    ways: dict[str, str] = field(default_factory=dict)
    """A payer's ways to pay, as a processor names them: at the till, and then nowhere."""
    browsers: list[Browser] = field(default_factory=list)

    def browser(self, name: str, cookie: tuple[str, str] | None = None) -> Browser:
        self.browsers.append(Browser(self.stack.web, name, cookie))
        return self.browsers[-1]

    def play(self) -> None:
        """Play it from the first sign-in to the accountant's files."""
        home = self.stack.personas.home
        self.gate = put_on(self.stack.app, home)
        owner = self.sign_in()
        self.house = opened(self.stack, self.processors)
        shops = self.set_keys(owner)
        program = self.make_program(owner)
        self.house.shops, self.house.patron = shops, program
        self.sell_and_give_back()
        self.hear_from_outside(shops)
        self.stand_at_a_till(owner)
        self.go_through_the_gate(owner)
        self.send_papers(owner)
        self.know_the_rest()

    def sign_in(self) -> Browser:
        """Come in with a password, after a wrong one."""
        email, owner = with_password(self.stack.personas.home), self.browser("owner")
        owner.submit("/-/sign-in", email=email, password=WRONG_PASSWORD)
        owner.submit("/-/sign-in", email=email, password=PASSWORD)
        assert owner.get("/home/").status_code == 200
        self.secrets |= {"password": PASSWORD, "a wrong password": WRONG_PASSWORD}
        self.keep_cookie("owner's cookie", owner)
        return owner

    def keep_cookie(self, name: str, browser: Browser) -> None:
        """Remember what a browser holds: its session and the secret in it, its till."""
        app = self.stack.app
        opener = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        for cookie in browser.http.cookies.jar:
            self.secrets[f"{name} {cookie.name}"] = str(cookie.value)
            if cookie.name == app.config["SESSION_COOKIE_NAME"]:
                inside = opener.loads(cookie.value)
                if COOKIE_KEY in inside:
                    self.secrets[f"inside of {name}"] = inside[COOKIE_KEY]

    def set_keys(self, owner: Browser) -> dict[str, Shop]:
        """Give the organization its processors' keys on the page."""
        page, shops = "/home/settings/payments", {}
        for gateway in PAYS:
            at, hook_secret = self.processors.account(gateway), f"whsec_{secrets.token_hex(12)}"
            more = {"webhook_secret": hook_secret} if gateway == "stripe" else {}
            owner.submit(page, gateway=gateway, mode="test", secret=f"wrong {at.secret}", **more)
            set_ = owner.submit(page, gateway=gateway, mode="test", secret=at.secret, **more)
            assert set_.status_code == 303, set_.text
            with self.stack.personas.home.scope():
                row = rows(GatewayAccount).filter_by(gateway=gateway, mode="test").one()
                row.address = at.address
                commit()
                shops[gateway] = Shop(row.id, gateway, at)
                have_it_told(self.stack, shops[gateway])
            self.secrets |= {f"{gateway}'s key": at.secret, f"{gateway}'s signing secret": hook_secret}
        return shops

    def make_program(self, owner: Browser) -> Patron:
        """Have a token made for a program of the owner's."""
        made = owner.submit("/home/tokens", once=True, label="The shop", role="owner")
        token = TOKEN.search(made.text)
        assert token is not None
        self.secrets["API token"] = token[1]
        old = self.house.patron
        self.secrets["another API token"] = old.token
        return Patron(self.stack.web, token[1], old.cookie, self.house.answers)

    def sell_and_give_back(self) -> None:
        """Sell by every gateway, declined and asked by the bank too; refund and exchange; type a card's number."""
        house = self.house
        sold = house.sell("stripe", "cash")
        for gateways in (("cash",), ("paystack",)):
            house.sell(*gateways)
        house.sell("stripe", asks=True)
        for gateway in PAYS:
            house.sell(gateway, declines=True)
            house.refund(gateway)
        house.exchange("stripe")
        checkout_id = house.patron.open(house.event_id, house.types["Adult"])
        slip = {"gateway": "card", "amount_cents": PRICE, "reference": CARD}
        refused = house.patron.call("POST", f"/checkouts/{checkout_id}/complete", {"payments": [slip]}, key=CARD)
        assert (refused.status_code, CARD in refused.text) == (422, False)
        told = house.patron.call("GET", f"/checkouts/{sold.id}").json()
        self.sale, self.codes["ticket's code"] = sold.id, told["tickets"][0]["code"]
        self.secrets["card number"] = CARD
        self.ways = {f"way to pay {one}": one for one in (*PAYS.values(), *DECLINES.values(), ASKS)}

    def hear_from_outside(self, shops: dict[str, Shop]) -> None:
        """Be told by processors, truly and by a forger, with what their messages carry besides."""
        for gateway, shop in shops.items():
            shop.at.wait_for_webhooks()
            canary = f"canary_{secrets.token_hex(8)}"
            self.secrets[f"inside of {gateway}'s message"] = canary
            with self.stack.personas.home.scope():
                hook = rows(GatewayAccount).get(shop.row_id).hook
            forged = {
                "event": "charge.success",
                "type": "x",
                "id": "evt_1",
                "data": {"authorization": {"code": canary}},
            }
            headers = {"Stripe-Signature": f"t=1,v1={canary}", "x-paystack-signature": canary}
            answer = httpx.post(f"{self.stack.web}/-/hooks/{hook}", json=forged, headers=headers, trust_env=False)
            assert answer.status_code == 400

    def stand_at_a_till(self, owner: Browser) -> None:
        """Pair a browser as a till, take day staff on, sign in there with a PIN after a wrong one, and sell a slip."""
        with self.stack.personas.home.scope():
            till_id = self.stack.personas.home.tills["box_office"]
        code = self.shown_once(owner.submit("/home/tills", f"/home/tills/{till_id}/code", once=True))
        counter = self.browser("counter")
        counter.submit("/home/till/pair", code="AAAA-BBBBBB")
        assert counter.submit("/home/till/pair", code=code).status_code == 303
        form: dict[str, Any] = {"name": "Day staff", "staff_number": "7012", "roles": "box_office"}
        made = owner.submit("/home/staff/tills", once=True, days=self.house.event_id, **form)
        pin = self.shown_once(made)
        counter.submit("/home/till/sign-in", staff_number="7012", pin=WRONG_PIN)
        assert counter.submit("/home/till/sign-in", staff_number="7012", pin=pin).status_code == 303
        self.secrets |= {"till's code": code, "PIN": pin, "a wrong PIN": WRONG_PIN}
        self.keep_cookie("counter's cookie", counter)

    @staticmethod
    def shown_once(answer: httpx.Response) -> str:
        said = ONCE.search(answer.text)
        assert said is not None, answer.text
        return said[1].strip()

    def go_through_the_gate(self, owner: Browser) -> None:
        """Pair a phone by its code, scan a ticket, a forged code, and say that it lives."""
        event = self.gate.event_id
        page = f"/home/events/{event}"
        made = owner.submit(
            f"{page}/phones", f"{page}/pairings", once=True, name="Gate 1", gate_id=self.gate.gates["South"]
        )
        code = self.shown_once(made)
        asked = {"organization": "home", "pairing_code": code, "name": "Gate 1"}
        phone = httpx.Client(base_url=f"{self.stack.web}/api/v1", trust_env=False, timeout=30)
        paired = phone.post("/devices/pair", json=asked)
        assert paired.status_code == 201, paired.text
        token = paired.json()["token"]
        phone.headers["Authorization"] = f"Bearer {token}"
        good = self.gate.code()
        for number, scanned in enumerate((good, good, f"{good}x", CARD), start=1):
            scan = {"scan_id": str(uuid4()), "sequence": number, "scanned_at": now().isoformat(), "code": scanned}
            phone.post("/scans", json=scan)
        self.secrets |= {"phone's code": code, "phone's token": token}
        self.codes["scanned code"] = good

    def send_papers(self, owner: Browser) -> None:
        """Mail a sale's papers, have files made, search for a card's number, visit everything."""
        event = self.house.event_id
        owner.submit(f"/home/checkouts/{self.sale}/mail", f"/home/checkouts/{self.sale}/mails", address="n@example.org")
        for name in FILES:
            for kind in ("csv", "xlsx"):
                assert owner.get(f"/home/{name}.{kind}").status_code == 200
        for kind in ("csv", "xlsx"):
            owner.submit("/home/ledger/files", format=kind)
        assert owner.get(f"/home/checkouts/{self.sale}/invoice.pdf").status_code == 200
        owner.http.get("/home/find", params={"q": CARD})  # the page says what was typed, to whoever typed it
        self.visited = owner.wander("/home/", 150) | owner.wander(f"/home/events/{event}/sales", 60)
        self.visited |= owner.wander("/home/trail", 30) | owner.wander("/home/settings/webhooks", 10)

    def know_the_rest(self) -> None:
        """Add what was never typed: keys that seal and sign, and the databases' passwords."""
        with self.stack.personas.home.scope():
            for number, key in enumerate(rows(SigningKey)):
                self.secrets[f"signing key {number}"] = bytes(key.private_key).hex()
        self.secrets["master key"] = MASTER_KEY.hex()
        for name in ("SECRET_KEY", "VOELGOED_KEYS", "REDIS_URL", "DATABASE_URL"):
            self.secrets[name] = self.stack.environ()[name]
