"""Webhooks: signed as the processors sign them, told once unless told otherwise, tried again."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import queue
from typing import Any

import pytest
import stripe

from tests.simulator.conftest import Shop


def told(shop: Shop) -> Any:
    """Wait for Stripe's next event and verify it with Stripe's own code."""
    body, headers = shop.receiver.next()
    return stripe.Webhook.construct_event(body, headers["stripe-signature"], shop.webhook_secret)


def told_by_paystack(shop: Shop) -> Any:
    """Wait for Paystack's next event and verify it as Paystack's documentation says."""
    body, headers = shop.receiver.next()
    expected = hmac.new(shop.paystack_key.encode(), body, hashlib.sha512).hexdigest()
    assert headers["x-paystack-signature"] == expected
    return json.loads(body)


def test_stripe_tells_what_happens_to_an_intent(shop: Shop) -> None:
    shop.listen()
    intent = shop.pay("k1")
    event = told(shop)
    assert (event.type, event.data.object.id, event.data.object.status) == (
        "payment_intent.succeeded", intent.id, "succeeded")  # fmt: skip
    assert (event.object, event.livemode, event.request.idempotency_key) == ("event", False, "k1")
    assert event.data.object.metadata["key"] == "k1"
    with contextlib.suppress(stripe.CardError):
        shop.pay("k2", "pm_card_chargeDeclined")
    assert told(shop).type == "payment_intent.payment_failed"
    shop.pay("k3", "pm_card_threeDSecure2Required")
    assert told(shop).type == "payment_intent.requires_action"
    shop.stripe.v1.refunds.create(params={"payment_intent": intent.id, "amount": 100})
    event = told(shop)
    assert (event.type, event.data.object.amount_refunded) == ("charge.refunded", 100)
    assert shop.stripe.v1.events.retrieve(event.id).type == "charge.refunded"


def test_paystack_tells_what_happens_to_a_transaction(shop: Shop) -> None:
    shop.listen()
    shop.charge("ref-1")
    event = told_by_paystack(shop)
    assert (event["event"], event["data"]["reference"], event["data"]["status"]) == (
        "charge.success", "ref-1", "success")  # fmt: skip
    shop.charge("ref-2", "AUTH_declined")
    assert told_by_paystack(shop)["event"] == "charge.failed"
    shop.paystack.post("/refund", json={"transaction": "ref-1", "amount": 100})
    event = told_by_paystack(shop)
    assert (event["event"], event["data"]["transaction_reference"], event["data"]["amount"]) == (
        "refund.processed", "ref-1", "100")  # fmt: skip
    shop.set("paystack", refunds="failed")
    shop.paystack.post("/refund", json={"transaction": "ref-1", "amount": 100})
    assert told_by_paystack(shop)["event"] == "refund.failed"


def test_one_that_nobody_took_is_sent_again(shop: Shop) -> None:
    shop.listen(retries=[0, 0])
    shop.receiver.answers += [500, 503]
    shop.pay("k1")
    assert len({told(shop).id for _ in range(3)}) == 1


def test_without_a_fault_one_event_comes_once(shop: Shop) -> None:
    shop.listen()
    shop.pay("k1")
    shop.pay("k2")
    assert [told(shop).request.idempotency_key for _ in range(2)] == ["k1", "k2"]
    assert shop.receiver.arrived.empty()


def test_duplicated(shop: Shop) -> None:
    shop.listen()
    shop.webhook_fault("stripe", "duplicate", event="payment_intent.succeeded")
    shop.pay("k1")
    assert told(shop).id == told(shop).id


def test_reordered(shop: Shop) -> None:
    shop.listen()
    shop.webhook_fault("stripe", "reorder", times=2)
    intent = shop.pay("k1")
    shop.stripe.v1.refunds.create(params={"payment_intent": intent.id})
    assert [told(shop).type for _ in range(2)] == ["charge.refunded", "payment_intent.succeeded"]


def test_one_that_waits_for_company_leaves_alone_in_the_end(shop: Shop) -> None:
    shop.listen()
    shop.webhook_fault("stripe", "reorder", times=2, seconds=0.05)
    shop.pay("k1")
    assert told(shop).type == "payment_intent.succeeded"


def test_delayed(shop: Shop) -> None:
    shop.listen()
    shop.webhook_fault("stripe", "delay", seconds=3_600)
    shop.pay("an hour")
    shop.pay("at once")
    assert told(shop).request.idempotency_key == "at once"
    shop.webhook_fault("stripe", "delay", seconds=0.05)
    shop.pay("soon")
    assert told(shop).request.idempotency_key == "soon"


@pytest.mark.parametrize("provider", ["stripe", "paystack"])
def test_signed_by_somebody_else(shop: Shop, provider: str) -> None:
    shop.listen()
    shop.webhook_fault(provider, "wrong_signature")
    if provider == "stripe":
        shop.pay("k1")
        with pytest.raises(stripe.SignatureVerificationError):
            told(shop)
    else:
        shop.charge("ref-1")
        with pytest.raises(AssertionError):
            told_by_paystack(shop)


def test_swallowed(shop: Shop) -> None:
    shop.listen()
    shop.webhook_fault("stripe", "swallow")
    shop.pay("lost")
    shop.pay("next")
    assert told(shop).request.idempotency_key == "next"
    with pytest.raises(queue.Empty):
        shop.receiver.arrived.get_nowait()
    fates = [row.get("fate") for row in shop.bare.get(
        "/_control/webhooks", params={"secret_key": shop.stripe_key}).json()]  # fmt: skip
    assert fates == ["swallowed", None]
