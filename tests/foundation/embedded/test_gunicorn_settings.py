"""How gunicorn runs the web: it lets requests end, ends with its parent, believes no header, tells of deaths."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from tests.foundation.embedded.living import living, until
from voelgoed.foundation.embedded import gunicorn_settings
from voelgoed.foundation.embedded.port import free_port

REPOSITORY = Path(__file__).parents[3]


class Web:
    """A running gunicorn."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.reader, writer = os.pipe()
        command = [sys.executable, "-m", "gunicorn", "-c", gunicorn_settings.__file__, "--workers", "1"]
        environ = {**os.environ, "TINY_FOLDER": str(folder), "VOELGOED_SAY_FD": str(writer)}
        self.process = subprocess.Popen(
            [*command, "--bind", f"127.0.0.1:{self.port}", "tests.foundation.embedded.tiny_web:app"],
            env=environ,
            cwd=REPOSITORY,
            pass_fds=[writer],
            stderr=subprocess.DEVNULL,
        )
        os.close(writer)
        until(self.answers)

    def get(self, path: str, **headers: str) -> bytes:
        """Return the body of an answer."""
        asked = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers=headers)
        with urllib.request.urlopen(asked, timeout=60) as answer:
            return bytes(answer.read())

    def answers(self) -> bool:
        """Tell whether it answers."""
        try:
            return bool(self.get("/"))
        except OSError:
            return False

    def worker(self) -> psutil.Process:
        """Return its one worker."""
        (worker,) = psutil.Process(self.process.pid).children()
        return worker


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Web]:
    running = Web(tmp_path)
    yield running
    running.process.kill()
    running.process.wait()
    os.close(running.reader)


def test_a_request_that_runs_at_sigterm_gets_its_answer(web: Web) -> None:
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(web.get, "/slow")
        until((web.folder / "begun").exists)
        web.process.send_signal(signal.SIGTERM)
        until(lambda: not web.answers())
        (web.folder / "go").touch()
        assert slow.result(10).startswith(b"http")
    assert web.process.wait(60) == 0


def test_the_worker_ends_with_a_parent_that_was_killed(web: Web) -> None:
    worker = web.worker()
    web.process.kill()
    web.process.wait()
    assert living([worker]) == []


def test_a_worker_that_was_killed_is_told_and_replaced(web: Web) -> None:
    worker = web.worker()
    worker.kill()
    told = os.read(web.reader, 200).decode()
    assert told == f"- a web worker (pid {worker.pid}) ended; gunicorn starts another\n"
    until(web.answers)


def test_nobody_tells_it_by_a_header_that_the_request_was_secure(web: Web) -> None:
    assert web.get("/", **{"X-Forwarded-Proto": "https"}).startswith(b"http ")


def test_gevent_has_patched_before_the_application_is_imported(web: Web) -> None:
    assert web.get("/").endswith(b" function")
