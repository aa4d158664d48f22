"""`voelgoed worker QUEUE…`: one RQ worker a queue, forked from a parent that has imported everything."""

from __future__ import annotations

import gc
import importlib
import threading
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

import click

from voelgoed.cli.settings import QUEUES, configured
from voelgoed.config import Config, ConfigError, jobs_package

if TYPE_CHECKING:
    from flask import Flask

MAX_JOBS = 1000
# A worker that was killed is noticed by the others after these, not after RQ's seven minutes.
WORKER_TTL = 25
MAINTENANCE_SECONDS = 5


@click.command("worker")
@configured
@click.argument("queues", nargs=-1, required=True, type=click.Choice(QUEUES))
@click.option("--sweep", is_flag=True, help="Run the sweeper as well, from the same parent.")
def worker(config: Config, queues: tuple[str, ...], sweep: bool) -> None:
    """Work on jobs: one process for each QUEUE named, started again after 1000 jobs."""
    if config.redis_url is None:
        raise ConfigError("REDIS_URL is not set: there are no queues, and `voelgoed sweep` does the work.")
    work(loaded(config), config.redis_url, queues, sweep)


def work(app: Flask, redis_url: str, queues: Sequence[str], sweep: bool) -> None:
    """Keep a process for each queue, and for the sweeper, until a signal; call it from a `loaded` parent."""
    from voelgoed.foundation.embedded.crew import Crew
    from voelgoed.foundation.embedded.tell import teller

    works: dict[str, Callable[[], None]] = {}
    for number, queue in enumerate(queues, 1):
        works[f"worker {number} ({queue})"] = partial(_work, app, redis_url, queue)
    if sweep:
        works["sweeper"] = partial(_sweep, app)
    Crew(works, teller()).run()


def loaded(config: Config) -> Flask:
    """Return the application with all that jobs import, holding neither a connection nor a thread."""
    gc.disable()  # all of it stays: collecting costs a fifth of the start
    from voelgoed import create_app
    from voelgoed.cli import performer  # noqa: F401  # here once, not in each fork
    from voelgoed.foundation.database import db
    from voelgoed.foundation.outbox import sweep_forever  # noqa: F401

    app = create_app(config)
    for queue in QUEUES:
        importlib.import_module(f"{jobs_package()}.{queue}")
    with app.app_context():
        db.engine.dispose()
    if threading.active_count() > 1:
        raise RuntimeError(f"threads do not survive a fork: {threading.enumerate()}")
    return app


def _work(app: Flask, redis_url: str, queue: str) -> None:
    """Run one worker in a forked process, which makes its own connections."""
    from redis import Redis
    from rq.serializers import JSONSerializer

    from voelgoed.cli.performer import Performer

    performer = Performer(
        [queue],
        connection=Redis.from_url(redis_url),
        serializer=JSONSerializer,
        default_result_ttl=0,
        worker_ttl=WORKER_TTL,
        maintenance_interval=MAINTENANCE_SECONDS,
        log_job_description=False,
    )
    performer.app = app
    performer.work(max_jobs=MAX_JOBS, logging_level="WARNING")


def _sweep(app: Flask) -> None:
    from voelgoed.foundation.outbox import sweep_forever

    sweep_forever(app)
