"""Prepared statements: kept by each connection, with their plans."""

from flask import Flask

from tests.personas import Personas
from voelgoed.foundation.database import db
from voelgoed.foundation.statements import KEPT


def test_a_connection_keeps_its_statements_and_their_plans(app: Flask, personas: Personas) -> None:
    with app.app_context(), db.engine.connect() as connection:
        assert connection.exec_driver_sql("SHOW plan_cache_mode").scalar() == "force_generic_plan"
        driver = connection.connection.driver_connection
        assert driver is not None
        assert driver.prepared_max == KEPT
