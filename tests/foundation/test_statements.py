"""Prepared statements: kept by each connection, with their plans."""

import pytest
from flask import Flask
from sqlalchemy import create_engine

from tests.conftest import Database
from tests.personas import Personas
from voelgoed.foundation.database import db
from voelgoed.foundation.statements import KEPT, remember

PREPARED = "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'SELECT ''again'', $1%%'"


def test_a_connection_keeps_its_statements_and_their_plans(app: Flask, personas: Personas) -> None:
    with app.app_context(), db.engine.connect() as connection:
        assert connection.exec_driver_sql("SHOW plan_cache_mode").scalar() == "force_generic_plan"
        driver = connection.connection.driver_connection
        assert driver is not None
        assert driver.prepared_max == KEPT


def test_a_statement_is_prepared_when_it_comes_again(app: Flask, personas: Personas) -> None:
    with app.app_context(), db.engine.connect() as connection:
        for _ in range(2):
            connection.exec_driver_sql("SELECT 'again', %s::integer", (1,))
        assert connection.exec_driver_sql(PREPARED).scalar() == 1


@pytest.mark.parametrize(("pooled", "plans"), [(True, "auto"), (False, "force_generic_plan")])
def test_behind_a_pooler_nothing_stays_with_a_connection(database: Database, pooled: bool, plans: str) -> None:
    engine = create_engine(database.config().database_url)
    remember(engine, pooled)
    with engine.connect() as connection:
        for _ in range(7):  # psycopg prepares by itself what comes a sixth time
            connection.exec_driver_sql("SELECT 'again', %s::integer", (1,))
        assert connection.exec_driver_sql(PREPARED).scalar() == (0 if pooled else 1)
        assert connection.exec_driver_sql("SHOW plan_cache_mode").scalar() == plans
    engine.dispose()


def test_the_connection_that_was_used_last_is_used_next(app: Flask, personas: Personas) -> None:
    with app.app_context():
        first, second = db.engine.connect(), db.engine.connect()
        last = second.connection.driver_connection
        first.close()
        second.close()
        with db.engine.connect() as third:
            assert third.connection.driver_connection is last
