"""What every package stands on; it knows nothing about tickets."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

CHECKED = ("audit", "outbox", "tenancy")
"""Parts with a module `check`, whose checkers are known once it is imported."""
# The connection that was used last comes first: its plans are made and its caches warm, where ten in turn begin cold.
POOL = {"pool_size": 10, "max_overflow": 0, "pool_timeout": 2, "pool_pre_ping": False, "pool_use_lifo": True}

if TYPE_CHECKING:
    from flask import Flask

    from voelgoed.config import Config


def install(app: Flask, config: Config) -> None:
    """Give the application its database, its keys, its sockets, its safety and its words."""
    from voelgoed.foundation import live, statements
    from voelgoed.foundation.database import db
    from voelgoed.foundation.resource import keyring
    from voelgoed.foundation.schema import refuse_other_schema
    from voelgoed.foundation.tenancy import announce, filter, roles
    from voelgoed.foundation.web import assets, express, navigation, problem, safety, words

    plain = config.database_url.replace("postgresql+psycopg://", "postgresql://")
    roles.refuse_wrong_role(plain)
    refuse_other_schema(plain)
    app.config.update(
        SQLALCHEMY_DATABASE_URI=config.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=POOL,
        DATABASE_REPORT_URL=config.database_report_url,
        REDIS_URL=config.redis_url,
        PUBLIC_URL=config.public_url,
        VOELGOED=config,
    )
    db.init_app(app)
    with app.app_context():
        statements.remember(db.engine, config.database_pooled)
    announce.listen()
    filter.listen()
    keyring.use(config.master_keys)
    express.install(app)  # innermost: a trusted proxy's headers are read before it
    safety.install(app, config)
    problem.install(app)
    words.install(app)
    assets.install(app)
    app.context_processor(lambda: {"navigation": navigation.navigation()})
    live.install(app, config)
    for part in CHECKED:
        import_module(f"voelgoed.foundation.{part}.check")
