"""Holds with a name: kept until their own end, seen by all who sell, sold from the till, released, expired."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from tests.checkout.programme import Sold, put_on, taken
from tests.checkout.test_hold import lapse
from tests.selling.checking import violations
from voelgoed.checkout.checkout import Checkout, Hold, HoldEnd
from voelgoed.checkout.end import expire
from voelgoed.foundation import waiting
from voelgoed.foundation.audit.entry import AuditEntry
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.tenancy import rows


@pytest.fixture
def programme(personas, monkeypatch):
    monkeypatch.setattr(waiting, "STEP_IN_AFTER", 0.0)
    with personas.home.scope():
        return put_on(Sold("Adult", capacity=20), Sold("Child", price_cents=10000, capacity=5), days=3)


def said(programme, adults=4, hours=5, **more):
    until = (datetime.now(UTC) + timedelta(hours=hours + 2)).strftime("%Y-%m-%dT%H:%M")  # Johannesburg's clock
    return {"name": "Naledi Mokoena", "until": until, "key": str(uuid4()),
            f"n-{programme.types['Adult']}": str(adults), f"n-{programme.types['Child']}": ""} | more  # fmt: skip


def path(programme):
    return f"/home/events/{programme.event_id}/holds"


def keep(client, programme, *args, **more):
    answer = client.post(path(programme), data=said(programme, *args, **more))
    assert answer.status_code == 303, answer.text


def newest(personas):
    with personas.home.scope():
        return str(rows(Checkout).order_by(Checkout.id.desc()).first().id)


def from_hold(client, programme, hold_id, adults, key=None):
    body = {"lines": [{"ticket_type_id": str(programme.types["Adult"]), "quantity": adults}],
            "key": key or str(uuid4()), "replaces": hold_id}  # fmt: skip
    return client.post(f"/home/events/{programme.event_id}/checkouts", json=body)


def test_what_is_kept_is_counted_seen_by_all_and_kept_once(personas, programme):
    clerk, manager = personas.client("box_office"), personas.client("manager")
    asked = said(programme, note="Pays at the window")
    for _ in range(2):
        assert clerk.post(path(programme), data=asked).status_code == 303
    seen = manager.get(path(programme)).text
    assert "Naledi Mokoena" in seen
    assert "4 Adult" in seen
    assert "Pays at the window" in seen
    assert "4 tickets kept" in seen
    assert "Naledi" in manager.get(path(programme) + "?q=nal", headers={"HX-Request": "true"}).text
    assert "Naledi" not in manager.get(path(programme) + "?q=mok", headers={"HX-Request": "true"}).text
    with personas.home.scope():
        assert taken(programme)["Adult 0"] == 4
        trail = [str(one.changes) for one in rows(AuditEntry).filter_by(object="named_hold")]
        assert trail
        assert not any("Naledi" in one or "Pays" in one for one in trail)
    assert violations() == {}


def test_a_hold_is_sold_as_it_was_kept_by_whoever_sells_it(personas, programme):
    keep(personas.client("manager"), programme)
    hold_id, till = newest(personas), personas.client("box_office")
    assert hold_id in till.get(f"/home/events/{programme.event_id}/till?hold={hold_id}").text
    held = from_hold(till, programme, hold_id, 4).json
    assert (held["id"], held["kept_for"], held["total_cents"]) == (hold_id, "Naledi Mokoena", 140000)
    body = {"payments": [{"gateway": "cash", "amount_cents": 140000}]}
    paid = till.post(f"/home/checkouts/{hold_id}/complete", json=body, headers={"Idempotency-Key": "k"})
    assert paid.status_code == 200, paid.json
    assert len(paid.json["tickets"]) == 4
    assert "Naledi" not in till.get(path(programme)).text
    assert "data-hold=" not in till.get(f"/home/events/{programme.event_id}/till?hold={hold_id}").text
    with personas.home.scope():
        assert rows(Checkout).one().seller_label == "box_office of home"
        assert taken(programme)["Adult 0"] == 4
    assert violations() == {}


def test_other_lines_take_its_place_under_its_name(personas, programme):
    clerk = personas.client("box_office")
    keep(clerk, programme)
    hold_id, key = newest(personas), str(uuid4())
    held = from_hold(clerk, programme, hold_id, 6, key).json
    assert held["id"] != hold_id
    assert held["kept_for"] == "Naledi Mokoena"
    assert from_hold(clerk, programme, hold_id, 6, key).json["id"] == held["id"]
    assert "6 Adult" in clerk.get(path(programme)).text
    with personas.home.scope():
        assert taken(programme)["Adult 0"] == 6
        end = rows(Hold).filter(Hold.checkout_id == held["id"]).one().expires_at
        assert end > datetime.now(UTC) + timedelta(hours=3)
    assert violations() == {}


def test_a_hold_is_released_or_ends_by_itself(personas, programme, database):
    clerk = personas.client("box_office")
    keep(clerk, programme)
    keep(clerk, programme, 2, name="Thabo")
    assert clerk.post(f"/home/holds/{newest(personas)}/release").status_code == 303
    assert "Thabo" not in clerk.get(path(programme)).text
    lapse(database)
    assert "Nothing is kept" in clerk.get(path(programme)).text
    with personas.home.scope():
        for one in rows(Hold).all():
            expire(one.id)
            commit()
        assert sorted(rows(HoldEnd).with_entities(HoldEnd.how)) == [("expired",), ("released",)]
        assert taken(programme)["Adult 0"] == 0
    assert violations() == {}


@pytest.mark.parametrize(
    ("change", "words"),
    [({"hours": -5}, "An end in the future"), ({"hours": 24 * 9}, "An end in the future"), ({"adults": 0}, "How many"),
     ({"adults": 21}, "Left: 20 of Adult"), ({"name": ""}, "This is needed"), ({"until": "soon"}, "date")],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_held(personas, programme, change, words):
    answer = personas.client("box_office").post(path(programme), data=said(programme, **change))
    assert answer.status_code == 422
    assert words in answer.text
    with personas.home.scope():
        assert rows(Checkout).count() == 0
        assert taken(programme)["Adult 0"] == 0


def test_the_house_keeps_places_through_a_manager_only(personas, programme):
    clerk, manager = personas.client("box_office"), personas.client("manager")
    assert clerk.post(path(programme), data=said(programme, house="true")).status_code == 403
    keep(manager, programme, house="true")
    hold_id = newest(personas)
    assert clerk.post(f"/home/holds/{hold_id}/release").status_code == 403
    assert "Release" not in clerk.get(path(programme)).text
    assert manager.post(f"/home/holds/{hold_id}/release").status_code == 303


def test_what_the_house_keeps_a_clerk_sells_by_no_road(personas, programme):
    clerk, manager = personas.client("box_office"), personas.client("manager")
    keep(manager, programme, house="true")
    hold_id, event = newest(personas), f"/home/events/{programme.event_id}"
    money = {"payments": [{"gateway": "cash", "amount_cents": 140000}]}
    group = {"group_name": "Friends", f"n-{programme.types['Adult']}": "4", "replaces": hold_id}
    tried = [
        clerk.get(f"{event}/till?hold={hold_id}"),
        from_hold(clerk, programme, hold_id, 4),
        from_hold(clerk, programme, hold_id, 2),
        clerk.get(f"{event}/group-sale?from={hold_id}"),
        clerk.post(f"{event}/group-sales", data=group),
        clerk.post(f"/home/checkouts/{hold_id}/complete", json=money, headers={"Idempotency-Key": "k"}),
        clerk.delete(f"/home/checkouts/{hold_id}"),
    ]
    assert [one.status_code for one in tried] == [403] * len(tried)
    assert f"hold={hold_id}" not in clerk.get(path(programme)).text
    over_till = clerk.get(f"{path(programme)}?over=till", headers={"HX-Request": "true"}).text
    assert (f"hold={hold_id}" in over_till, "a manager sells these" in over_till) == (False, True)
    with personas.home.scope():
        assert (rows(Checkout).count(), rows(HoldEnd).count()) == (1, 0)
    assert from_hold(manager, programme, hold_id, 4).json["kept_for"] == "Naledi Mokoena"
    paid = manager.post(f"/home/checkouts/{hold_id}/complete", json=money, headers={"Idempotency-Key": "k"})
    assert paid.status_code == 200, paid.json


@pytest.mark.parametrize("role", ["gate_supervisor", "accountant", "auditor"])
def test_who_does_not_sell_keeps_nothing(personas, programme, role):
    keep(personas.client("box_office"), programme)
    colleague = personas.client(role)
    assert colleague.get(path(programme)).status_code == 403
    assert colleague.post(path(programme), data=said(programme)).status_code == 403
    assert colleague.post(f"/home/holds/{newest(personas)}/release").status_code == 403


def test_an_outsider_finds_no_hold(personas, programme):
    keep(personas.client("box_office"), programme)
    hold_id, outsider = newest(personas), personas.outsider()
    with personas.abroad.scope():
        theirs = put_on()
    for slug in ("home", "abroad"):
        assert outsider.get(f"/{slug}/events/{programme.event_id}/holds").status_code == 404
        assert outsider.post(f"/{slug}/holds/{hold_id}/release").status_code == 404
    assert "data-hold=" not in outsider.get(f"/abroad/events/{theirs.event_id}/till?hold={hold_id}").text
    body = {"lines": [{"ticket_type_id": str(theirs.types["Adult"]), "quantity": 1}], "key": str(uuid4()),
            "replaces": hold_id}  # fmt: skip
    assert outsider.post(f"/abroad/events/{theirs.event_id}/checkouts", json=body).status_code == 404
    assert "Naledi" in personas.client("box_office").get(path(programme)).text
