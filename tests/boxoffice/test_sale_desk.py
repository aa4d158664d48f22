"""What the till asks and hears: hold, complete, ask again, give up; nobody else's, nothing malformed."""

from uuid import uuid4

import pytest

from tests.checkout.programme import Sold, put_on, taken
from tests.selling.checking import violations
from voelgoed.foundation import waiting
from voelgoed.foundation.outbox.row import OutboxRow
from voelgoed.foundation.tenancy import rows
from voelgoed.foundation.workflow import NotAtOnce
from voelgoed.payments.payment import Payment
from voelgoed.selling import complete as completing
from voelgoed.selling.begin import begin_to_pay
from voelgoed.ticketing.ticket import Ticket


@pytest.fixture
def programme(personas, monkeypatch):
    monkeypatch.setattr(waiting, "STEP_IN_AFTER", 0.0)  # no worker runs here: the request does the work itself
    with personas.home.scope():
        return put_on(Sold("Adult", price_cents=35006, capacity=20), Sold("Free", price_cents=0, capacity=5))


@pytest.fixture
def till(personas, programme):
    return personas.client("box_office")


def slip(programme, quantity=1, name="Adult", **more):
    return {"lines": [{"ticket_type_id": str(programme.types[name]), "quantity": quantity}], "key": str(uuid4())} | more


def opened(till, programme, *args, **more):
    answer = till.post(f"/home/events/{programme.event_id}/checkouts", json=slip(programme, *args, **more))
    assert answer.status_code == 201, answer.json
    return answer.json


def cash(amount, tendered=None):
    return {"payments": [{"gateway": "cash", "amount_cents": amount, "tendered_cents": tendered}]}


def completed(till, checkout_id, body, key="k1"):
    return till.post(f"/home/checkouts/{checkout_id}/complete", json=body, headers={"Idempotency-Key": key})


def test_a_sale_from_tender_to_tickets(till, programme, personas):
    held = opened(till, programme, 2)
    assert (held["total_cents"], held["cash_total_cents"], held["rounding_cents"]) == (70012, 70010, 2)
    assert held["currency"] == "ZAR"
    assert held["lines"][0]["vat_cents"] == 9132
    answer = completed(till, held["id"], cash(70010, 80000))
    assert answer.status_code == 200
    sale = answer.json
    assert (sale["status"], sale["number"], sale["change_cents"]) == ("paid", 1, 9990)
    assert [one["serial"][:8] for one in sale["tickets"]] == ["A-000001", "A-000002"]
    assert till.get(f"/home/checkouts/{held['id']}").json == sale
    with personas.home.scope():
        assert rows(OutboxRow).filter_by(queue="checkout", done_at=None).count() == 0
    assert violations() == {}


def test_the_same_key_answers_the_same_and_charges_once(till, programme, personas):
    held = opened(till, programme)
    first = completed(till, held["id"], cash(35006))
    again = completed(till, held["id"], cash(35006))
    other_key = completed(till, held["id"], cash(35006), key="k2")
    assert first.json == again.json == other_key.json
    other_body = completed(till, held["id"], cash(35006, 50000))
    assert (other_body.status_code, other_body.json["type"]) == (422, "key_reused")
    more = completed(till, held["id"], cash(35006, 50000), key="k3")
    assert (more.status_code, more.json["type"]) == (409, "already_paid")
    with personas.home.scope():
        assert (rows(Payment).count(), rows(Ticket).count()) == (1, 1)


def test_a_free_sale_takes_no_money(till, programme):
    held = opened(till, programme, 2, "Free")
    assert completed(till, held["id"], cash(0), "k0").json["type"] == "nothing_to_pay"
    answer = completed(till, held["id"], {"payments": []})
    assert (answer.status_code, answer.json["status"], len(answer.json["tickets"])) == (200, "paid", 2)
    assert violations() == {}


@pytest.mark.parametrize(
    ("body", "word"),
    [(cash(35005), "wrong_amount"), (cash(35006, 35000 - 10), "too_little"), ({"payments": []}, "no_payment"),
     ({"payments": [cash(100)["payments"][0]] * 2}, "one_cash_payment")],
)  # fmt: skip
def test_wrong_money_is_refused_and_the_hold_stays(till, programme, body, word):
    held = opened(till, programme)
    answer = completed(till, held["id"], body)
    assert (answer.status_code, answer.json["type"]) == (422, word)
    assert till.get(f"/home/checkouts/{held['id']}").json["status"] == "open"
    assert completed(till, held["id"], cash(35000)).status_code == 200


def test_sold_out_says_what_is_left(till, programme):
    opened(till, programme, 18)
    answer = till.post(f"/home/events/{programme.event_id}/checkouts", json=slip(programme, 3))
    assert (answer.status_code, answer.json["type"]) == (409, "sold_out")
    assert answer.json["left"][str(programme.types["Adult"])] == 2


def test_a_hold_is_given_up_and_replaced(till, programme, personas):
    held = opened(till, programme, 20)
    held = opened(till, programme, 19, replaces=held["id"])
    for _ in range(2):
        answer = till.delete(f"/home/checkouts/{held['id']}")
        assert (answer.status_code, answer.json["status"]) == (200, "expired")
    with personas.home.scope():
        assert taken(programme) == {"Adult 0": 0, "Free 0": 0}
    late = completed(till, held["id"], cash(19 * 35006))
    assert (late.status_code, late.json["type"]) == (409, "given_up")


def test_a_sale_that_takes_longer_says_so_and_is_found_later(till, programme, monkeypatch):
    monkeypatch.setattr(waiting, "STEP_IN_AFTER", 60.0)
    monkeypatch.setattr(waiting.wait_for, "__defaults__", (0.0,))
    monkeypatch.setattr(completing, "pay_at_once", not_at_once)
    monkeypatch.setattr(completing, "begin_to_pay", lambda checkout, tenders, here: begin_to_pay(checkout, tenders))
    held = opened(till, programme)
    answer = completed(till, held["id"], cash(35006))
    assert (answer.status_code, answer.json["status"]) == (202, "paying")
    asked = till.delete(f"/home/checkouts/{held['id']}", headers={"Accept": "application/json"})
    assert (asked.status_code, asked.json["type"]) == (409, "paying")
    monkeypatch.undo()
    monkeypatch.setattr(waiting, "STEP_IN_AFTER", 0.0)
    again = completed(till, held["id"], cash(35006))
    assert (again.status_code, again.json["status"]) == (200, "paid")


def not_at_once(*_given):
    """Let the sale go the long way, as one does that asks somebody outside."""
    raise NotAtOnce


@pytest.mark.parametrize(
    "broken",
    [
        {"lines": []}, {"lines": "all"}, {"key": "no uuid"}, {"replaces": 7}, {"more": 1},
        {"lines": [{"ticket_type_id": str(uuid4()), "quantity": 0}]},
        {"lines": [{"ticket_type_id": str(uuid4()), "quantity": 10**30}]},
        {"lines": [{"ticket_type_id": str(uuid4()), "quantity": 1.5}]},
        {"lines": [{"ticket_type_id": str(uuid4()), "quantity": "2"}]},
        {"lines": [{"ticket_type_id": str(uuid4()), "quantity": True}]},
        {"lines": [{"ticket_type_id": None, "quantity": 1}]},
    ],
)  # fmt: skip
def test_a_slip_that_is_wrong_is_refused(till, programme, broken):
    answer = till.post(f"/home/events/{programme.event_id}/checkouts", json=slip(programme) | broken)
    assert answer.status_code == 422
    assert answer.json["errors"]


@pytest.mark.parametrize(
    ("raw", "status"),
    [(b"{", 400), (b"\xff\xfe", 400), (b"", 400), (b"[1]", 422), (b'{"key": "\\u0000"}', 422), (b"x" * 1_100_000, 413)],
)
def test_a_body_that_is_none_is_refused(till, programme, raw, status):
    url = f"/home/events/{programme.event_id}/checkouts"
    assert till.post(url, data=raw, content_type="application/json").status_code == status
    assert till.post(url, data=raw, content_type="text/plain").status_code in (413, 415)


@pytest.mark.parametrize(
    "body", [cash(-1), cash(10**30), cash(1.0), {"payments": [{"gateway": "card", "amount_cents": 1}]}]
)
def test_money_that_is_none_is_refused(till, programme, body):
    held = opened(till, programme)
    assert completed(till, held["id"], body).status_code == 422


@pytest.mark.parametrize("key", ["", "x" * 201, "a\tb"])
def test_a_key_that_is_none_is_refused(till, programme, key):
    held = opened(till, programme)
    assert completed(till, held["id"], cash(35006), key).status_code == 400


def test_an_outsider_finds_nothing(till, programme, personas):
    held = opened(till, programme)
    with personas.abroad.scope():
        theirs = put_on()
    outsider = personas.outsider()
    for slug in ("home", "abroad"):
        assert outsider.get(f"/{slug}/checkouts/{held['id']}").status_code == 404
        assert outsider.delete(f"/{slug}/checkouts/{held['id']}").status_code == 404
        complete = f"/{slug}/checkouts/{held['id']}/complete"
        assert outsider.post(complete, json=cash(35006)).status_code == 404
        assert outsider.post(f"/{slug}/events/{programme.event_id}/checkouts", json=slip(programme)).status_code == 404
    foreign = slip(programme)
    answer = outsider.post(f"/abroad/events/{theirs.event_id}/checkouts", json=foreign)
    assert answer.status_code == 404
    theirs_replacing_ours = slip(theirs, replaces=held["id"])
    assert outsider.post(f"/abroad/events/{theirs.event_id}/checkouts", json=theirs_replacing_ours).status_code == 404
    assert till.get(f"/home/checkouts/{held['id']}").json["status"] == "open"


@pytest.mark.parametrize("role", ["gate_supervisor", "accountant", "auditor"])
def test_a_colleague_without_the_deed_sells_nothing(personas, programme, role):
    colleague = personas.client(role)
    url = f"/home/events/{programme.event_id}/checkouts"
    assert colleague.post(url, json=slip(programme)).status_code == 403
