"""Many changes, published by several processes: few looks, four a second at most together, and the last one is seen."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from uuid import UUID

import pytest

from tests.conftest import World
from tests.foundation.live.conftest import Browser
from tests.foundation.live.rooms import KIND, looks
from voelgoed import create_app
from voelgoed.catalog.venue import Venue
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.live import publish
from voelgoed.foundation.live.coalesce import INTERVAL
from voelgoed.foundation.tenancy import rows

CHANGES = 200


@pytest.mark.deep
def test_a_burst_is_looked_at_together_and_its_end_is_seen(
    connect: Callable[..., Browser], world: World, venue: UUID
) -> None:
    watching = connect()
    watching.join(venue)
    processes = [create_app(world.database.config()) for _ in range(3)]
    looks.clear()
    began = monotonic()
    for number in range(CHANGES):
        with processes[number % len(processes)].app_context(), world.personas.home.scope():
            rows(Venue).get(venue).name = f"Change{number} {venue}"
            publish(KIND, venue)
            commit()
    while f"Change{CHANGES - 1} " not in watching.next()["html"]:
        pass
    # Not how fast it was, but how often it looked in whatever time it took; each by itself, three looked thrice that.
    assert looks[venue] <= (monotonic() - began) / INTERVAL + 2
