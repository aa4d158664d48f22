"""Stripe through its own SDK: charges, declines, captures, refunds, lists, keys."""

from __future__ import annotations

import threading

import pytest
import stripe

from tests.simulator.conftest import PATIENCE, Shop

EXPANDED = {"expand": ["latest_charge.balance_transaction"]}


def test_a_card_pays_and_all_of_it_can_be_looked_up(shop: Shop) -> None:
    intent = shop.pay("k1", **EXPANDED)
    assert (intent.status, intent.amount_received, intent.currency) == ("succeeded", 12_500, "zar")
    balance = intent.latest_charge.balance_transaction
    assert (balance.amount, balance.fee, balance.net) == (12_500, 393, 12_107)
    assert intent.latest_charge.metadata["key"] == "k1"
    again = shop.stripe.v1.payment_intents.retrieve(intent.id)
    assert (again.status, again.latest_charge) == ("succeeded", intent.latest_charge.id)


@pytest.mark.parametrize(
    ("number", "code", "decline_code"),
    [
        ("4000000000000002", "card_declined", "generic_decline"),
        ("4000000000009995", "card_declined", "insufficient_funds"),
        ("4000000000000069", "expired_card", "expired_card"),
        ("4000000000000119", "processing_error", "processing_error"),
        ("4242424242424241", "incorrect_number", None),
    ],
)
def test_a_card_is_declined_by_its_number(shop: Shop, number: str, code: str, decline_code: str | None) -> None:
    card = {"type": "card", "card": {"number": number, "exp_month": 12, "exp_year": 2034, "cvc": "123"}}
    params = {"amount": 900, "currency": "zar", "confirm": True, "payment_method_data": card}
    with pytest.raises(stripe.CardError) as caught:
        shop.stripe.v1.payment_intents.create(params=params)  # type: ignore[arg-type]
    error = caught.value
    assert (error.http_status, error.code) == (402, code)
    assert error.json_body["error"].get("decline_code") == decline_code  # type: ignore[index, call-overload]
    assert shop.times("stripe") == {}
    assert number not in str(shop.happened("stripe")), "a card's number is never kept"


def test_a_declined_intent_is_kept_and_pays_with_another_card(shop: Shop) -> None:
    with pytest.raises(stripe.CardError) as caught:
        shop.pay("k1", "pm_card_chargeDeclined")
    intent = caught.value.json_body["error"]["payment_intent"]  # type: ignore[index, call-overload]
    assert intent["status"] == "requires_payment_method"
    assert intent["last_payment_error"]["decline_code"] == "generic_decline"
    paid = shop.stripe.v1.payment_intents.confirm(intent["id"], params={"payment_method": "pm_card_visa"})
    assert (paid.status, paid.last_payment_error) == ("succeeded", None)
    statuses = [charge.status for charge in shop.stripe.v1.charges.list(params={"payment_intent": paid.id}).data]
    assert statuses == ["succeeded", "failed"]


def test_made_confirmed_captured_or_cancelled(shop: Shop) -> None:
    intents = shop.stripe.v1.payment_intents
    held = intents.create(
        params={"amount": 5_000, "currency": "zar", "payment_method": "pm_card_visa", "capture_method": "manual"}
    )
    assert held.status == "requires_confirmation"
    assert intents.confirm(held.id).amount_capturable == 5_000
    assert shop.times("stripe") == {}
    with pytest.raises(stripe.InvalidRequestError, match="greater than the authorized amount"):
        intents.capture(held.id, params={"amount_to_capture": 5_001})
    taken = intents.capture(held.id, params={"amount_to_capture": 4_000})
    assert (taken.status, taken.amount_received) == ("succeeded", 4_000)
    with pytest.raises(stripe.InvalidRequestError) as caught:
        intents.cancel(held.id)
    assert caught.value.code == "payment_intent_unexpected_state"
    other = intents.create(params={"amount": 5_000, "currency": "zar"})
    assert intents.cancel(other.id, params={"cancellation_reason": "abandoned"}).status == "canceled"


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"currency": "zar"}, "parameter_missing"),
        ({"amount": 0, "currency": "zar"}, "parameter_invalid_integer"),
        ({"amount": 100}, "parameter_missing"),
        ({"amount": 100, "currency": "zar", "amuont": 1}, "parameter_unknown"),
        ({"amount": 100, "currency": "zar", "payment_method": "pm_card_nobody"}, "resource_missing"),
    ],
)
def test_what_makes_no_sense_is_refused(shop: Shop, params: dict[str, object], code: str) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        shop.stripe.v1.payment_intents.create(params=params)  # type: ignore[arg-type]
    assert caught.value.code == code
    assert shop.happened("stripe")["payment_intent"] == []


def test_refunds_never_exceed_what_was_taken(shop: Shop) -> None:
    intent, refunds = shop.pay(), shop.stripe.v1.refunds
    part = refunds.create(params={"payment_intent": intent.id, "amount": 2_500, "metadata": {"key": "r1"}})
    assert (part.status, part.amount, part.charge) == ("succeeded", 2_500, intent.latest_charge)
    with pytest.raises(stripe.InvalidRequestError, match="greater than unrefunded amount"):
        refunds.create(params={"payment_intent": intent.id, "amount": 10_001})
    rest = refunds.create(params={"charge": intent.latest_charge})
    assert rest.amount == 10_000
    with pytest.raises(stripe.InvalidRequestError) as caught:
        refunds.create(params={"payment_intent": intent.id, "amount": 1})
    assert caught.value.code == "charge_already_refunded"
    listed = refunds.list(params={"payment_intent": intent.id})
    assert [refund.id for refund in listed.data] == [rest.id, part.id]
    charge = shop.stripe.v1.charges.retrieve(intent.latest_charge)
    assert (charge.amount_refunded, charge.refunded) == (12_500, True)
    unpaid = shop.stripe.v1.payment_intents.create(params={"amount": 100, "currency": "zar"})
    with pytest.raises(stripe.InvalidRequestError, match="does not have a successful charge"):
        refunds.create(params={"payment_intent": unpaid.id})


def test_a_refund_may_wait_or_fail_after_it_was_answered(shop: Shop) -> None:
    waiting = shop.stripe.v1.refunds.create(params={"payment_intent": shop.pay("a", "pm_card_pendingRefund").id})
    assert waiting.status == "pending"
    shop.control(f"/refunds/{waiting.id}", status="succeeded")
    assert shop.stripe.v1.refunds.retrieve(waiting.id).status == "succeeded"
    failing = shop.stripe.v1.refunds.create(params={"payment_intent": shop.pay("b", "pm_card_refundFail").id})
    assert failing.status == "succeeded"
    assert shop.stripe.v1.refunds.retrieve(failing.id).status == "failed"
    assert shop.stripe.v1.charges.retrieve(str(failing.charge)).amount_refunded == 0


def test_a_repeated_key_is_answered_the_same_and_charges_once(shop: Shop) -> None:
    first = shop.pay("same")
    shop.stripe.v1.refunds.create(params={"payment_intent": first.id})
    again = shop.pay("same")
    assert (again.id, again.status) == (first.id, "succeeded")
    assert again.last_response.headers["Idempotent-Replayed"] == "true"
    assert shop.times("stripe")["charge same"] == 1
    assert shop.times("stripe", metadata="key")["charge same"] == 1
    shop.pay("other")
    assert len(shop.happened("stripe")["payment_intent"]) == 2


def test_a_repeated_key_is_declined_again_without_asking_the_bank(shop: Shop) -> None:
    for _ in range(2):
        with pytest.raises(stripe.CardError):
            shop.pay("same", "pm_card_chargeDeclined")
    assert len(shop.happened("stripe")["charge"]) == 1


def test_a_key_with_another_body_is_refused(shop: Shop) -> None:
    shop.pay("same")
    with pytest.raises(stripe.IdempotencyError) as caught:
        shop.pay("same", amount=12_501)
    assert caught.value.http_status == 400
    assert shop.times("stripe") == {"charge same": 1}


def test_a_key_at_work_is_in_use(shop: Shop) -> None:
    shop.fault("stripe", "late", method="POST", seconds=60)
    done: list[object] = []
    slow = threading.Thread(target=lambda: done.append(shop.pay("same")))
    slow.start()
    shop.met("stripe", "late before")
    with pytest.raises(stripe.StripeError) as caught:
        shop.pay("same")
    shop.well()
    slow.join(PATIENCE)
    assert caught.value.http_status == 409
    assert caught.value.json_body["error"]["code"] == "idempotency_key_in_use"  # type: ignore[index, call-overload]
    assert len(done) == 1
    assert shop.times("stripe") == {"charge same": 1}


def test_a_key_is_forgotten_after_a_day(shop: Shop) -> None:
    first = shop.pay("same")
    shop.control("/clock", days=1, seconds=1)
    assert shop.pay("same").id != first.id
    assert shop.times("stripe") == {"charge same": 2}


def test_a_day_is_listed_page_by_page(shop: Shop) -> None:
    start = int(shop.control("/clock", days=2)["now"])
    paid = [shop.pay(f"k{number}").id for number in range(5)]
    shop.control("/clock", days=1)
    later = shop.pay("next day")
    day = {"gte": start, "lte": start + 3_600}
    listed = shop.stripe.v1.payment_intents.list(params={"created": day, "limit": 2})
    assert [intent.id for intent in listed.auto_paging_iter()] == paid[::-1]
    assert listed.has_more
    after = shop.stripe.v1.payment_intents.list(params={"created": {"gt": start + 3_600}})
    assert [intent.id for intent in after.data] == [later.id]
    charges = shop.stripe.v1.charges.list(
        params={"created": day, "limit": 100, "expand": ["data.balance_transaction"]}
    ).data
    assert {charge.metadata["key"] for charge in charges} == {f"k{number}" for number in range(5)}
    assert {charge.balance_transaction.fee for charge in charges} == {393}  # type: ignore[union-attr]
    movements = shop.stripe.v1.balance_transactions.list(params={"created": day, "expand": ["data.source"]}).data
    assert [(row.amount, row.net, row.source.object) for row in movements] == [(12_500, 12_107, "charge")] * 5  # type: ignore[union-attr]


def test_intents_are_found_by_metadata_once_the_search_has_caught_up(shop: Shop) -> None:
    paid, search = shop.pay("k1"), shop.stripe.v1.payment_intents.search
    shop.pay("other")
    key = paid.metadata["key"]
    found = search(params={"query": f'metadata["key"]:"{key}" AND status:"succeeded"'})
    assert [intent.id for intent in found.data] == [paid.id]
    assert search(params={"query": "metadata['key']:'nobody'"}).data == []
    with pytest.raises(stripe.InvalidRequestError, match="unsupported search field"):
        search(params={"query": "shoe:'left'"})
    shop.set("stripe", search_lag=60)
    assert search(params={"query": f'metadata["key"]:"{key}"'}).data == []


def test_what_is_not_simulated_says_so(shop: Shop) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="does not know it"):
        shop.stripe.v1.customers.create()
    with pytest.raises(stripe.InvalidRequestError, match="does not know it"):
        shop.stripe.v1.customers.list()


def test_metadata_comes_back_as_it_was_sent(shop: Shop) -> None:
    sent = {"key": "k1", "_own": "1", "wie?": "Jabu & Söhne = 50 %"}
    intent = shop.pay("k1", metadata=sent)
    assert intent.metadata.to_dict() == sent
    changed = shop.stripe.v1.payment_intents.update(intent.id, params={"metadata": {"key": "", "more": "2"}})
    assert changed.metadata.to_dict() == {"_own": "1", "wie?": "Jabu & Söhne = 50 %", "more": "2"}


def test_nobody_sees_another_account(shop: Shop) -> None:
    intent = shop.pay()
    outsider = Shop(shop.address, shop.receiver)
    with pytest.raises(stripe.InvalidRequestError) as caught:
        outsider.stripe.v1.payment_intents.retrieve(intent.id)
    assert (caught.value.http_status, caught.value.code) == (404, "resource_missing")
    assert outsider.stripe.v1.payment_intents.list().data == []
