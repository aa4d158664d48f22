"""`voelgoed worker QUEUE…`: one RQ worker a queue, forked from a parent that has imported everything."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from voelgoed.cli.settings import configured
from voelgoed.config import Config, ConfigError, jobs_package

if TYPE_CHECKING:
    from flask import Flask

QUEUES = ("checkout", "charges", "offline_sync", "maintenance")
MAX_JOBS = 1000
# A worker that was killed is noticed by the others after these, not after RQ's seven minutes.
WORKER_TTL = 25
MAINTENANCE_SECONDS = 5


@click.command("worker")
@configured
@click.argument("queues", nargs=-1, required=True, type=click.Choice(QUEUES))
def worker(config: Config, queues: tuple[str, ...]) -> None:
    """Work on jobs: one process for each QUEUE named, started again after 1000 jobs."""
    from voelgoed.foundation.embedded.crew import Crew

    if config.redis_url is None:
        raise ConfigError("REDIS_URL is not set: without it there are no queues, and `voelgoed sweep` does the work.")
    _import_everything()
    works = {f"{queue} {number}": partial(_work, config, queue) for number, queue in enumerate(queues, 1)}
    Crew(works, click.echo).run()


def _import_everything() -> None:
    """Import the application and the jobs once, in the parent, without opening a connection."""
    for queue in QUEUES:
        importlib.import_module(f"{jobs_package()}.{queue}")


def _work(config: Config, queue: str) -> None:
    """Run one worker in a forked process: the application, its pool and its connection are its own."""
    from redis import Redis
    from rq.serializers import JSONSerializer

    from voelgoed import create_app

    connection = Redis.from_url(str(config.redis_url))
    kind = _worker_class(create_app(config))
    kind(
        [queue],
        connection=connection,
        serializer=JSONSerializer,
        default_result_ttl=0,
        worker_ttl=WORKER_TTL,
        maintenance_interval=MAINTENANCE_SECONDS,
        log_job_description=False,
    ).work(max_jobs=MAX_JOBS, logging_level="WARNING")


def _worker_class(app: Flask) -> Callable[..., Any]:
    from rq import SimpleWorker

    class AppWorker(SimpleWorker):
        """Performs each job inside an application context of its own."""

        def perform_job(self, job: Any, queue: Any) -> bool:
            with app.app_context():
                return bool(super().perform_job(job, queue))

    return AppWorker
