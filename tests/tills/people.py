"""Day staff, PINs and paired browsers for the tests of the tills."""

from __future__ import annotations

from uuid import UUID

from flask.testing import FlaskClient
from sqlalchemy import select

from tests.personas import House, Personas
from voelgoed.accounts.membership import Membership
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import rows
from voelgoed.tills.pair import make_till_code
from voelgoed.tills.pin import set_pin
from voelgoed.tills.till import StaffDay, Till


def day_staff(
    house: House, event_id: UUID, number: str = "701", pin: str = "424242", roles: tuple[str, ...] = ("box_office",)
) -> UUID:
    """Take on somebody without an e-mail address for an event; returns the membership's id."""
    with house.scope("manager"):
        member = Membership(name=f"Day {number}", roles=list(roles), staff_number=number)
        db.session.add(member)
        db.session.flush()
        db.session.add(StaffDay(membership_id=member.id, event_id=event_id))
        set_pin(member, pin)
        commit()
        return member.id


def give_pin(house: House, role: str, number: str, pin: str) -> UUID:
    """Give a person of the house a staff number and a PIN; returns the membership's id."""
    with house.scope("manager"):
        member = db.session.scalars(select(Membership).where(Membership.user_id == house.people[role])).one()
        member.staff_number = number
        set_pin(member, pin)
        commit()
        return member.id


def new_till(house: House, name: str = "Counter", prefix: str = "C1") -> UUID:
    """Add a till; returns its id."""
    with house.scope("manager"):
        till = Till(name=name, prefix=prefix)
        db.session.add(till)
        commit()
        return till.id


def till_code(house: House, till_id: UUID) -> str:
    """Make a pairing code for a till."""
    with house.scope("manager"):
        _, code = make_till_code(rows(Till).get(till_id))
        commit()
        return code


def paired(personas: Personas, till_id: UUID) -> FlaskClient:
    """Return a browser that was made a till, with nobody signed in."""
    personas.app.config["WTF_CSRF_ENABLED"] = False
    client = personas.app.test_client()
    answer = client.post("/home/till/pair", data={"code": till_code(personas.home, till_id)})
    assert answer.status_code == 303, answer.text
    return client
