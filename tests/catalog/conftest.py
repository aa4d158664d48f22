"""One place for a module whose tests change nothing."""

from __future__ import annotations

import pytest

from tests.catalog.places import Place, sold
from tests.conftest import World


@pytest.fixture(scope="module")
def place(world: World) -> Place:
    """An event with a type on sale, at a venue with two zones and a gate."""
    return sold(world.personas)
