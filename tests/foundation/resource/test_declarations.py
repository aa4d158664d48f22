"""What a class says in its keywords, the database holds."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from werkzeug.exceptions import NotFound

from tests.conftest import World
from voelgoed.catalog.venue import Gate, Venue, Zone
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.clock import frozen, now
from voelgoed.foundation.database import db
from voelgoed.foundation.resource import Resource, uuid7
from voelgoed.foundation.resource.relations import snake
from voelgoed.foundation.tenancy import rows
from voelgoed.ledger.entry import Account, JournalEntry, JournalLine


def _save(*made: Resource) -> None:
    for row in made:
        db.session.add(row)
        db.session.flush()


def test_key_and_times_are_set_when_the_row_is_made(world: World) -> None:
    at = datetime(2026, 11, 24, 17, 3, tzinfo=UTC)
    with world.personas.home.scope(), frozen(at):
        venue = Venue(name="Hall")
        assert venue.id.version == 7
        assert venue.organization_id == world.personas.home.organization_id
        _save(venue)
        assert (venue.created_at, venue.updated_at) == (at, at)


def test_a_change_moves_the_second_time(world: World) -> None:
    with world.personas.home.scope():
        with frozen(datetime(2026, 11, 24, tzinfo=UTC)):
            venue = Venue(name="Hall")
            _save(venue)
        venue.name = "Great hall"
        db.session.flush()
        assert venue.created_at < venue.updated_at


def test_an_archived_row_is_gone_until_it_is_asked_for_and_can_be_restored(world: World) -> None:
    with world.personas.home.scope():
        venue = Venue(name=f"Hall {uuid7()}")
        _save(venue)
        venue.archived_at = now()
        db.session.flush()
        assert db.session.scalars(select(Venue).where(Venue.id == venue.id)).all() == []
        with pytest.raises(NotFound):
            rows(Venue).get(venue.id)
        with_archived = select(Venue).where(Venue.id == venue.id).execution_options(include_archived=True)
        assert db.session.scalars(with_archived).one() is venue
        rows(Venue).including_archived().get(venue.id).archived_at = None
        db.session.flush()
        assert rows(Venue).get(venue.id) is venue


def test_a_bulk_write_leaves_archived_rows_alone(world: World) -> None:
    with world.personas.home.scope():
        kept, put_away = Venue(name=f"Kept {uuid7()}"), Venue(name=f"Away {uuid7()}", archived_at=now())
        _save(kept, put_away)
        moved = update(Venue).where(Venue.id.in_([kept.id, put_away.id])).values(address="moved")
        assert db.session.execute(moved).rowcount == 1  # type: ignore[attr-defined]


def test_what_names_an_archived_row_still_finds_it(world: World) -> None:
    with world.personas.home.scope():
        venue = Venue(name=f"Hall {uuid7()}")
        zone = Zone(venue_id=venue.id, name="Floor", capacity=1)
        _save(venue, zone)
        venue.archived_at = now()
        commit()
    with world.personas.home.scope():
        assert rows(Zone).get(zone.id).venue.name == venue.name


def test_the_name_of_an_archived_row_is_free_again(world: World) -> None:
    name = f"Hall {uuid7()}"
    with world.personas.home.scope():
        _save(Venue(name=name, archived_at=now()), Venue(name=name))
        with pytest.raises(IntegrityError, match="ux_venue_name_key"):
            _save(Venue(name=name.upper()))


def test_a_name_taken_in_one_house_is_free_in_another(world: World) -> None:
    name = f"Hall {uuid7()}"
    for house in (world.personas.home, world.personas.abroad):
        with house.scope():
            _save(Venue(name=name))
            commit()


@pytest.mark.parametrize("name", ["", "x" * 121])
def test_a_text_has_its_size(world: World, name: str) -> None:
    with world.personas.home.scope(), pytest.raises(IntegrityError, match="name_size"):
        _save(Venue(name=name))


def test_a_choice_is_one_of_its_words(world: World) -> None:
    with world.personas.home.scope(), pytest.raises(IntegrityError, match="kind_words"):
        _save(Account(code=str(uuid7())[:20], name="Odd", kind="mystery", currency="ZAR"))


def test_a_declared_check_is_held(world: World) -> None:
    with world.personas.home.scope():
        venue = Venue(name=f"Hall {uuid7()}")
        _save(venue)
        with pytest.raises(IntegrityError, match="capacity_is_people"):
            _save(Zone(venue_id=venue.id, name="Floor", capacity=-1))


def test_a_row_that_others_name_cannot_go(world: World) -> None:
    with world.personas.home.scope():
        venue = Venue(name=f"Hall {uuid7()}")
        zone = Zone(venue_id=venue.id, name="Floor", capacity=1)
        _save(venue, zone, Gate(venue_id=venue.id, into_id=zone.id, name="Door"))
        db.session.delete(zone)
        with pytest.raises(IntegrityError, match="fk_gate"):
            db.session.flush()


def _entry(*amounts: int) -> None:
    entry = JournalEntry(kind="sale", source_kind="test", source_id=uuid7(), occurred_at=now(),
                         trading_day=date(2026, 11, 24), words="A test", actor="test")  # fmt: skip
    accounts = [Account(code=str(uuid7())[-20:], name="A", kind="asset", currency="ZAR") for _ in amounts]
    _save(*accounts, entry)
    _save(*[JournalLine(entry_id=entry.id, account_id=account.id, trading_day=entry.trading_day, amount_cents=amount,
                        currency="ZAR")
            for account, amount in zip(accounts, amounts, strict=True)])  # fmt: skip


def test_a_declared_invariant_is_held_when_the_transaction_commits(world: World) -> None:
    with world.personas.home.scope():
        _entry(35000, -35000)
        commit()
    with world.personas.home.scope():
        _entry(35000, -34999)
        with pytest.raises(DBAPIError, match="balance"):
            commit()


def test_names_of_tables_follow_the_classes() -> None:
    assert [snake(name) for name in ("Venue", "JournalLine", "ApiToken", "Day")] == [
        "venue", "journal_line", "api_token", "day",
    ]  # fmt: skip


def test_a_class_names_its_parent_once_or_says_which() -> None:
    assert Zone.declaration.reference_to(Venue) == "venue_id"
    with pytest.raises(LookupError, match="nothing"):
        Venue.declaration.reference_to(Zone)
    with pytest.raises(LookupError, match="from_id"):
        Gate.declaration.reference_to(Zone)
