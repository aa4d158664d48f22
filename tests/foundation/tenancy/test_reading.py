"""Reads: filtered by the ORM alone, held by the database alone, and open when both walls are down."""

from __future__ import annotations

import pytest
from sqlalchemy import inspect, select
from werkzeug.exceptions import NotFound

from tests.foundation.tenancy.conftest import Houses, without_filter, without_policies
from tests.foundation.tenancy.reads import READS, Read
from voelgoed.catalog.event import Event
from voelgoed.catalog.venue import Venue, Zone
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import children, one_of, rows

every_read = pytest.mark.parametrize("read", READS.values(), ids=READS.keys())


def _at_home(houses: Houses, read: Read) -> list[object]:
    with houses.world.personas.home.scope():
        return read()


def _alone(houses: Houses, read: Read) -> list[object]:
    """Read while our rows are the only ones that this database lets us see: what must come of it always."""
    seen = _at_home(houses, read)
    assert seen, "the probe reads nothing, so it would prove nothing"
    assert "abroad" not in repr(seen)
    return seen


@every_read
def test_the_filter_alone_keeps_the_other_house_out(houses: Houses, read: Read) -> None:
    expected = _alone(houses, read)
    with without_policies(houses.database):
        assert _at_home(houses, read) == expected


@every_read
def test_the_database_alone_keeps_the_other_house_out(houses: Houses, read: Read) -> None:
    expected = _alone(houses, read)
    with without_filter():
        assert _at_home(houses, read) == expected


def test_without_both_walls_the_probes_see_the_other_house(houses: Houses) -> None:
    through_own_rows = {"a_lazy_relation", "a_joined_relation", "a_selected_relation", "a_subqueried_relation"}
    for name, read in READS.items():
        expected = _alone(houses, read)
        with without_policies(houses.database), without_filter():
            seen = _at_home(houses, read)
        assert seen != expected, f"{name} would not notice that the walls are down"
        assert name not in through_own_rows or "abroad hall" in seen


def test_a_foreign_id_is_not_found(houses: Houses) -> None:
    with houses.world.personas.home.scope():
        with pytest.raises(NotFound):
            rows(Venue).get(houses.abroad.venue_id)
        home = rows(Venue).get(houses.home.venue_id)
        with pytest.raises(NotFound):
            children(home, Zone).get(houses.abroad.zone_id)
        assert one_of(home, Zone, houses.home.zone_id).name == "home floor"
        assert db.session.get(Venue, (houses.abroad.organization_id, houses.abroad.venue_id)) is None


def test_a_foreign_id_is_not_found_by_the_filter_alone(houses: Houses) -> None:
    with without_policies(houses.database), houses.world.personas.home.scope():
        assert db.session.get(Venue, (houses.abroad.organization_id, houses.abroad.venue_id)) is None
        with pytest.raises(NotFound):
            rows(Venue).get(houses.abroad.venue_id)


def test_children_are_those_of_the_parent(houses: Houses) -> None:
    with houses.world.personas.home.scope():
        other = Venue(name="Another")
        db.session.add(other)
        db.session.flush()
        with pytest.raises(NotFound):
            children(other, Zone).get(houses.home.zone_id)
        with pytest.raises(LookupError):
            children(rows(Zone).get(houses.home.zone_id), Venue)
        assert children(other, Event).all() == []


def test_refreshing_reads_the_row_again_by_its_whole_key(houses: Houses) -> None:
    with houses.world.personas.home.scope():
        venue = rows(Venue).get(houses.home.venue_id)
        assert inspect(venue).identity == (houses.home.organization_id, houses.home.venue_id)
        db.session.refresh(venue)
        db.session.expire(venue, ["name"])
        assert venue.name == "home hall"


def test_each_statement_is_compiled_once_for_all_houses(houses: Houses) -> None:
    def look() -> None:
        db.session.scalars(select(Venue).where(Venue.timezone == "Africa/Johannesburg")).all()

    with houses.world.personas.home.scope():
        look()
    compiled = len(db.engine._compiled_cache or ())
    for house in (houses.world.personas.home, houses.world.personas.abroad):
        with house.scope():
            look()
    assert len(db.engine._compiled_cache or ()) == compiled
