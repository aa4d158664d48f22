"""Ticketing for many organisers: sell, scan, see."""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from voelgoed.config import Config

ROOMS = ("accounts", "catalog", "scanning", "occupancy", "ticketing", "checkout", "payments", "selling", "boxoffice",
         "control", "reports", "api")  # fmt: skip
"""Packages that add pages, calls, subscriptions: each may have a module `room` with `install(app)`."""


def create_app(config: Config | None = None) -> Flask:
    """Make the application; without `config` the environment decides. Refuses to start when something is unsafe."""
    from flask import Flask

    from voelgoed import tables
    from voelgoed.config import Config, home
    from voelgoed.foundation import install
    from voelgoed.foundation.workflow import refuse_unfinished_runs, verify_all

    config = config or Config.read(os.environ)
    app = Flask(__name__, template_folder=str(home() / "templates"), static_folder=str(home() / "static"))
    tables.load()
    install(app, config)
    for room in ROOMS:
        import_module(f"voelgoed.{room}.room").install(app)
    verify_all()
    refuse_unfinished_runs(config.database_url)
    return app
