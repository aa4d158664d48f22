"""3-D Secure: the holder is sent to a page, answers, and comes back."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import stripe

from tests.simulator.conftest import Shop

BACK = "https://shop.example/back?checkout=7"


def asked(shop: Shop, card: str = "4000002760003184", **more: Any) -> Any:
    """Confirm an intent with a card whose bank asks."""
    method = shop.stripe.v1.payment_methods.create(
        params={"type": "card", "card": {"number": card, "exp_month": 12, "exp_year": 2034, "cvc": "123"}}
    )
    return shop.pay("k1", method.id, **({"return_url": BACK} | more))


def came_back(shop: Shop, intent: Any, do: str) -> dict[str, list[str]]:
    """Answer the bank's page and return what the shop is told."""
    answer = shop.bare.post(intent.next_action.redirect_to_url.url, data={"do": do})
    assert (answer.status_code, answer.headers["location"].startswith(BACK)) == (303, True)
    return parse_qs(urlsplit(answer.headers["location"]).query)


def test_the_holder_completes_it(shop: Shop) -> None:
    intent = asked(shop)
    assert (intent.status, intent.next_action.type) == ("requires_action", "redirect_to_url")
    assert shop.times("stripe") == {}
    page = shop.bare.get(intent.next_action.redirect_to_url.url).text
    for word in ("SIMULATOR", "Complete", "Fail", "ZAR 125.00"):
        assert word in page
    told = came_back(shop, intent, "complete")
    assert (told["payment_intent"], told["redirect_status"], told["checkout"]) == ([intent.id], ["succeeded"], ["7"])
    assert shop.stripe.v1.payment_intents.retrieve(intent.id).status == "succeeded"
    # Pressed twice, or after going back: nothing more is taken.
    came_back(shop, intent, "fail")
    assert shop.stripe.v1.payment_intents.retrieve(intent.id).status == "succeeded"
    assert len(shop.happened("stripe")["work"]) == 1


@pytest.mark.parametrize(
    ("card", "do", "code"),
    [
        ("4000002760003184", "fail", "payment_intent_authentication_failure"),
        ("4000008400001629", "complete", "card_declined"),
    ],
)
def test_it_does_not_pay(shop: Shop, card: str, do: str, code: str) -> None:
    intent = asked(shop, card)
    assert came_back(shop, intent, do)["redirect_status"] == ["failed"]
    after = shop.stripe.v1.payment_intents.retrieve(intent.id)
    assert (after.status, after.last_payment_error.code) == ("requires_payment_method", code)  # type: ignore[union-attr]
    assert shop.times("stripe") == {}


def test_a_shop_without_a_page_is_told_that_the_bank_would_ask(shop: Shop) -> None:
    with pytest.raises(stripe.CardError) as caught:
        shop.pay("k1", "pm_card_authenticationRequired", off_session=True)
    assert caught.value.code == "authentication_required"


def test_without_an_address_to_go_back_to_the_page_says_how_it_ended(shop: Shop) -> None:
    intent = shop.pay("k1", "pm_card_threeDSecure2Required")
    assert "Paid" in shop.bare.post(intent.next_action.redirect_to_url.url, data={"do": "complete"}).text


def test_nobody_guesses_a_page(shop: Shop) -> None:
    url = asked(shop).next_action.redirect_to_url.url
    assert shop.bare.get(url + "0").status_code == 404
    assert shop.bare.post(url.replace("acct_", "acct_0"), data={"do": "complete"}).status_code == 404
