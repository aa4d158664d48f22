"""A gateway's list beside our rows: differences both ways, each resolved with a reason; the settlement booked once."""

from __future__ import annotations

import io
import re
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import psycopg
import pytest
from flask.testing import FlaskClient

from tests.checkout.programme import hold, put_on
from tests.conftest import World
from tests.controls import goes_red
from voelgoed.checkout.checkout import Checkout
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.clock import now
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import rows
from voelgoed.ledger.balances import balance_of
from voelgoed.ledger.chart import BANK, GATEWAY_FEES, clearing_of
from voelgoed.payments import reconcile_keep
from voelgoed.payments.gateway_account import GatewayAccount
from voelgoed.payments.gateways import Asking, Captured, Sent
from voelgoed.payments.gateways.open import gateway_of
from voelgoed.payments.payment import Charge, Payment, Refund, RefundEnd, Return
from voelgoed.payments.reconcile import DayList, DifferenceResolution
from voelgoed.payments.reconcile_match import match
from voelgoed.payments.reconcile_read import Unreadable, read_list

HEADS = "kind,key,reference,amount,fee,currency,time\n"


def today() -> date:
    return (now() + timedelta(hours=2)).date()


def paid(gateway: str, key: str, reference: str, cents: int) -> Payment:
    """Write a charge and its payment, as they stand after a sale."""
    checkout_id = hold(put_on())
    charge = Charge(checkout_id=checkout_id, attempt=1, tender=1, gateway=gateway, key=key, amount_cents=cents,
                    currency="ZAR")  # fmt: skip
    db.session.add(charge)
    db.session.flush()
    payment = Payment(checkout_id=checkout_id, charge_id=charge.id, gateway=gateway, key=key, amount_cents=cents,
                      reference=reference)  # fmt: skip
    db.session.add(payment)
    db.session.flush()
    return payment


def given_back(payment: Payment, key: str, reference: str, cents: int) -> None:
    """Write a refund that was sent."""
    back = Return(checkout_id=payment.checkout_id, key=key, kind="refund", value_cents=cents, vat_cents=0,
                  reason="rain", actor="test")  # fmt: skip
    db.session.add(back)
    db.session.flush()
    refund = Refund(return_id=back.id, payment_id=payment.id, checkout_id=payment.checkout_id, key=key,
                    gateway=payment.gateway, amount_cents=cents, reason="rain")  # fmt: skip
    db.session.add(refund)
    db.session.flush()
    db.session.add(RefundEnd(refund_id=refund.id, how="sent", reference=reference))


@pytest.fixture(scope="module")
def sold(world: World) -> World:
    """Payments by card today: two that the list has, one with another amount there, one that it has not."""
    with world.personas.home.scope("manager"):
        first = paid("card", "run:charge:1", "0001", 35000)
        paid("card", "run:charge:2", "0002", 20000)
        paid("card", "run:charge:3", "0003", 10000)
        paid("card", "run:charge:4", "0004", 5000)
        paid("stripe", "run:charge:5", "pi_5", 7000)
        given_back(first, "return:1", "R-0001", 15000)
        commit()
    return world


LINES = """charge,run:charge:1,,350.00,8.75,ZAR,2026-11-24T10:00:00Z
charge,,0002,200.00,5.00,,
charge,,0003,101.00,2.50,,
refund,,R-0001,150.00,,,
charge,,0002,200.00,5.00,,
charge,,9999,"1,234.00",30.85,,
payout,,P-1,9000.00,,,
"""


def upload(client: FlaskClient, content: str | bytes, gateway: str = "card", slug: str = "home", **more: str) -> Any:
    """Give a file."""
    raw = content.encode() if isinstance(content, str) else content
    data = {"gateway": gateway, "day": str(today()), "file": (io.BytesIO(raw), "list.csv"), **more}
    return client.post(f"/{slug}/ledger/reconcile", data=data, content_type="multipart/form-data")


@pytest.fixture(scope="module")
def listed(sold: World) -> UUID:
    """Return the id of the uploaded list."""
    answer = upload(sold.personas.client("accountant"), HEADS + LINES)
    assert answer.status_code == 303
    return UUID(answer.location.rsplit("/", 1)[1])


def test_differences_are_found_both_ways(sold: World, listed: UUID) -> None:
    with sold.personas.home.scope():
        found = rows(DayList).get(listed)
        matching = match(found)
    assert (found.items, found.skipped, found.actor) == (6, 1, "accountant of home")
    assert matching.agreed == 3
    assert {(one.kind, one.item and one.item.reference, one.ours and min(one.ours.names)) for one in matching.open} == {
        ("amount", "0003", "0003"), ("twice", "0002", "0002"), ("only_theirs", "9999", None),
        ("only_ours", None, "0004"),
    }  # fmt: skip
    assert (matching.taken_cents, matching.given_cents, matching.fee_cents) == (208500, 15000, 5210)
    page = sold.personas.client("auditor").get(f"/home/ledger/reconcile/{listed}").text
    assert "4 differences to look into; 3 lines agree" in page
    assert "Resolve" not in page
    for words in ("Only they have it", "Only we have it", "Another amount", "Listed twice", "R101.00", "R100.00"):
        assert words in page, words
    assert re.search(r"/home/sales/[0-9a-f-]{36}", page)


def test_the_same_list_is_kept_once(sold: World, listed: UUID) -> None:
    again = upload(sold.personas.client("owner"), HEADS + LINES)
    assert again.location.endswith(str(listed))


def test_what_stands_on_another_days_list_is_not_missed(sold: World, listed: UUID) -> None:
    client = sold.personas.client("accountant")
    tomorrow = upload(client, HEADS + "charge,,0004,50.00,1.25,,\n", day=str(today() + timedelta(1)))
    assert tomorrow.status_code == 303
    with sold.personas.home.scope():
        assert "only_ours" not in {one.kind for one in match(rows(DayList).get(listed)).differences}
        theirs = rows(DayList).get(UUID(tomorrow.location.rsplit("/", 1)[1]))
        assert (match(theirs).agreed, match(theirs).differences) == (1, [])


def test_a_list_answers_for_its_day_from_midnight_to_midnight(sold: World) -> None:
    """Of money in the first instant of its day, not of the next one's, though it is named there by something else."""
    day = date(2026, 3, 14)
    begins = datetime.combine(day, time(), ZoneInfo("Africa/Johannesburg"))
    with sold.personas.home.scope("manager"):
        ids = [paid("card", f"midnight:{one}", f"M-{one}", 1000).id for one in range(4)]
        commit()
    noon, ends = begins + timedelta(hours=12), begins + timedelta(days=1)
    moments = (begins, ends - timedelta(microseconds=1), ends, noon)
    with psycopg.connect(sold.database.url("postgres"), autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        for one, at in zip(ids, moments, strict=True):
            connection.execute("UPDATE payment SET created_at = %s WHERE id = %s", (at, one))
    named = HEADS + "charge,midnight:3,M-2,10.00,0.10,,\n"
    found = upload(sold.personas.client("accountant"), named, day=str(day)).location.rsplit("/", 1)[1]
    with sold.personas.home.scope():
        matching = match(rows(DayList).get(UUID(found)))
        missed = sorted((one.kind, min(one.ours.names)) for one in matching.differences if one.ours)
        assert (matching.agreed, missed) == (1, [("only_ours", "M-0"), ("only_ours", "M-1")])


def test_each_difference_is_resolved_with_a_reason_once(sold: World, listed: UUID) -> None:
    client = sold.personas.client("accountant")
    path = f"/home/ledger/reconcile/{listed}/resolutions"
    with sold.personas.home.scope():
        names = [one.name for one in match(rows(DayList).get(listed)).open]
    assert client.post(path, data={"difference": names[0], "reason": ""}).status_code == 422
    assert client.post(path, data={"difference": f"amount:{uuid4()}", "reason": "Nothing"}).status_code == 404
    for name in names:
        assert client.post(path, data={"difference": name, "reason": "Asked the bank"}).status_code == 303
    assert client.post(path, data={"difference": names[0], "reason": "Asked again"}).status_code == 409
    page = client.get(f"/home/ledger/reconcile/{listed}").text
    assert "Every difference is resolved" in page
    assert "Asked the bank" in page
    with sold.personas.home.scope():
        assert rows(DifferenceResolution).count() == len(names)


def test_the_settlement_moves_the_clearing_account_to_the_bank(sold: World, listed: UUID) -> None:
    client = sold.personas.client("accountant")
    path = f"/home/ledger/reconcile/{listed}/settlements"
    with sold.personas.home.scope():
        before = balance_of(clearing_of("card"), "ZAR")
    assert client.post(path, data={"payout_cents": "99999"}).status_code == 422
    other = client.post(path, data={"payout_cents": "1880"})
    assert (other.status_code, "Another fee" in other.text) == (422, True)
    done = client.post(path, data={"payout_cents": "1880", "reason": "Monthly fee of R2.90"})
    assert done.status_code == 303
    assert client.post(path, data={"payout_cents": "1880", "reason": "Monthly fee"}).status_code == 409
    with sold.personas.home.scope():
        assert balance_of(clearing_of("card"), "ZAR") - before == -193500
        assert (balance_of(BANK, "ZAR"), balance_of(GATEWAY_FEES, "ZAR")) == (188000, 5500)
    page = client.get(f"/home/ledger/reconcile/{listed}").text
    assert "/home/ledger/entries/" in page
    assert "Settled" in client.get("/home/ledger/reconcile").text


def test_who_may_reconcile(sold: World, listed: UUID) -> None:
    for role, read, write in (
        ("owner", 200, 303),
        ("auditor", 200, 403),
        ("manager", 403, 403),
        ("box_office", 403, 403),
    ):
        client = sold.personas.client(role)
        assert client.get("/home/ledger/reconcile").status_code == read, role
        assert client.get(f"/home/ledger/reconcile/{listed}").status_code == read, role
        assert upload(client, HEADS + LINES).status_code == write, role
        path = f"/home/ledger/reconcile/{listed}/settlements"
        assert client.post(path, data={"payout_cents": "x"}).status_code == (422 if write == 303 else 403), role


def test_anothers_list_is_not_found(sold: World, listed: UUID) -> None:
    outsider = sold.personas.outsider()
    for slug in ("home", "abroad"):
        path = f"/{slug}/ledger/reconcile/{listed}"
        assert outsider.get(path).status_code == 404
        resolution = {"difference": "amount:1", "reason": "Mine now"}
        assert outsider.post(f"{path}/resolutions", data=resolution).status_code == 404
        assert outsider.post(f"{path}/settlements", data={"payout_cents": "1"}).status_code == 404
    assert "No list yet" in outsider.get("/abroad/ledger/reconcile").text
    theirs = upload(outsider, HEADS + LINES, slug="abroad")
    with sold.personas.abroad.scope():
        assert match(rows(DayList).get(UUID(theirs.location.rsplit("/", 1)[1]))).agreed == 0
        assert rows(Checkout).count() == 0


def use_account(shop: Any, gateway: str) -> None:
    """Have the house pay through an account at the simulator."""
    account = GatewayAccount(gateway=gateway, mode="test", hook=uuid4(), address=shop.address)
    account.secret = shop.secret.encode()
    db.session.add(account)


def asking(key: str, method: str) -> Asking:
    return Asking(key, 12_500, "ZAR", now(), method, "https://here.test/back", "thandi@example.com", "Sale")


@pytest.mark.parametrize(("gateway", "method"), [("stripe", "pm_card_visa"), ("paystack", "AUTH_success")])
def test_a_processor_is_asked_for_its_list(sold: World, processors: Any, gateway: str, method: str) -> None:
    """Two charges and a refund at the simulator, one of them not ours; nothing of ours is held meanwhile."""
    client, sent = sold.personas.client("accountant"), {"gateway": gateway, "day": str(today())}
    assert client.post("/home/ledger/reconcile/fetches", data=sent).status_code == 422
    shop = processors.account(gateway)
    with sold.personas.home.scope("manager"):
        use_account(shop, gateway)
        commit()
        port = gateway_of(rows(GatewayAccount).filter_by(gateway=gateway).one())
        key = f"{uuid4()}:charge:0"
        mine, other = (port.charge(asking(one, method)) for one in (key, f"{uuid4()}:charge:0"))
        assert isinstance(mine, Captured)
        assert isinstance(other, Captured)
        back = port.refund(f"return:{key}", mine.reference, 5_000, "ZAR")
        assert isinstance(back, Sent)
        payment = paid(gateway, key, mine.reference, 12_500)
        given_back(payment, f"return:{key}", back.reference, 5_000)
        commit()
    assert "Fetch it from" in client.get("/home/ledger/reconcile").text
    answer = client.post("/home/ledger/reconcile/fetches", data=sent)
    assert answer.status_code == 303, answer.text
    with sold.personas.home.scope():
        matching = match(rows(DayList).get(UUID(answer.location.rsplit("/", 1)[1])))
    assert matching.agreed == 2
    assert [(one.kind, one.item and one.item.reference) for one in matching.open if one.kind != "only_ours"] == [
        ("only_theirs", other.reference)
    ]
    assert (matching.taken_cents, matching.given_cents, matching.fee_cents > 0) == (25_000, 5_000, True)
    shop.fault("error", status=500, times=9)
    refused = client.post("/home/ledger/reconcile/fetches", data=sent)
    assert (refused.status_code, "gave no list" in refused.text) == (502, True)


STRIPE = (
    "id,Created date (UTC),Amount,Currency,Captured,Fee,PaymentIntent ID,Status,key (metadata)\n"
    "ch_1,2026-11-24 08:00:00,350.00,zar,true,9.15,pi_1,Paid,run:charge:1\n"
    "ch_2,2026-11-24 08:01:00,350.00,zar,false,0.00,pi_2,Failed,run:charge:2\n"
)
PAYSTACK = "ID;Reference;Amount;Paystack Fees;Currency;Status;Paid At\n77;run.charge.1;1 350,50;20,26;ZAR;success;x\n"


def test_exports_of_processors_are_read_as_they_come() -> None:
    (stripe,), skipped = read_list(STRIPE.encode(), "ZAR")
    assert (stripe.key, stripe.reference, stripe.amount_cents, stripe.fee_cents) == ("run:charge:1", "pi_1", 35000, 915)
    assert (skipped, str(stripe.happened_at), stripe.currency) == (1, "2026-11-24 08:00:00+00:00", "ZAR")
    (paystack,), _ = read_list(b"\xef\xbb\xbf" + PAYSTACK.encode(), "ZAR")
    assert (paystack.reference, paystack.amount_cents, paystack.fee_cents) == ("run.charge.1", 135050, 2026)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "no line"), ("a,b\n1,2\n", "head named amount"), ("key,amount\nk,a lot\n", "no amount"),
        ("key,amount\nk,1.005\n", "no amount"), ("key,amount\n,1.00\n", "neither key"),
        ("key,amount\nk,\n", "no amount"),
        ("reference,amount\n4242 4242 4242 4242,1.00\n", "card number"), ("key,amount\nk,NaN\n", "no amount"),
        ("key,amount\nk,1e99\n", "no amount"), ("key\0,amount\n", "no CSV"),
        ("key,amount\n" + "k,1\n" * 20_001, "At most"),
    ],
)  # fmt: skip
def test_what_is_no_list_is_refused_in_words(sold: World, content: str, words: str) -> None:
    with pytest.raises(Unreadable, match=words):
        read_list(content.encode(), "ZAR")
    if len(content) < 100:
        answer = upload(sold.personas.client("accountant"), content)
        assert (answer.status_code, words in answer.text, "4242" in answer.text) == (422, True, False)


def test_a_file_of_another_making_is_refused(sold: World) -> None:
    client = sold.personas.client("accountant")
    assert upload(client, b"PK\x03\x04\x00\x00").status_code == 422
    assert upload(client, "Naam;Bedrag\xe9\n".encode("cp1252")).status_code == 422
    assert upload(client, HEADS + LINES, gateway="cash").status_code == 422
    assert client.post("/home/ledger/reconcile", data={"gateway": "card", "day": "2026-11-24"}).status_code == 422


test_without_it_another_fee_needs_no_reason = goes_red(
    test_the_settlement_moves_the_clearing_account_to_the_bank, reconcile_keep.settle, "reason_needed"
)
test_without_it_more_comes_than_the_list_says = goes_red(
    test_the_settlement_moves_the_clearing_account_to_the_bank, reconcile_keep.settle, "too_much"
)
