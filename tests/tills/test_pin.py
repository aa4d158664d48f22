"""PINs: five tries, counted though the request is refused; who may work when; approval on the same till."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta

import pytest
from flask import Flask

from tests.checkout.programme import put_on
from tests.controls import goes_red
from tests.personas import Personas
from tests.tills.people import day_staff, give_pin
from voelgoed.accounts.membership import Membership
from voelgoed.catalog.event import Day
from voelgoed.foundation.audit.entry import AuditEntry
from voelgoed.foundation.boundary import commit, rollback
from voelgoed.foundation.clock import frozen, now
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import current_scope, rows, scope
from voelgoed.foundation.web import Problem
from voelgoed.tills import approval
from voelgoed.tills import pin as pins
from voelgoed.tills.approval import approval_given, approved_by
from voelgoed.tills.pin import member_by_pin, new_pin, set_pin
from voelgoed.tills.till import StaffDay, StaffPin, Till


def test_a_pin_is_six_digits_and_kept_as_a_hash(personas: Personas) -> None:
    assert all(len(one) == 6 and one.isdigit() for one in (new_pin() for _ in range(50)))
    give_pin(personas.home, "manager", "101", "135790")
    with personas.home.scope():
        stored = rows(StaffPin).one().pin_hash
        assert stored.startswith("$argon2id$")
        assert "135790" not in stored
        assert member_by_pin("101", "135790").name == "manager of home"  # type: ignore[union-attr]
        assert member_by_pin("101", "135791") is None
        assert member_by_pin("999", "135790") is None
    with personas.abroad.scope():
        assert member_by_pin("101", "135790") is None


def guesses(app: Flask, personas: Personas, tries: int) -> Counter[str]:
    """Guess at one PIN, all at once, each in a request of its own that comes to nothing."""

    def guess(_number: int) -> str:
        # As a job: hashing on a busy machine may take longer than a request's transaction may be idle.
        with app.app_context(), scope(personas.home.organization_id, personas.home.actor(), job="a guess"):
            try:
                found = member_by_pin("101", "000000")
            except Problem as problem:
                return problem.type
            finally:
                rollback()
            return "wrong" if found is None else "right"

    with ThreadPoolExecutor(2) as pool:
        return Counter(pool.map(guess, range(tries)))


def test_five_wrong_tries_lock_for_a_quarter_of_an_hour_however_they_come(app: Flask, personas: Personas) -> None:
    member_id = give_pin(personas.home, "manager", "101", "135790")
    assert guesses(app, personas, 9) == {"wrong": 5, "pin_locked": 4}
    with personas.home.scope():
        with pytest.raises(Problem, match="pin_locked"):
            member_by_pin("101", "135790")
        set_pin(rows(Membership).get(member_id), "246801")  # whoever gives a new one opens the lock
        assert member_by_pin("101", "246801") is not None


def test_without_the_count_a_pin_could_be_guessed(
    app: Flask, personas: Personas, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: the probe above sees a count that never locks."""
    give_pin(personas.home, "manager", "101", "135790")
    monkeypatch.setattr(pins, "MOST_TRIES", 1_000_000)
    assert guesses(app, personas, 9) == {"wrong": 9}


def test_day_staff_work_on_the_days_that_they_are_named_for(personas: Personas) -> None:
    with personas.home.scope():
        event_id, other_id = put_on(days=2).event_id, put_on(name="Another").event_id
        days = rows(Day).filter(Day.event_id == event_id).order_by(Day.number).all()
        doors, last = days[0].doors_at, days[1]
    member_id = day_staff(personas.home, event_id)
    with personas.home.scope():
        with frozen(doors):
            assert member_by_pin("701", "424242") is not None
        for never in (doors - timedelta(days=3), last.ends_at + timedelta(days=3)):
            with frozen(never):
                assert member_by_pin("701", "424242") is None
        named = rows(StaffDay).one()
        named.day_id = last.id
        db.session.flush()
        with frozen(last.doors_at):
            assert member_by_pin("701", "424242") is not None
        named.event_id, named.day_id = other_id, None
        db.session.flush()
        with frozen(last.doors_at):
            assert member_by_pin("701", "424242") is None
        rows(Membership).get(member_id).left_at = now()
        with frozen(doors):
            assert member_by_pin("701", "424242") is None


@contextmanager
def asked(app: Flask, personas: Personas, role: str = "box_office", **form: str) -> Iterator[None]:
    """Ask for something as somebody, with these fields."""
    with app.test_request_context("/home/deeds", method="POST", data=form), personas.home.scope(role):
        yield


def refusal(app: Flask, personas: Personas, role: str = "box_office", **form: str) -> str:
    """Return the word with which an approval is refused."""
    with asked(app, personas, role, **form), pytest.raises(Problem) as refused:
        approved_by("ticket.void")
    return refused.value.type


def test_a_holder_approves_by_pin_and_both_names_are_in_the_trail(app: Flask, personas: Personas) -> None:
    give_pin(personas.home, "manager", "101", "135790")
    with asked(app, personas, staff_number="101", pin="135790"):
        assert approval_given()
        current_scope().reason = "Void of A 123"
        assert approved_by("ticket.void").name == "manager of home"
        db.session.add(Till(name="Probe", prefix="PR"))
        commit()
    with personas.home.scope():
        entry = rows(AuditEntry).filter_by(object="till").order_by(AuditEntry.id.desc()).first()
        assert (entry.actor_label, entry.reason) == (
            "box_office of home", "Void of A 123, approved by manager of home",
        )  # fmt: skip
    body = {"approval": {"staff_number": "101", "pin": "135790"}}
    with app.test_request_context("/api/v1/x", method="POST", json=body), personas.home.scope("box_office"):
        assert approved_by("ticket.void").name == "manager of home"


def test_who_does_not_hold_the_deed_approves_nothing(app: Flask, personas: Personas) -> None:
    give_pin(personas.home, "box_office", "102", "135790")
    give_pin(personas.home, "manager", "101", "975310")
    assert refusal(app, personas) == "approval_needed"
    assert refusal(app, personas, staff_number="101") == "approval_needed"
    assert refusal(app, personas, staff_number="102", pin="135790") == "wrong_pin"
    assert refusal(app, personas, staff_number="101", pin="975311") == "wrong_pin"
    assert refusal(app, personas, "manager", staff_number="101", pin="975310") == "wrong_pin"  # nobody for themselves
    assert refusal(app, personas, "accountant", staff_number="101", pin="975310") == "not_at_a_till"
    for odd in ([], "x", {"approval": "x"}, {"approval": {"pin": ["1"]}}, None):
        with app.test_request_context("/api/v1/x", method="POST", json=odd), personas.home.scope("box_office"):
            assert not approval_given()


test_without_it_whoever_has_a_pin_approves = goes_red(
    test_who_does_not_hold_the_deed_approves_nothing, approval.approved_by, "wrong_pin"
)
