"""Both processors through the port: every outcome, every fault, and the money moved once."""

import hashlib
import hmac
import json
import time
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from tests.controls import goes_red
from voelgoed.payments.gateways import (
    Absent,
    Asking,
    Captured,
    Declined,
    ForgedMessage,
    Sent,
    Unknown,
    Waiting,
    budget,
    stripe_message,
)
from voelgoed.payments.gateways.paystack import PaystackGateway
from voelgoed.payments.gateways.stripe import StripeGateway

METHODS = {
    "stripe": {"pays": "pm_card_visa", "declines": "pm_card_chargeDeclinedInsufficientFunds"},
    "paystack": {"pays": "AUTH_success", "declines": "AUTH_insufficient"},
}
WEBHOOK_SECRET = "whsec_test"
FAULTS = {
    "late": {"do": "late", "seconds": 0.7}, "dropped": {"do": "drop"}, "500": {"do": "error", "status": 500},
    "429": {"do": "rate_limit"},
}  # fmt: skip


@pytest.fixture(params=["stripe", "paystack"])
def shop(request, processors):
    return processors.account(request.param)


@pytest.fixture
def gateway(shop):
    if shop.provider == "stripe":
        return StripeGateway(shop.secret, WEBHOOK_SECRET, shop.address)
    return PaystackGateway(shop.secret, shop.address)


@contextmanager
def hurry():
    """Leave a processor less time than one that is told to be late needs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(budget, "ALTOGETHER", 0.4)
        yield


def ask(method=None):
    return Asking(f"{uuid4()}:charge:0", 12_500, "ZAR", datetime.now(UTC), method,
                  "https://here.test/back", "thandi@example.com", "Sale")  # fmt: skip


@pytest.fixture
def asking(shop):
    return ask(METHODS[shop.provider]["pays"])


def test_a_charge_is_captured_once_and_found_by_its_key(gateway, shop, asking):
    assert gateway.find(asking) == Absent()
    first = gateway.charge(asking)
    assert isinstance(first, Captured)
    assert first.amount_cents == 12_500
    assert gateway.charge(asking) == gateway.find(asking) == first
    assert shop.moved() == [("charge", 12_500)]
    assert gateway.find(asking).fee_cents > 0


def test_a_decline_says_why(gateway, shop, asking):
    declined = replace(asking, method=METHODS[shop.provider]["declines"])
    for answer in (gateway.charge(declined), gateway.find(declined)):
        assert isinstance(answer, Declined)
        assert "insufficient funds" in answer.reason.lower()
    assert shop.moved() == []


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("fault", FAULTS)
def test_no_answer_is_unknown_and_found_before_a_repeat(gateway, shop, asking, fault, when):
    shop.fault(**FAULTS[fault], when=when, method="POST")
    with hurry():
        assert isinstance(gateway.charge(asking), Unknown)
    found = gateway.find(asking)
    if fault == "late":  # what was late may yet come: a repeat under the key waits for it, or is refused
        while isinstance(found, Absent):
            found = gateway.find(asking)
    assert isinstance(found, Captured if when == "after" or fault == "late" else Absent)
    again = gateway.charge(asking)
    assert isinstance(again, Captured)
    assert shop.moved() == [("charge", 12_500)]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_search_without_an_answer_says_nothing(gateway, shop, asking, fault):
    gateway.charge(asking)
    shop.fault(**FAULTS[fault], method="GET")
    with hurry():
        assert isinstance(gateway.find(asking), Unknown)


def test_nobody_there_is_unknown():
    asking = ask("pm_card_visa")
    for nobody in (
        StripeGateway("sk_test_x", "", "http://127.0.0.1:9"),
        PaystackGateway("sk_test_x", "http://127.0.0.1:9"),
    ):
        assert isinstance(nobody.charge(asking), Unknown)
        assert isinstance(nobody.find(asking), Unknown)
        assert isinstance(nobody.refund("k", "r", 1, "ZAR"), Unknown)


def test_a_refund_goes_back_once(gateway, shop, asking):
    reference = gateway.charge(asking).reference
    assert gateway.find_refund("refund:1", reference) == Absent()
    sent = gateway.refund("refund:1", reference, 5_000, "ZAR")
    assert isinstance(sent, Sent)
    assert gateway.refund("refund:1", reference, 5_000, "ZAR") == gateway.find_refund("refund:1", reference) == sent
    assert gateway.refund("refund:2", reference, 7_500, "ZAR") != sent
    assert isinstance(gateway.refund("refund:3", reference, 1, "ZAR"), Declined)
    assert shop.moved() == [("charge", 12_500), ("refund", 5_000), ("refund", 7_500)]
    assert gateway.find(asking).given_back


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_refund_without_an_answer_is_sent_once(gateway, shop, asking, when):
    reference = gateway.charge(asking).reference
    shop.fault("drop", when=when, method="POST")
    assert isinstance(gateway.refund("refund:1", reference, 12_500, "ZAR"), Unknown)
    assert isinstance(gateway.refund("refund:1", reference, 12_500, "ZAR"), Sent)
    assert shop.moved() == [("charge", 12_500), ("refund", 12_500)]


@pytest.mark.parametrize(("do", "ends"), [("complete", Captured), ("fail", Declined)])
def test_stripe_asks_the_payers_bank(processors, do, ends):
    shop = processors.account("stripe")
    gateway, asked = (
        StripeGateway(shop.secret, "", shop.address),
        ask("pm_card_threeDSecure2Required"),
    )
    waiting = gateway.charge(asked)
    assert isinstance(waiting, Waiting)
    assert waiting.url
    assert gateway.find(asked) == waiting
    assert shop.visit(waiting.url, do).status_code == 303
    assert isinstance(gateway.find(asked), ends)


def test_stripe_lets_go_of_what_was_not_paid(processors):
    shop = processors.account("stripe")
    gateway, asked = (
        StripeGateway(shop.secret, "", shop.address),
        ask("pm_card_threeDSecure2Required"),
    )
    assert gateway.let_go(asked) == Absent()
    gateway.charge(asked)
    assert isinstance(gateway.let_go(asked), Declined)
    assert isinstance(gateway.find(asked), Declined)
    assert isinstance(gateway.let_go(ask("pm_card_visa")), Absent)
    paid = ask("pm_card_visa")
    gateway.charge(paid)
    assert isinstance(gateway.let_go(paid), Captured)


def test_paystacks_page_waits_for_its_payer(processors):
    shop = processors.account("paystack")
    gateway, asked = PaystackGateway(shop.secret, shop.address), ask()
    waiting = gateway.charge(asked)
    assert isinstance(waiting, Waiting)
    assert isinstance(gateway.let_go(asked), Waiting)
    shop.visit(waiting.url, "pay")
    assert isinstance(gateway.find(asked), Captured)


def test_a_message_is_read_only_with_its_signature():
    said = {"id": "evt_1", "type": "payment_intent.succeeded", "data": {"object": {
        "id": "pi_1", "client_secret": "canary", "metadata": {"key": "run:charge:0"}}}}  # fmt: skip
    raw, now = json.dumps(said).encode(), int(time.time())
    gateway = StripeGateway("sk_test", WEBHOOK_SECRET)

    def signed(at, secret=WEBHOOK_SECRET):
        mark = hmac.new(secret.encode(), f"{at}.".encode() + raw, hashlib.sha256).hexdigest()
        return {"stripe-signature": f"t={at},v1={mark}"}

    told = gateway.verify(signed(now), raw)
    assert (told.event_key, told.kind, told.charge_key) == ("evt_1", said["type"], "run:charge:0")
    assert "canary" not in json.dumps(told.body)
    for headers, body in (
        (signed(now, "other"), raw), (signed(now - 400), raw), ({}, raw), (signed(now), raw + b" "),
        ({"stripe-signature": f"t={now},v1=é"}, raw), ({"stripe-signature": "t=,v1="}, raw),
    ):  # fmt: skip
        with pytest.raises(ForgedMessage):
            gateway.verify(headers, body)
    with pytest.raises(ForgedMessage):  # an account without a secret takes no message at all
        StripeGateway("sk_test", "").verify(signed(now, ""), raw)


def test_paystacks_message_is_read_only_with_its_signature():
    said = {"event": "charge.success", "data": {"id": 7, "status": "success", "reference": "run.charge.0",
            "authorization": {"authorization_code": "canary"}}}  # fmt: skip
    raw = json.dumps(said).encode()
    gateway = PaystackGateway("sk_test_1")
    mark = hmac.new(b"sk_test_1", raw, hashlib.sha512).hexdigest()
    told = gateway.verify({"x-paystack-signature": mark}, raw)
    assert (told.event_key, told.charge_key) == ("charge.success:7:success", "run:charge:0")
    assert "canary" not in json.dumps(told.body)
    for wrong in ("", mark[:-1] + "0", "é"):
        with pytest.raises(ForgedMessage):
            gateway.verify({"x-paystack-signature": wrong}, raw)


test_without_the_comparison_any_message_is_stripes = goes_red(
    test_a_message_is_read_only_with_its_signature, stripe_message.read, "the signature is not Stripe's"
)
test_without_the_clock_an_old_message_is_stripes = goes_red(
    test_a_message_is_read_only_with_its_signature, stripe_message.read, "no signature of Stripe's of now"
)
test_without_the_comparison_any_message_is_paystacks = goes_red(
    test_paystacks_message_is_read_only_with_its_signature, PaystackGateway.verify, "ForgedMessage"
)
