"""Applications for tests: made once a process, and led from database to database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from sqlalchemy import event, make_url

from voelgoed import create_app
from voelgoed.accounts.visitor import organization_of
from voelgoed.config import Config
from voelgoed.control import waiting
from voelgoed.foundation.database import db
from voelgoed.foundation.outbox.kept import _kept
from voelgoed.foundation.resource import keyring
from voelgoed.scanning import capacity, desk, keys

_idle: list[Flask] = []
_plain: dict[Flask, dict[str, Any]] = {}
"""The settings of an application as it was made."""


@contextmanager
def leading(config: Config) -> Iterator[Flask]:
    """Give an application with its context pushed: nothing that it or the process knew of another database is left.

    It has served others before. Who adds pages to an application makes one of their own by `create_app`.
    """
    app = _idle.pop() if _idle else _made(config)
    _lead(app, config)
    forget()
    with app.app_context():
        yield app
        _rest(app)
    _idle.append(app)


def forget() -> None:
    """Clear what the process remembers of a database: every clone has the same organizations."""
    organization_of.cache.clear()
    waiting._counts.clear()
    capacity.forget()
    desk._desks.clear()
    keys.forget()
    _kept.clear()


def _made(config: Config) -> Flask:
    app = create_app(config)
    _plain[app] = dict(app.config)
    with app.app_context():
        for engine in db.engines.values():
            _follow(app, engine)
    return app


def _follow(app: Flask, engine: Any) -> None:
    """Have the engine's connections go to the database that the application's settings name now."""

    @event.listens_for(engine, "do_connect")
    def to_the_database_of_now(dialect: Any, _record: Any, _args: Any, said: dict[str, Any]) -> None:
        said.update(dialect.create_connect_args(make_url(app.config["SQLALCHEMY_DATABASE_URI"]))[1])


def _lead(app: Flask, config: Config) -> None:
    app.config.clear()
    app.config.update(
        _plain[app],
        SQLALCHEMY_DATABASE_URI=config.database_url,
        DATABASE_REPORT_URL=config.database_report_url,
        REDIS_URL=config.redis_url,
        PUBLIC_URL=config.public_url,
        VOELGOED=config,
        TESTING=True,
    )
    keyring.use(config.master_keys)


def _rest(app: Flask) -> None:
    """Let go of the database, and of who listens to the cache."""
    if broker := app.extensions.pop("voelgoed.broker", None):
        broker.news.stop()
    app.extensions.pop("voelgoed.dedup", None)
    for engine in db.engines.values():
        engine.dispose()
