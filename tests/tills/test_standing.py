"""Tills as browsers: paired by a code, signed in by PIN, locked when idle; who stands there is who acts."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient

from tests.checkout.programme import Programme, put_on
from tests.controls import goes_red
from tests.personas import Personas
from tests.tills.people import day_staff, give_pin, new_till, paired, till_code
from voelgoed.accounts.membership import Membership
from voelgoed.boxoffice import standing
from voelgoed.foundation.audit.entry import AuditEntry
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.clock import frozen, now
from voelgoed.foundation.tenancy import rows
from voelgoed.foundation.web.identity import hash_secret
from voelgoed.tills.browser import cookie_name
from voelgoed.tills.till import StaffDay, StaffPin, Till, TillPairing, TillSignIn

MINUTES = timedelta(minutes=1)


class Counter:
    """A till with a browser, and somebody without an e-mail address who may stand there."""

    def __init__(self, personas: Personas) -> None:
        self.personas, self.home = personas, personas.home
        self.till_id = new_till(personas.home)
        with self.home.scope():
            self.programme: Programme = put_on()
        self.member_id: UUID = day_staff(self.home, self.programme.event_id)
        self.browser: FlaskClient = paired(personas, self.till_id)

    def sign_in(self, number: str = "701", pin: str = "424242", browser: FlaskClient | None = None) -> int:
        said = {"staff_number": number, "pin": pin}
        return (browser or self.browser).post("/home/till/sign-in", data=said).status_code


@pytest.fixture
def counter(personas: Personas) -> Counter:
    return Counter(personas)


def test_a_code_makes_a_browser_the_till_once(personas: Personas) -> None:
    till_id = new_till(personas.home)
    code = till_code(personas.home, till_id)
    browser, other = personas.app.test_client(), personas.app.test_client()
    personas.app.config["WTF_CSRF_ENABLED"] = False
    assert browser.post("/home/till/pair", data={"code": code.lower().replace("-", " ")}).status_code == 303
    assert other.post("/home/till/pair", data={"code": code}).status_code == 422
    held = browser.get_cookie("voelgoed-till-home")
    assert held is not None
    assert held.http_only
    assert held.same_site == "Lax"
    with personas.home.scope():
        till = rows(Till).get(till_id)
        assert till.token_hash == hash_secret(held.value)
        assert code[5:].encode() not in rows(TillPairing).one().secret_hash
    assert "Counter" in browser.get("/home/till/sign-in").text
    assert "is no till" in other.get("/home/till/sign-in").text
    assert "is no till" in browser.get("/abroad/till/sign-in").text


def test_under_tls_the_cookie_belongs_to_this_host_alone(personas: Personas, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(personas.app.config, "SESSION_COOKIE_SECURE", True)
    with personas.app.test_request_context("/home/till"):
        assert cookie_name("home") == "__Host-voelgoed-till-home"


def test_five_tries_ten_minutes_and_only_ours(personas: Personas) -> None:
    till_id = new_till(personas.home)
    personas.app.config["WTF_CSRF_ENABLED"] = False
    browser = personas.app.test_client()

    def send(code: str, slug: str = "home") -> int:
        return browser.post(f"/{slug}/till/pair", data={"code": code}).status_code

    code = till_code(personas.home, till_id)
    wrong = code[:-1] + ("A" if code[-1] != "A" else "B")
    assert send(code, "abroad") == 422
    assert [send(wrong) for _ in range(5)] == [422] * 5
    assert send(code) == 422
    late = till_code(personas.home, till_id)
    with frozen(now() + 11 * MINUTES):
        assert send(late) == 422
    again = till_code(personas.home, till_id)
    assert send(late) == 422  # a new code ends the one before
    assert [send(again[:-1] + ("A" if again[-1] != "A" else "B")) for _ in range(4)] == [422] * 4
    assert send(again) == 303  # negative control: it is the fifth wrong try that refuses above
    for odd in ("", "A", "----------", "🎟️" * 10, "x" * 21):
        assert send(odd) == 422
    assert [send("AAAA-AAAAAA") for _ in range(20)][-1] == 429


def test_day_staff_sign_in_at_a_paired_till_only(counter: Counter) -> None:
    assert counter.sign_in(browser=counter.personas.app.test_client()) == 403
    assert counter.sign_in(pin="424243") == 422
    assert counter.browser.get("/home/till").headers["Location"].startswith("/home/till/sign-in?next=")
    assert counter.sign_in() == 303
    assert counter.browser.get(f"/home/events/{counter.programme.event_id}/till").status_code == 200
    assert counter.browser.get("/home/staff").status_code == 403
    assert counter.browser.get("/abroad/till").status_code != 200
    float_ = {"p10000": "1"}
    assert counter.browser.post("/home/shifts", data=float_).status_code == 303
    assert "Counter" in counter.browser.get("/home/shift").text
    with counter.home.scope():
        entry = rows(AuditEntry).filter_by(object="shift").order_by(AuditEntry.id.desc()).first()
        assert (entry.actor_kind, entry.actor_id, entry.actor_label) == ("user", counter.member_id, "Day 701")
    assert "Day 701" in counter.personas.client("manager").get("/home/trail?object=shift").text


def test_the_sign_in_ends_with_the_person_the_day_and_the_till(counter: Counter) -> None:
    assert counter.sign_in() == 303
    page = "/home/shift"
    assert counter.browser.get(page).status_code == 200
    with counter.home.scope():
        rows(StaffDay).one().event_id = put_on(days=1, name="Another").event_id
        commit()
    with frozen(now() + timedelta(days=40)):
        assert counter.browser.get(page).status_code == 303
    with counter.home.scope():
        rows(Membership).get(counter.member_id).left_at = now()
        commit()
    assert counter.browser.get(page).status_code == 303
    with counter.home.scope():
        rows(Membership).get(counter.member_id).left_at = None
        commit()
    assert counter.browser.get(page).status_code == 200
    assert counter.personas.client("manager").post(f"/home/tills/{counter.till_id}/unpairing").status_code == 303
    assert counter.browser.get(page).status_code == 303
    assert counter.sign_in() == 403


def test_day_staff_sell_only_what_they_are_named_for(counter: Counter) -> None:
    with counter.home.scope():
        other = put_on(name="Another")
    counter.sign_in()
    body = {"lines": [{"ticket_type_id": str(other.types["Adult"]), "quantity": 1}], "key": str(uuid4())}
    for event_id, answers in ((counter.programme.event_id, (200, 201)), (other.event_id, (403, 403))):
        if event_id == counter.programme.event_id:
            body["lines"] = [{"ticket_type_id": str(counter.programme.types["Adult"]), "quantity": 1}]
        path = f"/home/events/{event_id}"
        made = counter.browser.post(f"{path}/checkouts", json=body)
        assert (counter.browser.get(f"{path}/till").status_code, made.status_code) == answers
    give_pin(counter.home, "box_office", "102", "135790")
    counter.sign_in("102", "135790")  # negative control: a member with an e-mail address sells them all
    assert counter.browser.get(f"/home/events/{other.event_id}/till").status_code == 200


def test_the_next_person_ends_the_one_before(counter: Counter) -> None:
    give_pin(counter.home, "owner", "101", "135790")
    assert [counter.sign_in(), counter.sign_in("101", "135790")] == [303, 303]
    assert counter.browser.get("/home/drawers").status_code == 200
    assert counter.browser.get("/home/settings").status_code == 403  # six digits open no more than a manager's deeds
    with counter.home.scope():
        assert sorted(one.ended_at is None for one in rows(TillSignIn)) == [False, True]
    assert counter.browser.post("/home/till/sign-out").status_code == 303
    assert counter.browser.get("/home/drawers").status_code == 303


def test_an_idle_till_locks_and_the_same_person_unlocks_it(counter: Counter) -> None:
    give_pin(counter.home, "manager", "101", "135790")
    counter.sign_in()
    browser, page, begun = counter.browser, "/home/shift", now()
    with frozen(begun + 4 * MINUTES):
        assert browser.get(page).status_code == 200
        assert browser.post("/home/till/seen").status_code == 200
    with frozen(begun + 8 * MINUTES):
        assert browser.get(page).status_code == 200  # five minutes since the sign of life, not since the sign-in
    with frozen(begun + 10 * MINUTES):
        assert browser.get(page).headers["Location"].startswith("/home/till/locked?next=")
        told = browser.post("/home/shifts", headers={"Accept": "application/json"})
        assert (told.status_code, told.json["type"]) == (401, "till_locked")  # type: ignore[index]
        assert browser.post("/home/till/unlock", data={"pin": "135790"}).status_code == 422  # somebody else's
        assert browser.get(page).status_code == 303
        answer = browser.post("/home/till/unlock", data={"pin": "424242", "next": page})
        assert answer.headers["Location"] == page
        assert browser.get(page).status_code == 200


def test_a_poll_is_no_sign_of_life(counter: Counter) -> None:
    counter.sign_in()
    begun = now()
    for minute in (2, 4):
        with frozen(begun + minute * MINUTES):
            assert counter.browser.get("/home/shift").status_code == 200
    with frozen(begun + 6 * MINUTES):
        assert counter.browser.get("/home/shift").status_code == 303
    counter.sign_in()
    for minute in (2, 4, 6, 8):  # negative control: what somebody opens is one
        with frozen(now() + minute * MINUTES):
            opened = counter.browser.get("/home/shift", headers={"Sec-Fetch-Mode": "navigate"})
            assert opened.status_code == 200


def test_without_the_lock_an_idle_till_stays_open(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: the probe above sees a till that never locks."""
    monkeypatch.setattr(standing, "IDLE", timedelta(days=1))
    counter.sign_in()
    with frozen(now() + 10 * MINUTES):
        assert counter.browser.get("/home/shift").status_code == 200


def test_a_till_is_locked_by_hand_and_onward_is_our_own(counter: Counter) -> None:
    counter.sign_in()
    assert counter.browser.post("/home/till/lock").headers["Location"].endswith("/till/locked")
    for elsewhere in ("//evil.test/", "https://evil.test", "/abroad/till", "/home/\\evil"):
        answer = counter.browser.post("/home/till/unlock", data={"pin": "424242", "next": elsewhere})
        assert answer.headers["Location"].endswith("/home/till"), elsewhere
    wanted = {"Accept": "application/json"}
    assert counter.browser.post("/home/till/unlock", data={"pin": "424242"}, headers=wanted).json == {"unlocked": True}
    refused = counter.browser.post("/home/till/unlock", data={"pin": "424243"}, headers=wanted)
    assert refused.status_code == 422
    assert refused.json["type"] == "wrong_pin"  # type: ignore[index]


def test_day_staff_are_taken_on_and_their_pin_is_shown_once(counter: Counter) -> None:
    manager = counter.personas.client("manager")
    said = {"name": "Thabo", "staff_number": "702", "roles": ["box_office"], "days": [str(counter.programme.event_id)]}
    shown = manager.post("/home/staff/tills", data=said)
    assert shown.status_code == 200
    pin = shown.text.split('aria-label="PIN ')[1].split('"')[0].replace(" ", "")
    assert counter.sign_in("702", pin) == 303
    assert manager.post("/home/staff/tills", data=said).status_code == 422  # the number is taken
    for wrong in ({"roles": ["manager"]}, {"days": []}, {"staff_number": "x"}, {"name": ""}):
        assert manager.post("/home/staff/tills", data=said | {"staff_number": "703"} | wrong).status_code == 422, wrong
    with counter.home.scope():
        member = rows(Membership).filter_by(staff_number="702").one()
        assert (member.user_id, member.name) == (None, "Thabo")
        member_id = member.id
    page = manager.get("/home/staff/tills").text
    assert "Thabo" in page
    assert pin not in page
    fresh = manager.post(f"/home/staff/{member_id}/pin").text.split('aria-label="PIN ')[1].split('"')[0]
    assert counter.browser.get("/home/shift").status_code == 303  # what the old one had opened has ended
    assert counter.sign_in("702", fresh.replace(" ", "")) == 303
    with counter.home.scope():
        other = put_on(name="Another").event_id
    assert manager.post(f"/home/staff/{member_id}/days", data={"days": [str(other)]}).status_code == 303
    assert f'value="{other}" checked' in manager.get("/home/staff/tills").text
    assert counter.browser.get("/home/shift").status_code == 200
    assert counter.browser.get(f"/home/events/{counter.programme.event_id}/till").status_code == 403
    for foreign in (str(uuid4()), "x", f"{other}:{uuid4()}"):
        assert manager.post(f"/home/staff/{member_id}/days", data={"days": [foreign]}).status_code == 404, foreign
    assert manager.post(f"/home/staff/{member_id}/days", data={"days": []}).status_code == 303
    assert counter.browser.get("/home/shift").status_code == 303
    assert manager.post(f"/home/staff/{member_id}/pin/end").status_code == 303
    with counter.home.scope():
        assert rows(StaffPin).filter_by(membership_id=member_id).count() == 0
    assert (
        manager.post(f"/home/staff/{member_id}", data=said | {"roles": ["accountant"], "days": []}).status_code == 422
    )


def test_who_may_and_outsiders(counter: Counter) -> None:
    owner, clerk = counter.personas.client(), counter.personas.client("box_office")
    outsider, supervisor = counter.personas.outsider(), counter.personas.client("gate_supervisor")
    own = f"/home/tills/{counter.till_id}"
    member = f"/home/staff/{counter.member_id}"
    deeds = [*(f"{own}/{word}" for word in ("code", "browser", "unpairing", "archive")), f"{member}/pin",
             f"{member}/pin/end", f"{member}/days"]  # fmt: skip
    for path in deeds:
        assert clerk.post(path).status_code == 403, path
        assert outsider.post(path).status_code == 404, path
        assert outsider.post(path.replace("/home/", "/abroad/")).status_code == 404, path
    for path in ("/home/tills", "/home/staff/tills"):
        assert [one.get(path).status_code for one in (owner, clerk, outsider, supervisor)] == [200, 403, 404, 403], path
    assert counter.personas.client("auditor").get("/home/staff/tills").status_code == 200
    with counter.home.scope():
        boss = rows(Membership).filter_by(user_id=counter.home.people["owner"]).one().id
    assert counter.personas.client("manager").post(f"/home/staff/{boss}/pin").status_code == 403
    assert owner.post(f"/home/staff/{boss}/pin").status_code == 409  # no staff number yet


def test_tills_are_added_and_put_away(counter: Counter) -> None:
    manager = counter.personas.client("manager")
    assert manager.post("/home/tills", data={"name": "Gate", "prefix": "g2"}).status_code == 303
    for wrong in ({"prefix": "G2"}, {"prefix": "G-2"}, {"prefix": "GGGGGGG"}, {"name": ""}):
        assert manager.post("/home/tills", data={"name": "Gate", "prefix": "G3"} | wrong).status_code == 422, wrong
    with counter.home.scope():
        gate = rows(Till).filter_by(prefix="G2").one().id
    assert manager.post(f"/home/tills/{gate}/browser").status_code == 303
    assert "this browser" in manager.get("/home/tills").text
    assert manager.post(f"/home/tills/{gate}/archive").status_code == 303
    assert "Gate" not in manager.get("/home/tills").text
    assert manager.post("/home/tills", data={"name": "Gate", "prefix": "G2"}).status_code == 422  # never used again
    in_use = counter.home.tills["box_office"]
    assert manager.post(f"/home/tills/{in_use}/archive").status_code == 409


test_without_it_day_staff_sell_everything = goes_red(
    test_day_staff_sell_only_what_they_are_named_for, standing._refuse_other_events, "not_your_event"
)
