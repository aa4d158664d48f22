"""Where one transaction carries the deeds of many devices, each row names its own (`actor_column`)."""

from __future__ import annotations

import pytest

from tests.conftest import World
from tests.foundation.audit.conftest import Trail
from tests.scanning.evening import Evening, put_on
from voelgoed.foundation.resource.declaration import declared


@pytest.fixture(scope="module")
def evening(world: World) -> Evening:
    """An event that is on."""
    return put_on(world.app, world.personas.home)


def test_an_admission_is_its_devices(world: World, trail: Trail, evening: Evening) -> None:
    north, south = evening.phone("North"), evening.phone("South")
    for phone in (north, south):
        entries = trail.added_by(lambda phone=phone: phone.scan(evening.code()))
        (made,) = [entry for entry in entries if entry.object == "admission"]
        assert (made.actor_kind, made.actor_id) == ("device", phone.id)


def test_what_names_an_actor_is_a_reference_to_it() -> None:
    named = {one.table: one.references.get(one.actor_column) for one in declared() if one.actor_column}
    assert named == {"admission": "device"}
