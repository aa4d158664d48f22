"""Settings of gunicorn, which reads this file by its path.

It must not import the application: psycopg chooses how it waits when it is imported, and that must
happen in the worker, after gevent has patched it.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

FIGURES = "PROMETHEUS_MULTIPROC_DIR"

worker_class = "gevent"
control_socket_disable = True
preload_app = False
graceful_timeout = 3
keepalive = 30
timeout = 60
# Only the application's own trusted_proxies says whose headers count.
secure_scheme_headers: dict[str, str] = {}
forwarded_allow_ips = ""
if Path("/dev/shm").is_dir():  # noqa: S108
    worker_tmp_dir = "/dev/shm"  # noqa: S108


def on_starting(server: Any) -> None:
    """Let workers sum their figures for Prometheus in files, else each scrape would see only one of them.

    The variable must be there before a worker imports the application.
    """
    if not os.environ.get(FIGURES):
        os.environ[FIGURES] = tempfile.mkdtemp(prefix="voelgoed-figures-")
        server.own_figures = os.environ[FIGURES]


def on_exit(server: Any) -> None:
    """Leave no figures behind."""
    if own := getattr(server, "own_figures", None):
        shutil.rmtree(own, ignore_errors=True)


def child_exit(server: Any, worker: Any) -> None:
    """Tell the supervisor's terminal of a worker that ended by itself; gunicorn starts another."""
    terminal = os.environ.get("VOELGOED_SAY_FD", "")
    ending = not server.LISTENERS  # it closes them first when it is asked to end
    if terminal.isdecimal() and not ending:
        os.write(int(terminal), f"- a web worker (pid {worker.pid}) ended; gunicorn starts another\n".encode())


def post_worker_init(worker: Any) -> None:
    """Tie the worker's life to its parent's once the application is loaded, and have it answer in one piece."""
    from voelgoed.foundation.embedded import response
    from voelgoed.foundation.embedded.process import die_with

    response.use()
    die_with(worker.ppid)
