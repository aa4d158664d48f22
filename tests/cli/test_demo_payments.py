"""The demo's accounts at the simulator: made once, pointed at it anew, and refused beside a live key."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

from tests.conftest import Database
from tests.personas import Personas
from voelgoed.demo import gateways
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import rows
from voelgoed.payments.gateway_account import GatewayAccount


def test_accounts_are_made_once_and_follow_the_simulator(
    personas: Personas, database: Database, tmp_path: Path
) -> None:
    houses = [personas.home.organization_id, personas.abroad.organization_id]
    config = replace(database.config(), data=tmp_path, simulator_url="http://127.0.0.1:1")
    assert "SIMULATOR" in gateways.ensure(config, houses)
    first = json.loads((tmp_path / gateways.ACCOUNTS).read_text())
    assert "127.0.0.1:2" in gateways.ensure(replace(config, simulator_url="http://127.0.0.1:2"), houses)
    assert json.loads((tmp_path / gateways.ACCOUNTS).read_text()) == first
    assert len(first) == len({one["secret_key"] for one in first}) == 4
    assert (tmp_path / gateways.ACCOUNTS).stat().st_mode & 0o777 == 0o600
    with personas.home.scope():
        assert {one.address for one in rows(GatewayAccount)} == {"http://127.0.0.1:2"}


def test_a_live_key_refuses_the_simulator(personas: Personas, database: Database, tmp_path: Path) -> None:
    house = personas.home
    config = replace(database.config(), data=tmp_path, simulator_url="http://127.0.0.1:1")
    gateways.ensure(config, [house.organization_id])
    with house.scope():
        live = GatewayAccount(gateway="stripe", mode="live", hook=uuid4())
        live.secret = b"sk_live_x"
        db.session.add(live)
        commit()
    assert "refused" in gateways.ensure(config, [house.organization_id])
    assert not (tmp_path / gateways.ACCOUNTS).exists()
    with house.scope():
        assert {(one.mode, one.active) for one in rows(GatewayAccount)} == {("test", False), ("live", True)}
