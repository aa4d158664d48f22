"""A payer at their bank's page and back, and the owner's pages of accounts and messages, in a real browser."""

import secrets

import pytest

from tests.checkout.programme import Sold, put_on
from tests.journeys.conftest import look
from tests.selling.listening import listening
from tests.selling.online import ASKS, Standing, begin, carried, set_up, standing
from tests.selling.test_webhooks import apply_all
from voelgoed.accounts.visitor import COOKIE_KEY
from voelgoed.foundation.boundary import rollback
from voelgoed.foundation.resource import uuid7
from voelgoed.foundation.tenancy import door, rows
from voelgoed.foundation.web.identity import hash_secret
from voelgoed.payments.gateway_account import GatewayAccount, Webhook
from voelgoed.payments.payment import PayerPage
from voelgoed.selling import settle_webhook as said

pytestmark = pytest.mark.journey


@pytest.fixture
def address(world, monkeypatch):
    with listening(world.app) as served:
        monkeypatch.setitem(world.app.config, "PUBLIC_URL", served)
        yield served


@pytest.fixture
def payer(browser):
    context = browser.new_context(viewport={"width": 390, "height": 800})
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(f"{page.url}: {error}"))
    yield page
    context.close()


def sign_in(world, page, address, role="owner"):
    """Give a browser the cookie of somebody who has signed in."""
    secret, house = secrets.token_urlsafe(32), world.personas.home
    with door() as opened:
        opened.call("open_sign_in", id=uuid7(), user_id=house.people[role], secret_hash=hash_secret(secret),
                    label="test", hours=1)  # fmt: skip
    client = world.app.test_client()
    with client.session_transaction() as session:
        session[COOKIE_KEY] = secret
    cookie = client.get_cookie("voelgoed")
    page.context.add_cookies([{"name": "voelgoed", "value": cookie.value, "url": address}])


def test_a_payer_answers_the_bank_and_comes_back(world, processors, address, payer, screenshots):
    with world.personas.home.scope("box_office"):
        shop = set_up(processors, "stripe")
        account = rows(GatewayAccount).get(shop.row_id)
        hook, secret = account.hook, account.webhook_secret.decode()
        rollback()
        shop.at.set(webhook_url=f"{address}/-/hooks/{hook}", webhook_secret=secret, retries=[])
        run_id = begin(put_on(Sold()), shop.tender(35000, ASKS))
        assert carried(run_id) is None
        url = rows(PayerPage).order_by(PayerPage.id.desc()).first().url
        rollback()
        payer.goto(url)
        payer.get_by_role("button", name="Complete").click()
        payer.wait_for_url("**/returned?**")
        assert payer.get_by_role("heading", name="Thank you").is_visible()
        assert look(payer) == []
        payer.screenshot(path=screenshots / "returned-waits.png")
        shop.at.wait_for_webhooks()
        assert said.WOKE in apply_all()
        carried(run_id)
        payer.reload()
        assert payer.get_by_role("heading", name="You have paid").is_visible()
        payer.screenshot(path=screenshots / "returned-paid.png")
        assert standing(run_id) == Standing([("stripe", 35000)], [], 1, 1)
    assert shop.at.moved() == [("charge", 35000)]


@pytest.mark.parametrize("width", [390, 1280])
def test_the_owners_pages_are_fit_for_everybody(world, processors, address, browser, width, screenshots):
    with world.personas.home.scope("box_office"):
        for gateway in ("stripe", "paystack"):
            set_up(processors, gateway)
        hook = rows(Webhook).order_by(Webhook.id.desc()).first()
        hook_id = hook.id if hook else None
        rollback()
    context = browser.new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    sign_in(world, page, address)
    paths = ["payments", "webhooks", *([f"webhooks/{hook_id}"] if hook_id else [])]
    for path in paths:
        assert page.goto(f"{address}/home/settings/{path}").status == 200
        assert (path, look(page)) == (path, [])
        page.screenshot(path=screenshots / f"{path.partition('/')[0]}-{path.count('/')}-{width}.png", full_page=True)
    context.close()
