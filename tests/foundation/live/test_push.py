"""A change reaches those who watch it, from any process, after its commit; nobody else, and never twice too often."""

from __future__ import annotations

import queue
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest

from tests.foundation.live.conftest import PATIENCE, Browser
from tests.foundation.live.rooms import KIND, looks
from tests.personas import Personas
from voelgoed.accounts.membership import Membership
from voelgoed.catalog.venue import Venue
from voelgoed.foundation.boundary import after_commit, commit, rollback
from voelgoed.foundation.database import db
from voelgoed.foundation.live import publish
from voelgoed.foundation.tenancy import door, rows

Connect = Callable[..., Browser]


def rename(personas: Personas, venue: UUID, name: str) -> None:
    with personas.home.scope():
        rows(Venue).get(venue).name = f"{name} {venue}"
        publish(KIND, venue)
        commit()


def test_a_change_in_another_process_reaches_who_joined(connect: Connect, personas: Personas, venue: UUID) -> None:
    watching, elsewhere = connect(), connect()
    assert watching.join(venue) == {"joined": f"{KIND}:{venue}"}
    rename(personas, venue, "Delta Park")
    pushed = watching.next()
    assert pushed["room"] == f"{KIND}:{venue}"
    assert pushed["id"] == "venue"
    assert "Delta Park" in pushed["html"]
    assert elsewhere.pushes.empty()


def test_the_version_rises_and_the_last_change_is_never_lost(connect: Connect, personas: Personas, venue: UUID) -> None:
    watching = connect()
    watching.join(venue)
    names = [f"Name{number}" for number in range(30)]
    for name in names:
        rename(personas, venue, name)
    versions = []
    while True:
        pushed = watching.next()
        versions.append(pushed["version"])
        if f"{names[-1]} " in pushed["html"]:
            break
    assert versions == sorted(versions)
    assert len(versions) < len(names)


def test_nothing_is_pushed_for_what_was_rolled_back(connect: Connect, personas: Personas, venue: UUID) -> None:
    watching = connect()
    watching.join(venue)
    with personas.home.scope():
        rows(Venue).get(venue).name = f"Never {venue}"
        publish(KIND, venue)
        rollback()
    rename(personas, venue, "Zoo Lake")
    assert "Zoo Lake" in watching.next()["html"]


def test_what_nobody_watches_is_not_rendered(connect: Connect, personas: Personas, venue: UUID) -> None:
    with personas.home.scope():
        other = Venue(name=f"Unseen {venue}")
        db.session.add(other)
        commit()
    rename(personas, other.id, "Unwatched")
    watching = connect()
    watching.join(venue)
    rename(personas, venue, "Watched")
    assert "Watched" in watching.next()["html"]
    assert (looks[venue], looks[other.id]) == (1, 0)


def test_who_follows_a_commit_may_publish_too(connect: Connect, personas: Personas, venue: UUID) -> None:
    watching = connect()
    watching.join(venue)
    with personas.home.scope():
        rows(Venue).get(venue).name = f"Bezuidenhout {venue}"
        after_commit(lambda: publish(KIND, venue))
        commit()
    assert "Bezuidenhout" in watching.next()["html"]


@pytest.mark.parametrize("wanted", ["foreign", "unknown", "no role", "nobody", "unknown kind"])
def test_who_may_not_watch_joins_nothing(connect: Connect, personas: Personas, venue: UUID, wanted: str) -> None:
    browser, ident, slug = {
        "foreign": lambda: (connect("owner", personas.abroad), venue, "abroad"),
        "unknown": lambda: (connect(), uuid4(), "home"),
        "no role": lambda: (connect("box_office"), venue, "home"),
        "nobody": lambda: (connect(None), venue, "home"),
        "unknown kind": lambda: (connect("owner", personas.abroad), venue, "home"),
    }[wanted]()
    assert browser.join(ident, slug) == {"error": "not_found"}
    control = connect()
    control.join(venue)
    rename(personas, venue, "Wemmer Pan")
    assert "Wemmer Pan" in control.next()["html"]  # the push went out, and this one was not sent it
    assert browser.pushes.empty()


@pytest.mark.parametrize("asked", [None, 7, "venue", {}, {"room": "venue:1", "slug": "home"}, {"room": [], "slug": 3}])
def test_malformed_asking_is_refused(connect: Connect, asked: object) -> None:
    assert connect().io.call("join", asked, timeout=PATIENCE) == {"error": "malformed"}


def test_a_socket_ends_when_its_sign_in_ends(connect: Connect, personas: Personas, venue: UUID) -> None:
    ended, stays = connect("gate_supervisor"), connect("manager")
    ended.join(venue)
    stays.join(venue)
    with door() as opened:
        for row in opened.call("sign_ins_of", user_id=personas.home.people["gate_supervisor"]):
            opened.call("end_sign_in", sign_in_id=row.id, user_id=personas.home.people["gate_supervisor"])
    assert ended.ended.get(timeout=PATIENCE)
    rename(personas, venue, "Rhodes Park")
    assert "Rhodes Park" in stays.next()["html"]
    with pytest.raises(queue.Empty):
        ended.pushes.get_nowait()


def test_who_loses_the_role_is_taken_out_of_the_room(connect: Connect, personas: Personas, venue: UUID) -> None:
    loses, stays = connect("gate_supervisor"), connect("manager")
    loses.join(venue)
    stays.join(venue)
    with personas.home.scope():
        row = rows(Membership).filter_by(user_id=personas.home.people["gate_supervisor"]).one()
        row.roles = ["box_office"]
        commit()
    while loses.join(venue) != {"error": "not_found"}:
        pass  # the role is read anew at each asking
    gateway_has_watched(personas, stays, loses, venue)


def gateway_has_watched(personas: Personas, stays: Browser, loses: Browser, venue: UUID) -> None:
    """Rename until the one who lost the role hears nothing any more while the other still does."""
    for number in range(100):
        rename(personas, venue, f"Round{number}")
        while f"Round{number} " not in stays.next()["html"]:
            pass
        heard = [loses.pushes.get_nowait()["html"] for _ in range(loses.pushes.qsize())]
        if not any(f"Round{number} " in html for html in heard):
            return
    raise AssertionError("it still hears")
