"""Whoever signed in by e-mail at a paired till is locked after five idle minutes, too; the slip is the browser's."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from tests.accounts.people import PASSWORD, with_password
from tests.personas import Personas
from tests.tills.people import give_pin, new_till, paired, till_code
from voelgoed.boxoffice import standing
from voelgoed.foundation.clock import frozen, now
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
