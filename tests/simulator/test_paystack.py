"""Paystack over HTTP: the checkout page, kept cards, keyed cards, refunds, day lists."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from tests.simulator.conftest import Shop

PAYER = {"email": "thandi@example.com", "amount": 12_500}
BACK = "https://shop.example/back"


def begun(shop: Shop, reference: str, **more: str) -> str:
    """Begin a transaction and return the address of its page."""
    body = PAYER | {"reference": reference, "callback_url": BACK, "metadata": '{"key": "k1"}'} | more
    answer = shop.paystack.post("/transaction/initialize", json=body).json()
    assert (answer["status"], answer["data"]["reference"]) == (True, reference)
    address: str = answer["data"]["authorization_url"]
    return address


def test_a_payer_pays_on_the_page(shop: Shop) -> None:
    page = begun(shop, "ref-1")
    assert shop.verify("ref-1")["status"] == "abandoned"
    shown = shop.bare.get(page)
    assert "SIMULATOR" in shown.text
    assert "125.00" in shown.text
    assert shop.verify("ref-1")["status"] == "ongoing"
    back = shop.bare.post(page, data={"do": "pay"})
    assert back.status_code == 303
    assert parse_qs(urlsplit(back.headers["location"]).query) == {"trxref": ["ref-1"], "reference": ["ref-1"]}
    paid = shop.verify("ref-1")
    assert (paid["status"], paid["amount"], paid["currency"], paid["fees"]) == ("success", 12_500, "ZAR", 532)
    assert (paid["gateway_response"], paid["metadata"]) == ("Approved", {"key": "k1"})
    assert paid["paid_at"].endswith("Z")
    shop.bare.post(page, data={"do": "pay"})
    assert shop.times("paystack") == {"charge ref-1": 1}
    assert shop.charge("ref-2", paid["authorization"]["authorization_code"]).json()["data"]["status"] == "success"


@pytest.mark.parametrize(("do", "status"), [("decline", "failed"), ("abandon", "abandoned")])
def test_a_payer_does_not_pay_and_thinks_again(shop: Shop, do: str, status: str) -> None:
    page = begun(shop, "ref-1")
    shop.bare.post(page, data={"do": do})
    assert (shop.verify("ref-1")["status"], shop.times("paystack")) == (status, {})
    shop.bare.post(page, data={"do": "pay"})
    assert (shop.verify("ref-1")["status"], shop.times("paystack")) == ("success", {"charge ref-1": 1})


def test_a_reference_is_used_once(shop: Shop) -> None:
    begun(shop, "ref-1")
    for path in ("/transaction/initialize", "/transaction/charge_authorization", "/charge"):
        body = PAYER | {"reference": "ref-1", "authorization_code": "AUTH_success"}
        answer = shop.paystack.post(path, json=body)
        assert (answer.status_code, answer.json()["status"]) == (400, False)
        assert answer.json()["message"] == "Duplicate Transaction Reference"
    assert shop.times("paystack") == {}
    outsider = Shop(shop.address, shop.receiver)
    assert outsider.charge("ref-1").json()["data"]["status"] == "success"
    assert outsider.paystack.get("/transaction/verify/ref-9").json()["code"] == "transaction_not_found"


@pytest.mark.parametrize(
    ("code", "status", "response"),
    [
        ("AUTH_success", "success", "Approved"),
        ("AUTH_declined", "failed", "Declined"),
        ("AUTH_insufficient", "failed", "Insufficient Funds"),
        ("AUTH_otp", "failed", "Authentication Required"),
    ],
)
def test_a_kept_card_is_charged(shop: Shop, code: str, status: str, response: str) -> None:
    answer = shop.charge("ref-1", code)
    data = answer.json()["data"]
    assert (answer.status_code, data["status"], data["gateway_response"]) == (200, status, response)
    assert shop.verify("ref-1")["status"] == status
    assert shop.times("paystack") == ({"charge ref-1": 1} if status == "success" else {})


def test_a_kept_card_is_charged_to_its_own_payer_only(shop: Shop) -> None:
    code = shop.charge("ref-1").json()["data"]["authorization"]["authorization_code"]
    body = {"email": "sipho@example.com", "amount": 100, "authorization_code": code}
    refused = shop.paystack.post("/transaction/charge_authorization", json=body)
    assert (refused.status_code, "Email does not match" in refused.json()["message"]) == (400, True)
    unknown = shop.charge("ref-2", "AUTH_unknown")
    assert (unknown.status_code, unknown.json()["code"]) == (400, "invalid_authorization")


def test_a_keyed_card_may_ask_for_a_password(shop: Shop) -> None:
    card = {"number": "507850785078507812", "cvv": "081", "expiry_month": "12", "expiry_year": "34"}
    for reference, otp, status in (("ref-1", "123456", "success"), ("ref-2", "000000", "failed")):
        asked = shop.paystack.post("/charge", json=PAYER | {"reference": reference, "card": card}).json()["data"]
        assert asked["status"] == "send_otp"
        answer = shop.paystack.post("/charge/submit_otp", json={"reference": reference, "otp": otp}).json()["data"]
        assert (answer["status"], shop.verify(reference)["status"]) == (status, status)
    assert shop.times("paystack") == {"charge ref-1": 1}
    assert card["number"] not in str(shop.happened("paystack"))


def test_a_keyed_card_may_lead_to_its_banks_page(shop: Shop) -> None:
    card = {"number": "4084 0800 0000 0409", "cvv": "000", "expiry_month": "12", "expiry_year": "34"}
    asked = shop.paystack.post("/charge", json=PAYER | {"reference": "ref-1", "card": card}).json()["data"]
    assert asked["status"] == "open_url"
    assert "Paid" in shop.bare.post(asked["url"], data={"do": "pay"}).text
    assert shop.verify("ref-1")["status"] == "success"
    declined = PAYER | {"reference": "ref-2", "card": card | {"number": "4084080000005408"}}
    assert shop.paystack.post("/charge", json=declined).json()["data"]["gateway_response"] == "Declined"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"email": "nobody", "amount": 1}, "invalid_email_address"),
        ({"email": "a@b.c", "amount": 1.5}, "invalid_params"),
        ({"email": "a@b.c", "amount": 0}, "invalid_params"),
        ({"email": "a@b.c", "amount": 1, "currency": "XYZ"}, "unsupported_currency"),
        ({"email": "a@b.c", "amount": 1, "reference": "no spaces"}, "invalid_transaction_reference"),
    ],
)
def test_what_makes_no_sense_is_refused(shop: Shop, body: dict[str, object], code: str) -> None:
    answer = shop.paystack.post("/transaction/initialize", json=body)
    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_refunds_never_exceed_what_was_paid(shop: Shop) -> None:
    paid = shop.charge("ref-1").json()["data"]
    part = shop.paystack.post("/refund", json={"transaction": "ref-1", "amount": 2_500, "merchant_note": "r1"})
    data = part.json()["data"]
    assert (part.status_code, data["status"], data["amount"], data["transaction"]["reference"]) == (
        200, "pending", 2_500, "ref-1")  # fmt: skip
    assert shop.paystack.get(f"/refund/{data['id']}").json()["data"]["status"] == "processed"
    over = shop.paystack.post("/refund", json={"transaction": "ref-1", "amount": 10_001})
    assert (over.status_code, over.json()["code"]) == (400, "refund_amount_exceeded")
    assert shop.paystack.post("/refund", json={"transaction": paid["id"]}).json()["data"]["amount"] == 10_000
    again = shop.paystack.post("/refund", json={"transaction": "ref-1"})
    assert (again.status_code, again.json()["code"]) == (400, "transaction_reversed")
    for query in ({"reference": "ref-1"}, {"transaction": str(paid["id"])}):
        listed = shop.paystack.get("/refund", params=query).json()["data"]
        assert [(row["amount"], row["merchant_note"]) for row in listed][1] == (2_500, "r1")
    assert shop.verify("ref-1")["status"] == "reversed"
    assert shop.paystack.post("/refund", json={"transaction": "ref-9"}).status_code == 404
    shop.charge("ref-2", "AUTH_declined")
    assert shop.paystack.post("/refund", json={"transaction": "ref-2"}).status_code == 400


def test_a_refund_that_fails_can_be_asked_again(shop: Shop) -> None:
    shop.charge("ref-1")
    shop.set("paystack", refunds="pending")
    number = shop.paystack.post("/refund", json={"transaction": "ref-1"}).json()["data"]["id"]
    assert shop.paystack.get(f"/refund/{number}").json()["data"]["status"] == "pending"
    assert shop.paystack.post("/refund", json={"transaction": "ref-1"}).status_code == 400
    shop.control(f"/refunds/{number}", status="failed")
    assert shop.paystack.get(f"/refund/{number}").json()["data"]["status"] == "failed"
    shop.set("paystack", refunds="processed")
    assert shop.paystack.post("/refund", json={"transaction": "ref-1"}).status_code == 200


def test_a_day_is_listed_page_by_page(shop: Shop) -> None:
    shop.charge("before")
    shop.control("/clock", days=1)
    for number in range(5):
        shop.charge(f"ref-{number}", "AUTH_declined" if number == 4 else "AUTH_success")
    day = shop.verify("ref-0")["created_at"][:10]
    query = {"from": day, "to": day, "perPage": "2"}
    pages = [shop.paystack.get("/transaction", params=query | {"page": str(page)}).json() for page in (1, 2, 3)]
    assert [row["reference"] for page in pages for row in page["data"]] == [f"ref-{n}" for n in (4, 3, 2, 1, 0)]
    assert pages[0]["meta"] == {
        "total": 5, "skipped": 0, "perPage": 2, "page": 1, "pageCount": 3, "total_volume": 62_500}  # fmt: skip
    paid = shop.paystack.get("/transaction", params=query | {"status": "success", "perPage": "50"}).json()
    assert {(row["amount"], row["fees"]) for row in paid["data"]} == {(12_500, 532)}
    assert len(paid["data"]) == 4
