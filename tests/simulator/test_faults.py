"""Calls that go wrong on demand: late, dropped, 500, 429; before the work and after it."""

from __future__ import annotations

import threading

import httpx
import pytest
import stripe

from tests.simulator.conftest import PATIENCE, Shop


def test_a_dropped_connection_before_the_work_leaves_nothing(shop: Shop) -> None:
    shop.fault("stripe", "drop", method="POST", path="/v1/payment_intents")
    with pytest.raises(stripe.APIConnectionError):
        shop.pay("k1")
    assert shop.times("stripe") == {}
    assert shop.pay("k1").status == "succeeded"
    assert shop.times("stripe") == {"charge k1": 1}


def test_a_dropped_connection_after_the_work_leaves_it_done(shop: Shop) -> None:
    shop.fault("stripe", "drop", when="after")
    with pytest.raises(stripe.APIConnectionError):
        shop.pay("k1")
    assert shop.times("stripe") == {"charge k1": 1}
    assert shop.pay("k1").last_response.headers["Idempotent-Replayed"] == "true"
    assert shop.times("stripe") == {"charge k1": 1}


def test_the_sdk_heals_a_lost_answer_by_its_key(shop: Shop) -> None:
    shop.fault("stripe", "drop", when="after")
    patient = stripe.StripeClient(shop.stripe_key, base_addresses={"api": shop.address}, max_network_retries=1)
    params = {"amount": 100, "currency": "zar", "confirm": True, "payment_method": "pm_card_visa"}
    assert patient.v1.payment_intents.create(params=params).status == "succeeded"  # type: ignore[arg-type]
    assert list(shop.times("stripe").values()) == [1]


@pytest.mark.parametrize(("when", "times"), [("before", {}), ("after", {"charge ref-1": 1})])
def test_paystack_drops_too_and_the_reference_tells(shop: Shop, when: str, times: dict[str, int]) -> None:
    shop.fault("paystack", "drop", method="POST", path="/transaction/charge_authorization", when=when)
    with pytest.raises(httpx.RemoteProtocolError):
        shop.charge("ref-1")
    assert shop.times("paystack") == times
    assert shop.paystack.get("/transaction/verify/ref-1").status_code == (200 if times else 400)


@pytest.mark.parametrize(("when", "status"), [("before", 400), ("after", 200)])
def test_an_answer_comes_too_late(shop: Shop, when: str, status: int) -> None:
    shop.fault("paystack", "late", method="POST", seconds=60, when=when)
    hasty = httpx.Timeout(0.1)
    with pytest.raises(httpx.ReadTimeout):
        shop.paystack.post(
            "/transaction/charge_authorization", timeout=hasty,
            json={"email": "a@b.c", "amount": 1, "reference": "ref-1", "authorization_code": "AUTH_success"},
        )  # fmt: skip
    shop.met("paystack", f"late {when}")
    assert shop.paystack.get("/transaction/verify/ref-1").status_code == status
    shop.well()


def test_a_call_that_was_given_up_may_still_do_its_work(shop: Shop) -> None:
    shop.listen()
    shop.fault("stripe", "late", seconds=60)
    call = threading.Thread(target=lambda: shop.pay("k1"))
    call.start()
    shop.met("stripe", "late before")
    assert shop.times("stripe") == {}
    shop.well()
    shop.receiver.next()
    assert shop.times("stripe") == {"charge k1": 1}
    call.join(PATIENCE)


def test_an_error_of_the_processor(shop: Shop) -> None:
    shop.fault("stripe", "error", status=500)
    with pytest.raises(stripe.APIError) as caught:
        shop.pay("k1")
    assert (caught.value.http_status, shop.times("stripe")) == (500, {})
    shop.fault("paystack", "error", status=502, when="after")
    answer = shop.charge("ref-1")
    assert (answer.status_code, answer.json()["status"], shop.verify("ref-1")["status"]) == (502, False, "success")


def test_too_many_calls(shop: Shop) -> None:
    shop.fault("stripe", "rate_limit", retry_after=7)
    with pytest.raises(stripe.RateLimitError) as caught:
        shop.pay("k1")
    assert (caught.value.http_status, caught.value.headers["Retry-After"]) == (429, "7")  # type: ignore[index]
    shop.fault("paystack", "rate_limit")
    answer = shop.charge("ref-1")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "1")


def test_a_fault_meets_only_those_that_are_meant(shop: Shop) -> None:
    shop.fault("stripe", "error", method="POST", path="/v1/refunds", times=2, skip=1)
    other = Shop(shop.address, shop.receiver)
    intent = shop.pay("k1")
    assert other.stripe.v1.refunds.create(params={"payment_intent": other.pay("k1").id}).status == "succeeded"
    refund = {"payment_intent": intent.id, "amount": 100}
    assert shop.stripe.v1.refunds.create(params=refund).status == "succeeded"  # type: ignore[arg-type]
    for _ in range(2):
        with pytest.raises(stripe.APIError):
            shop.stripe.v1.refunds.create(params=refund)  # type: ignore[arg-type]
    assert shop.stripe.v1.refunds.create(params=refund).status == "succeeded"  # type: ignore[arg-type]


def test_what_can_be_ordered_is_listed(shop: Shop) -> None:
    listed = shop.bare.get("/_control/").json()
    assert {"POST /_control/faults", "POST /_control/clock", "GET /_control/happened"} <= set(listed)
    assert all(listed.values())


def test_faults_are_taken_back_and_nonsense_is_refused(shop: Shop) -> None:
    shop.fault("stripe", "error", times=1_000)
    shop.webhook_fault("stripe", "swallow")
    waiting = shop.bare.get("/_control/faults").json()
    assert {one["do"] for kind in waiting.values() for one in kind} >= {"error", "swallow"}
    shop.well()
    assert shop.pay("k1").status == "succeeded"
    for body in ({"do": "explode"}, {"do": "late", "minutes": 1}, ["late"]):
        assert shop.bare.post("/_control/faults", json=body).status_code == 400
