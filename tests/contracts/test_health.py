"""Health, readiness and figures: what a load balancer and Prometheus ask."""

from __future__ import annotations

import psycopg
import pytest
from flask.testing import FlaskClient

from tests.conftest import Database, World, serving
from voelgoed import create_app
from voelgoed.foundation.database import db


def test_the_process_says_that_it_is_alive(client: FlaskClient) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json) == (200, {"status": "alive"})


def test_it_is_ready_when_everything_is_there(client: FlaskClient) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json == {"status": "ready", "parts": {"database": "ok", "schema": "ok", "cache": "ok"}}


@pytest.mark.parametrize(
    ("url", "said", "status"), [(None, "none", "ready"), ("redis://127.0.0.1:1/0", "away", "degraded")]
)
def test_it_is_ready_without_the_cache(world: World, url: str | None, said: str, status: str) -> None:
    app = create_app(world.database.config(redis_url=url))
    answer = app.test_client().get("/readyz")
    assert answer.status_code == 200
    assert answer.json == {"status": status, "parts": {"database": "ok", "schema": "ok", "cache": said}}
    with app.app_context():
        db.engine.dispose()


def test_it_is_not_ready_on_another_schema(database: Database) -> None:
    with serving(database) as app, psycopg.connect(database.url("postgres"), autocommit=True) as admin:
        admin.execute("UPDATE schema_stamp SET hash = 'of tomorrow'")
        answer = app.test_client().get("/readyz")
    assert (answer.status_code, answer.json["parts"]["schema"]) == (503, "another version")  # type: ignore[index]


def test_it_is_not_ready_without_the_database(database: Database) -> None:
    with serving(database) as app:
        db.engine.dispose()
        with psycopg.connect(database.servers.postgres.superuser_url(), autocommit=True) as admin:
            admin.execute(f"ALTER DATABASE {database.name} ALLOW_CONNECTIONS false")
            admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (database.name,))
        answer = app.test_client().get("/readyz")
        alive = app.test_client().get("/healthz")
    assert (answer.status_code, answer.json["parts"]["database"]) == (503, "away")  # type: ignore[index]
    assert alive.status_code == 200


def test_figures_are_for_this_machine(client: FlaskClient) -> None:
    client.get("/healthz")
    answer = client.get("/metrics")
    assert answer.status_code == 200
    assert 'voelgoed_requests_total{method="GET",route="/healthz",status="200"}' in answer.text


@pytest.mark.parametrize(
    ("address", "headers"),
    [("10.1.2.3", {}), ("203.0.113.7", {}), ("127.0.0.1", {"X-Forwarded-For": "203.0.113.7"})],
)
def test_figures_are_not_for_others(client: FlaskClient, address: str, headers: dict[str, str]) -> None:
    answer = client.get("/metrics", environ_base={"REMOTE_ADDR": address}, headers=headers)
    assert answer.status_code == 404


def test_figures_with_a_token(world: World) -> None:
    client = create_app(world.database.config(metrics_token="look")).test_client()
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer listen"}).status_code == 404
    read = client.get("/metrics", headers={"Authorization": "Bearer look"}, environ_base={"REMOTE_ADDR": "203.0.113.7"})
    assert read.status_code == 200


def test_figures_name_no_organization(client: FlaskClient) -> None:
    client.get("/some-organization/venues")
    assert "some-organization" not in client.get("/metrics").text
