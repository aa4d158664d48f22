"""What an entry says: who, through what, why, and which values; and what it never says (invariant A3)."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import delete, insert, text

from tests.conftest import World
from tests.foundation.audit.conftest import Trail
from voelgoed.catalog.event import Day, Event
from voelgoed.catalog.ticket_type import Pool, TicketType, TypePool
from voelgoed.catalog.venue import Venue
from voelgoed.checkout.checkout import Customer
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.database import db
from voelgoed.foundation.resource import Resource, uuid7
from voelgoed.foundation.tenancy import Actor, because, current_scope, door, rows, scope, set_based
from voelgoed.foundation.tenancy.announce import announce_again
from voelgoed.foundation.tenancy.organization import PLATFORM
from voelgoed.ticketing.signing_key import SigningKey


def _save(*made: Resource) -> None:
    for row in made:
        db.session.add(row)
        db.session.flush()


def _event(world: World) -> tuple[Event, Day]:
    with world.personas.home.scope():
        venue = Venue(name=f"Venue {uuid7()}")
        event = Event(venue_id=venue.id, name="Event")
        hours = [datetime(2026, 11, 24, hour, tzinfo=UTC) for hour in (15, 17, 21)]
        day = Day(event_id=event.id, number=0, date=hours[0].date(), doors_at=hours[0], starts_at=hours[1],
                  ends_at=hours[2])  # fmt: skip
        _save(venue, event, day)
        commit()
        return event, day


def test_an_entry_names_actor_request_job_run_step_and_reason(world: World, trail: Trail) -> None:
    clerk = Actor("device", uuid7(), "North 2")

    def deed() -> None:
        with scope(
            world.personas.home.organization_id, clerk, reason="a try", request="r-1", job="j-1", run="u-1", step="s-1"
        ):
            db.session.add(Venue(name=f"Said {uuid7()}"))
            commit()

    (entry,) = trail.added_by(deed)
    assert (entry.actor_kind, entry.actor_id, entry.actor_label) == ("device", clerk.id, "North 2")
    assert (entry.request, entry.job, entry.run, entry.step, entry.reason) == ("r-1", "j-1", "u-1", "s-1", "a try")


def test_each_scope_speaks_for_itself(world: World, trail: Trail) -> None:
    home = world.personas.home

    def deed() -> None:
        with home.scope("owner"):
            db.session.add(Venue(name=f"Outer {uuid7()}"))
            db.session.flush()
            with home.scope("manager"):
                db.session.add(Venue(name=f"Inner {uuid7()}"))
                commit()
            commit()

    said = {entry.changes["name"][1].split()[0]: entry.actor_id for entry in trail.added_by(deed)}
    assert said == {"Inner": home.people["manager"], "Outer": home.people["owner"]}


def test_a_reason_holds_for_what_is_done_inside_it(world: World, trail: Trail) -> None:
    def deed() -> None:
        with world.personas.home.scope():
            db.session.add(Venue(name=f"Before {uuid7()}"))
            with because("the roof leaks"):
                db.session.add(Venue(name=f"Inside {uuid7()}"))
                with because("and the cellar too"):
                    db.session.add(Venue(name=f"Deeper {uuid7()}"))
            db.session.add(Venue(name=f"After {uuid7()}"))
            commit()

    said = {entry.changes["name"][1].split()[0]: entry.reason for entry in trail.added_by(deed)}
    assert said == {"Before": None, "Inside": "the roof leaks", "Deeper": "and the cellar too", "After": None}


def test_a_reason_ends_when_what_is_inside_fails(world: World, trail: Trail) -> None:
    def fail_in_words() -> None:
        with because("never mind"):
            db.session.add(Venue(name=f"Tried {uuid7()}"))
            raise ZeroDivisionError

    def fail_in_the_database() -> None:
        with set_based("reports"), because("never mind"):
            db.session.execute(text("SELECT 1/0"))

    def deed() -> None:
        with world.personas.home.scope():
            with pytest.raises(ZeroDivisionError):
                fail_in_words()
            db.session.add(Venue(name=f"After {uuid7()}"))
            with pytest.raises(Exception, match="division by zero"), db.session.begin_nested():
                fail_in_the_database()
            db.session.add(Venue(name=f"Afterwards {uuid7()}"))
            commit()

    said = {entry.changes["name"][1].split()[0]: entry.reason for entry in trail.added_by(deed)}
    assert said["After"] is None
    assert said["Afterwards"] is None


def test_an_actor_who_is_known_later_is_recorded_from_then_on(world: World, trail: Trail) -> None:
    def deed() -> None:
        with scope(world.personas.home.organization_id, Actor("anonymous", None, "a token")) as opened:
            db.session.add(Venue(name=f"Before {uuid7()}"))
            db.session.flush()
            opened.actor = Actor("device", uuid7(), "North 2")
            announce_again()
            db.session.add(Venue(name=f"After {uuid7()}"))
            commit()

    said = {entry.changes["name"][1].split()[0]: entry.actor_label for entry in trail.added_by(deed)}
    assert said == {"Before": "a token", "After": "North 2"}


def test_each_way_of_writing_is_recorded_under_the_step_that_was_announced(world: World, trail: Trail) -> None:
    """The unit of work, a bulk statement and raw SQL; also after a savepoint took back what was said inside it."""

    def write(step: str, how: str) -> None:
        current_scope().step = step
        announce_again()
        rows(Venue).count()  # who reads says nothing, and takes nothing away
        if how == "unit":
            db.session.add(Venue(name=f"{step} {how}"))
            return
        with set_based("reports"):
            values = {"id": uuid7(), "organization_id": current_scope().organization_id, "name": f"{step} {how}"}
            raw = text(
                "INSERT INTO venue (organization_id, id, name, timezone) VALUES (:organization_id, :id, :name, 'UTC')"
            )
            db.session.execute(raw if how == "raw" else insert(Venue), values)

    def write_in_vain(step: str) -> None:
        with db.session.begin_nested():
            write(step, "bulk")
            raise ZeroDivisionError

    def deed() -> None:
        with world.personas.home.scope():
            write("one", "unit")
            write("two", "unit")
            write("three", "bulk")
            write("four", "raw")
            with pytest.raises(ZeroDivisionError):
                write_in_vain("never")
            write("five", "unit")
            with pytest.raises(ZeroDivisionError):
                write_in_vain("six")
            db.session.add(Venue(name="six again"))
            commit()

    said = {entry.changes["name"][1].split()[0]: entry.step for entry in trail.added_by(deed)}
    assert said == {step: step for step in ("one", "two", "three", "four", "five", "six")}


def test_redacted_values_are_masked_and_still_seen_to_change(world: World, trail: Trail) -> None:
    with world.personas.home.scope():
        buyer = Customer(name="Naledi", email="naledi@example.org")
        _save(buyer)
        commit()
        buyer.name, buyer.email = "Naledi M", None
        commit()
    made, changed = trail.of(buyer.id)
    assert made.changes == {"name": [None, "•••"], "email": [None, "•••"]}
    assert changed.changes == {"name": ["•••", "•••"], "email": ["•••", None]}
    assert "aledi" not in repr(trail.of(buyer.id))


def test_minimal_names_the_fields_and_no_values(world: World, trail: Trail) -> None:
    made_id, user_id = uuid7(), world.personas.home.people["owner"]
    with door() as opened:
        opened.call("open_sign_in", id=made_id, user_id=user_id, secret_hash=b"7311", label="a browser 8422", hours=1)
    with door() as opened:
        opened.call("end_sign_in", user_id=user_id, sign_in_id=made_id)
    made, ended = trail.of(made_id)
    assert ended.changes == {"ended_at": []}
    assert "8422" not in repr(made)
    assert "label" in made.changes


def test_excluded_columns_leave_no_trace(world: World, trail: Trail) -> None:
    event, day = _event(world)
    with world.personas.home.scope():
        pool = Pool(event_id=event.id, day_id=day.id, name="General", capacity=10)
        _save(pool)
        commit()
        pool.taken = 3
        commit()
    (made,) = trail.of(pool.id)
    assert "taken" not in made.changes


def test_sealed_and_derived_columns_are_never_in_the_trail(world: World, trail: Trail) -> None:
    event, _ = _event(world)
    with world.personas.home.scope():
        key = SigningKey(event_id=event.id, number=7, public_key=b"open", private_key=b"secret")
        _save(key)
        commit()
        key.private_key = b"another"
        commit()
    entries = trail.of(key.id)
    assert len(entries) == 1
    assert not {"private_key_sealed", "private_key"} & set(entries[0].changes)
    (made,) = trail.of(event.venue_id)
    assert "name" in made.changes
    assert not {"name_key", "id", "organization_id", "created_at", "updated_at"} & set(made.changes)


def test_a_cascade_is_recorded(world: World, trail: Trail) -> None:
    event, day = _event(world)
    with world.personas.home.scope():
        pool = Pool(event_id=event.id, day_id=day.id, name="General", capacity=10)
        kind = TicketType(event_id=event.id, number=1, name="General", price_cents=100)
        link = TypePool(ticket_type_id=kind.id, pool_id=pool.id)
        _save(pool, kind, link)
        commit()
        db.session.execute(delete(TicketType).where(TicketType.id == kind.id))
        commit()
    made, gone = trail.of(link.id)
    assert (made.action, gone.action) == ("created", "deleted")
    assert gone.changes["ticket_type_id"] == [str(kind.id), None]
    assert gone.actor_id == world.personas.home.people["owner"]


def test_changes_of_shared_rows_are_the_platforms(world: World, trail: Trail) -> None:
    user_id = uuid7()

    def deed() -> None:
        with door(Actor("system", None, "the operator")) as opened:
            opened.call("create_user", id=user_id, email="Someone@example.org", password_hash="secret-hash")

    (entry,) = trail.added_by(deed)
    assert (entry.organization_id, entry.object, entry.object_id) == (PLATFORM, "user", user_id)
    assert entry.actor_label == "the operator"
    assert entry.changes == {"email": [None, "•••"]}


def test_an_organizations_own_row_is_in_its_own_trail(world: World, trail: Trail) -> None:
    from voelgoed.foundation.tenancy.organization import Organization

    home = world.personas.home
    with home.scope():
        rows(Organization).one().address = "1 Long Street"
        commit()
    entry = trail.of(home.organization_id)[-1]
    assert (entry.organization_id, entry.changes) == (home.organization_id, {"address": [None, "1 Long Street"]})


def test_an_entrys_id_is_in_the_order_of_writing(world: World, trail: Trail) -> None:
    def venue() -> UUID:
        with world.personas.home.scope():
            made = Venue(name=f"Venue {uuid7()}")
            _save(made)
            commit()
            return made.id

    ids = [trail.of(venue())[0].id for _ in range(3)]
    assert all(one.version == 7 for one in ids)
    assert ids == sorted(ids, key=lambda one: one.int >> 80)


def test_an_actor_is_needed(world: World) -> None:
    with pytest.raises(TypeError), scope(world.personas.home.organization_id):  # type: ignore[call-arg]
        pass
