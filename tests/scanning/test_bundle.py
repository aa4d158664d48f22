"""The bundle: enough to judge by, nothing personal, and deltas that miss nothing that commits late."""

from __future__ import annotations

import base64
import hmac
import json
import struct
from typing import Any
from uuid import UUID

import psycopg
import pytest
from flask import Flask

from tests.conftest import Database
from tests.personas import Personas
from tests.scanning.evening import Evening, Phone, put_on
from voelgoed.catalog.event import Day
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.tenancy import rows
from voelgoed.scanning import bundle_kept
from voelgoed.scanning.decide import end_day, undo
from voelgoed.scanning.scan import Scan
from voelgoed.selling.void import void_ticket
from voelgoed.ticketing.reissue import reissue
from voelgoed.ticketing.ticket import Ticket

RECORD = struct.Struct(">16s8sBBHBB")


@pytest.fixture
def evening(app: Flask, personas: Personas) -> Evening:
    return put_on(app, personas.home)


def ask(phone: Phone, since: str | None = None, event_id: UUID | None = None) -> Any:
    where = f"/api/v1/events/{event_id or phone.event_id}/bundle" + (f"?since={since}" if since else "")
    return phone.client.get(where, headers={"Authorization": f"Bearer {phone.token}"})


def tickets(said: dict[str, Any]) -> dict[bytes, tuple[int, ...]]:
    run = base64.b64decode(said["tickets"])
    found = [RECORD.unpack_from(run, at) for at in range(0, len(run), RECORD.size)]
    assert [one[0] for one in found] == sorted(one[0] for one in found)
    return {key: tuple(rest) for key, _serial, *rest in found}


def key_of(said: dict[str, Any], ticket_id: UUID) -> bytes:
    return hmac.digest(base64.b64decode(said["pepper"]), ticket_id.bytes, "sha256")[:16]


def test_it_holds_every_ticket_under_a_keyed_hash_and_nobodys_name(evening: Evening) -> None:
    adult, family = evening.tickets("Adult")[0], evening.tickets("Family")[0]
    with evening.house.scope():
        rows(Ticket).get(adult[0]).holder = "Thandiwe Mokoena"
        commit()
    phone = evening.phone()
    phone.scan(family[1], bodies=2)
    answer = ask(phone)
    said = answer.json
    assert tickets(said) == {key_of(said, adult[0]): (1, 1, 1, 1, 0), key_of(said, family[0]): (1, 2, 1, 4, 0)}
    place = sorted(tickets(said)).index(key_of(said, family[0]))
    inside = [(number, said["zones"][zone]["id"]) for number, zone, *_ in said["stays"][str(place)]]
    assert inside == [(1, lawn := str(evening.zones["Lawn"])), (2, lawn)]
    assert said["whole"] is True
    for secret in ("Thandiwe", str(adult[0]), adult[0].hex, "35000"):
        assert secret not in answer.text


def test_a_delta_is_what_changed_and_an_unknown_version_is_everything(evening: Evening) -> None:
    made = [evening.tickets()[0] for _ in range(6)]
    phone = evening.phone()
    phone.scan(made[3][1])
    first = ask(phone).json
    assert tickets(ask(phone, first["version"]).json) == {}
    with evening.house.scope("manager"):
        void_ticket(rows(Ticket).get(made[0][0]), "lost", limited=False)
        reissue(rows(Ticket).get(made[1][0]), "torn")
        undo(rows(Scan).filter(Scan.ticket_id == made[3][0]).one(), "not this one")
        commit()
    phone.scan(made[2][1])
    new = evening.tickets()[0]
    said = ask(phone, first["version"]).json
    changed = tickets(said)
    assert set(changed) == {key_of(said, one[0]) for one in (*made[:4], new)}
    assert changed[key_of(said, made[0][0])][-1] == 1
    assert changed[key_of(said, made[1][0])][0] == 2
    assert (said["whole"], said["stays"].keys()) == (False, {str(sorted(changed).index(key_of(said, made[2][0])))})
    for odd in ("nonsense", "1-1-1.5", first["version"].rpartition(".")[0] + ".x", "0" * 150):
        assert (ask(phone, odd).json["whole"], len(tickets(ask(phone, odd).json))) == (True, 7)


def test_what_commits_after_a_later_transaction_is_not_missed(evening: Evening, database: Database) -> None:
    (ticket_id, _), phone = evening.tickets()[0], evening.phone()
    with psycopg.connect(database.url("postgres")) as slow:
        slow.execute("SELECT set_config('app.organization_id', %s, true)", (str(evening.house.organization_id),))
        slow.execute(
            "INSERT INTO reissue (organization_id, id, ticket_id, version, reason, actor, created_at)"
            " VALUES (%s, gen_random_uuid(), %s, 2, 'slow', 'a clerk', now())",
            (evening.house.organization_id, ticket_id),
        )
        evening.tickets()  # another transaction, begun later, has committed meanwhile
        version = ask(phone).json["version"]
        slow.commit()
    said = ask(phone, version).json
    assert key_of(said, ticket_id) in tickets(said)


def test_only_the_events_own_phones_may_have_it(evening: Evening, personas: Personas) -> None:
    phone = evening.phone()
    other = put_on(evening.app, personas.home, name="Next door")
    abroad = put_on(evening.app, personas.abroad, name="Elsewhere")
    assert ask(phone).status_code == 200
    assert [ask(phone, event_id=one.event_id).status_code for one in (other, abroad)] == [404, 404]
    assert ask(abroad.phone(), event_id=evening.event_id).status_code == 404
    assert json.loads(ask(phone).text)["event"]["id"] == str(evening.event_id)


def test_what_a_process_remembers_is_what_it_would_read_anew(evening: Evening) -> None:
    """After entries, exits, voids, an undo, a reissue and a day's end, and for whoever asks first or later."""
    made, phone = [evening.tickets("Crew")[0] for _ in range(6)], evening.phone()
    for _, code in made[:4]:
        assert phone.scan(code)["verdict"] == "admitted"
        assert len(tickets(ask(phone).json)) == 6
    phone.scan(made[1][1], direction="out")
    with evening.house.scope("manager"):
        void_ticket(rows(Ticket).get(made[0][0]), "lost", limited=False)
        reissue(rows(Ticket).get(made[4][0]), "torn")
        undo(rows(Scan).filter(Scan.ticket_id == made[3][0]).one(), "not this one")
        commit()
    before = ask(phone).json
    with evening.house.scope("manager"):
        assert end_day(rows(Day).get(evening.day_id)) is not None
        commit()
    delta, kept = ask(phone, before["version"]).json, ask(phone).json
    bundle_kept.forget()
    anew = ask(phone).json
    assert {name: kept[name] for name in ("tickets", "stays")} == {name: anew[name] for name in ("tickets", "stays")}
    assert (len(before["stays"]), len(kept["stays"])) == (3, 3)
    assert [stay[1] for stays in kept["stays"].values() for stay in stays] == [None] * 3
    assert len(delta["stays"]) == 3, "a phone hears that the day has ended"
