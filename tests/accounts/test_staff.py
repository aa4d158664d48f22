"""Staff: roles, numbers, leaving; who may change whom; and always an owner."""

from __future__ import annotations

import psycopg
import pytest
from flask import Flask

from tests.accounts.people import member_of
from tests.conftest import Database
from tests.personas import Personas
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.clock import now


def at(personas: Personas, role: str) -> str:
    """Return the address of a member's page."""
    with personas.home.scope():
        return f"/home/staff/{member_of(personas.home, role).id}"


def said(**changes: object) -> dict[str, object]:
    return {"name": "Naledi", "roles": ["box_office"], "staff_number": "0104"} | changes


def test_a_change_of_role_counts_at_once(personas: Personas) -> None:
    clerk = personas.client("box_office")
    assert clerk.get("/home/staff").status_code == 403
    answer = personas.client().post(at(personas, "box_office"), data=said(roles=["box_office", "auditor"]))
    assert answer.status_code == 303
    assert "0104" in clerk.get("/home/staff").text


def test_ending_a_membership_closes_the_open_sign_in_at_once(personas: Personas) -> None:
    clerk = personas.client("box_office")
    assert clerk.get("/home/").status_code == 200
    personas.client("manager").post(at(personas, "box_office") + "/end")
    assert clerk.get("/home/").status_code == 404
    personas.client("manager").post(at(personas, "box_office") + "/return")
    assert clerk.get("/home/").status_code == 200


def test_outsiders_find_nobody_and_lesser_roles_change_nobody(personas: Personas) -> None:
    path = at(personas, "box_office")
    assert personas.outsider().get(path).status_code == 404
    assert personas.outsider().get(path.replace("/home/", "/abroad/")).status_code == 404
    assert personas.outsider().post(path.replace("/home/", "/abroad/"), data=said()).status_code == 404
    for role in ("box_office", "gate_supervisor", "accountant"):
        assert personas.client(role).get(path).status_code == 403
    assert personas.client("auditor").get(path).status_code == 200
    assert personas.client("auditor").post(path, data=said()).status_code == 403


def test_managers_change_neither_owners_nor_managers_nor_themselves(personas: Personas) -> None:
    manager = personas.client("manager")
    for role in ("owner", "manager"):
        assert manager.post(at(personas, role), data=said()).status_code == 403
        assert manager.post(at(personas, role) + "/end").status_code == 403
    assert manager.post(at(personas, "auditor"), data=said(roles=["owner"])).status_code == 422


def test_the_last_owner_stays(personas: Personas) -> None:
    owner, path = personas.client(), at(personas, "owner")
    for answer in (owner.post(path, data=said(roles=["manager"])), owner.post(path + "/end")):
        assert (answer.status_code, "last owner" in answer.text) == (422, True)
    assert owner.post(at(personas, "manager"), data=said(roles=["owner"])).status_code == 303
    assert owner.post(path + "/end").status_code == 303


def test_the_database_keeps_the_last_owner_whoever_asks(database: Database, personas: Personas) -> None:
    leave = "UPDATE membership SET left_at = now() WHERE 'owner' = ANY (roles)"
    with psycopg.connect(database.url("postgres")) as connection:
        with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="last owner"):
            connection.execute(leave)
        connection.rollback()
        connection.execute("ALTER TABLE membership DISABLE TRIGGER last_owner")
        assert connection.execute(leave).rowcount == 2
        connection.rollback()


def test_two_owners_cannot_remove_each_other(app: Flask, database: Database, personas: Personas) -> None:
    with personas.home.scope():
        member_of(personas.home, "manager").roles = ["owner"]
        commit()
    url = database.url("postgres")
    with psycopg.connect(url) as one, psycopg.connect(url) as other:
        leave = "UPDATE membership SET left_at = now() WHERE user_id = %s"
        one.execute(leave, (personas.home.people["owner"],))
        other.execute("SET lock_timeout = '50ms'")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            other.execute(leave, (personas.home.people["manager"],))
        other.rollback()
        one.commit()
        with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="last owner"):
            other.execute(leave, (personas.home.people["manager"],))


def test_a_staff_number_belongs_to_one_person(personas: Personas) -> None:
    owner = personas.client()
    owner.post(at(personas, "box_office"), data=said())
    refused = owner.post(at(personas, "auditor"), data=said(roles=["auditor"]))
    assert (refused.status_code, "Somebody else has this number" in refused.text) == (422, True)


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"name": "x" * 121}, {"name": "a\x00b"}, {"roles": []}, {"roles": ["king"]},
              {"staff_number": "1 2"}, {"organization_id": "1"}],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_changed(
    personas: Personas, wrong: dict[str, object]
) -> None:
    answer = personas.client().post(at(personas, "box_office"), data=said(**wrong))
    assert answer.status_code == 422
    with personas.home.scope():
        assert member_of(personas.home, "box_office").name == "box_office of home"


def test_who_left_is_kept_and_named(personas: Personas) -> None:
    with personas.home.scope():
        member_of(personas.home, "auditor").left_at = now()
        commit()
    assert "auditor of home" in personas.client().get("/home/staff").text
