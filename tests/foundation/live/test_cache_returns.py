"""The cache vanishes and comes back: sockets are cut meanwhile, come back by themselves, and pushes arrive again."""

from __future__ import annotations

from pathlib import Path
from queue import Empty

import pytest

from tests.conftest import World
from tests.foundation.live.conftest import PATIENCE, Browser, gunicorn
from tests.foundation.live.rooms import KIND
from voelgoed import create_app
from voelgoed.catalog.venue import Venue
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.database import db
from voelgoed.foundation.embedded.valkey import Valkey
from voelgoed.foundation.live import publish


@pytest.mark.deep
def test_pushes_arrive_again_when_the_cache_is_back(world: World, tmp_path: Path) -> None:
    with Valkey(tmp_path / "valkey", durable=False) as valkey:
        config = world.database.config(redis_url=valkey.url)
        with gunicorn(config) as address, create_app(config).app_context():
            with world.personas.home.scope():
                venue = Venue(name="Gillooly's")
                db.session.add(venue)
                commit()
            browser = Browser(address, world.personas.client("manager"), reconnection=True)
            assert browser.connected.get(timeout=PATIENCE)
            assert "joined" in browser.join(venue.id)
            valkey.stop()
            assert browser.ended.get(timeout=PATIENCE)
            valkey.start()
            assert browser.connected.get(timeout=PATIENCE)
            assert "joined" in browser.join(venue.id)
            pushed = None
            while pushed is None:  # the publisher's own connection may lose one: a push may be lost, pages refetch
                with world.personas.home.scope():
                    publish(KIND, venue.id)
                    commit()
                try:
                    pushed = browser.pushes.get(timeout=1)
                except Empty:
                    continue
            assert "Gillooly" in pushed["html"]
            browser.io.disconnect()
            db.engine.dispose()
