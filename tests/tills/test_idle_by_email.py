"""Whoever signed in by e-mail at a paired till is locked after five idle minutes, too; the slip is the browser's."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from tests.accounts.people import PASSWORD, with_password
from tests.personas import Personas
from tests.tills.people import give_pin, new_till, paired, till_code
from voelgoed.accounts.membership import Membership
from voelgoed.boxoffice import standing
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.clock import frozen, now
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import rows
from voelgoed.tills.till import TillSignIn

MINUTES = timedelta(minutes=1)
PAGE = "/home/shift"


@pytest.fixture
def clerk(personas: Personas) -> FlaskClient:
    """Return the browser of somebody signed in by e-mail, made a till."""
    with_password(personas.home, "box_office")
    browser = personas.client("box_office")
    code = till_code(personas.home, new_till(personas.home))
    assert browser.post("/home/till/pair", data={"code": code}).status_code == 303
    return browser


def locked(browser: FlaskClient) -> bool:
    return "/till/locked" in browser.get(PAGE).headers.get("Location", "")


def test_it_locks_and_opens_with_the_password_or_the_pin(personas: Personas, clerk: FlaskClient) -> None:
    begun = now()
    assert "till-lock" in clerk.get(PAGE).text
    with frozen(begun + 4 * MINUTES):
        assert clerk.post("/home/till/seen").status_code == 200
    with frozen(begun + 8 * MINUTES):
        assert not locked(clerk)
    with frozen(begun + 10 * MINUTES):
        assert locked(clerk)
        told = clerk.post("/home/shifts", headers={"Accept": "application/json"})
        assert (told.status_code, told.json["type"]) == (401, "till_locked")  # type: ignore[index]
        assert "PIN or password of" in clerk.get("/home/till/locked").text
        for wrong in ("000000", "not the password", PASSWORD.upper()):
            assert clerk.post("/home/till/unlock", data={"pin": wrong}).status_code == 422, wrong
        assert locked(clerk)
        answer = clerk.post("/home/till/unlock", data={"pin": PASSWORD, "next": PAGE})
        assert answer.headers["Location"] == PAGE
        assert not locked(clerk)
        assert clerk.post("/home/till/lock").headers["Location"].endswith("/till/locked")
        assert locked(clerk)
        give_pin(personas.home, "box_office", "103", "246801")
        assert clerk.post("/home/till/unlock", data={"pin": "246801"}).json == {"unlocked": True}
        assert not locked(clerk)


@pytest.fixture
def abroad_too(personas: Personas) -> str:
    """Have the clerk manage the other organization, too."""
    house = personas.abroad
    with house.scope():
        user_id = personas.home.people["box_office"]
        db.session.add(Membership(user_id=user_id, name="The clerk abroad", roles=["manager"]))
        commit()
    return f"/{house.slug}/events"


def test_a_locked_till_covers_all_that_its_person_could_do_with_this_browser(
    personas: Personas, clerk: FlaskClient, abroad_too: str
) -> None:
    assert [clerk.get(path).status_code for path in (PAGE, "/-/account", abroad_too)] == [200] * 3
    begun = now()
    with frozen(begun + 4 * MINUTES):
        assert clerk.get(abroad_too, headers={"Sec-Fetch-Mode": "navigate"}).status_code == 200
    with frozen(begun + 8 * MINUTES):
        assert not locked(clerk), "whoever was busy elsewhere with this browser was not idle"
    clerk.post("/home/till/lock")
    for without in (None, "voelgoed-till-home"):  # taking the till's cookie away opens nothing either
        if without:
            clerk.delete_cookie(without)
        for path in (PAGE, "/-/account", "/", abroad_too):
            assert clerk.get(path).headers.get("Location", "").startswith("/home/till/locked"), path
        change = {"current": PASSWORD, "new": "another long password", "again": "another long password"}
        for path, said in (("/-/account/password", change), ("/-/account/sign-ins/end-others", {})):
            assert clerk.post(path, data=said).headers.get("Location", "").startswith("/home/till/locked"), path
        told = clerk.get(abroad_too, headers={"Accept": "application/json"})
        assert (told.status_code, told.json["type"]) == (401, "till_locked")  # type: ignore[index]
    assert clerk.post("/home/till/unlock", data={"pin": PASSWORD}).status_code == 200
    assert [clerk.get(path).status_code for path in (PAGE, "/-/account", abroad_too)] == [200] * 3


def test_who_signs_in_with_their_own_password_takes_the_browser_over(personas: Personas, clerk: FlaskClient) -> None:
    assert clerk.get(PAGE).status_code == 200
    clerk.post("/home/till/lock")
    assert clerk.get("/-/sign-in").status_code == 200
    said = {"email": with_password(personas.home, "manager"), "password": PASSWORD}
    assert clerk.post("/-/sign-in", data=said).status_code == 303
    assert not locked(clerk)
    assert clerk.get("/-/account").status_code == 200


def test_somebody_else_signs_in_and_the_one_before_is_gone(personas: Personas, clerk: FlaskClient) -> None:
    assert clerk.get(PAGE).status_code == 200
    clerk.post("/home/till/lock")
    assert clerk.post("/home/till/sign-out").status_code == 303
    for path in (PAGE, "/-/account"):
        assert clerk.get(path).status_code == 303
    with personas.home.scope():
        assert rows(TillSignIn).filter(TillSignIn.ended_at.is_(None)).count() == 0


def test_who_comes_by_e_mail_ends_who_stood_there_by_pin(personas: Personas) -> None:
    till_id = new_till(personas.home)
    browser = paired(personas, till_id)
    give_pin(personas.home, "manager", "102", "135790")
    assert browser.post("/home/till/sign-in", data={"staff_number": "102", "pin": "135790"}).status_code == 303
    email = with_password(personas.home, "box_office")
    assert browser.post("/-/sign-in", data={"email": email, "password": PASSWORD}).status_code == 303
    assert browser.get(PAGE).status_code == 200
    with personas.home.scope():
        first, second = rows(TillSignIn).order_by(TillSignIn.id)
        assert (first.ended_at is None, second.ended_at) == (False, None)
        assert first.membership_id != second.membership_id


def test_without_the_lock_or_without_a_till_nothing_locks(
    personas: Personas, clerk: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: the probe above sees a till that never locks. Other browsers are no tills and never do."""
    elsewhere = personas.client("box_office")
    assert [one.get(PAGE).status_code for one in (clerk, elsewhere)] == [200, 200]
    assert "till-lock" not in elsewhere.get(PAGE).text
    with frozen(now() + 10 * MINUTES):
        assert not locked(elsewhere)
        assert locked(clerk)
        monkeypatch.setattr(standing, "IDLE", timedelta(days=1))
        assert not locked(clerk)
