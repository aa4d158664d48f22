"""Many at once: whatever the order, money moves once per key and never back above what was paid."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import stripe

from tests.simulator.conftest import Shop

MANY = 8


def test_one_key_charges_once(shop: Shop) -> None:
    def pay(_: int) -> str:
        try:
            return str(shop.pay("same").id)
        except stripe.StripeError as error:
            return str(error.http_status)

    with ThreadPoolExecutor(MANY) as pool:
        answers = set(pool.map(pay, range(MANY)))
    assert len(answers - {"409"}) == 1
    assert shop.times("stripe") == {"charge same": 1}


def test_one_reference_charges_once(shop: Shop) -> None:
    with ThreadPoolExecutor(MANY) as pool:
        statuses = sorted(answer.status_code for answer in pool.map(shop.charge, ["same"] * MANY))
    assert statuses == [200] + [400] * (MANY - 1)
    assert shop.times("paystack") == {"charge same": 1}


def test_refunds_at_once_stay_below_what_was_paid(shop: Shop) -> None:
    shop.charge("ref-1")
    refund = {"transaction": "ref-1", "amount": 5_000}
    with ThreadPoolExecutor(MANY) as pool:
        answers = pool.map(lambda _: shop.paystack.post("/refund", json=refund).status_code, range(MANY))
        assert sorted(answers) == [200] * 2 + [400] * (MANY - 2)
    assert sum(row["amount"] for row in shop.happened("paystack")["refund"]) == 10_000
