"""The RQ worker: takes a job, does it, forgets it. What is to be done and what is done say the outbox's rows."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from rq import SimpleWorker
from rq.worker import WorkerStatus

if TYPE_CHECKING:
    from flask import Flask
    from rq import Queue
    from rq.job import Job

log = logging.getLogger(__name__)


class Performer(SimpleWorker):
    """Performs each job inside an application context of its own.

    RQ's own books (executions, registries, results) are not kept: they took fifty commands a job and most of its time.
    A job whose process was killed stays in the queue's intermediate list, from where RQ moves it to the failed ones.
    """

    app: Flask

    def execute_job(self, job: Job, queue: Queue) -> None:
        """Perform a job, and forget it however it went: a row that is not done is due again."""
        self.set_state(WorkerStatus.BUSY)  # so that a signal waits for the end of the job
        try:
            with self.app.app_context():
                job.func(*job.args)
        except Exception:
            log.exception("job %s failed", job.id)
        with self.connection.pipeline(transaction=False) as pipe:
            pipe.lrem(queue.intermediate_queue_key, 1, job.id)
            pipe.delete(job.key)
            pipe.execute()
