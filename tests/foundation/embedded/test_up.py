"""`voelgoed up` with tiny programs: what it says, what it refuses, how it ends."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.foundation.embedded.living import living, until
from voelgoed.foundation.embedded.port import free_port
from voelgoed.foundation.embedded.process import MYSELF, Identity

SMALL_STACK = Path(__file__).with_name("small_stack.py")
DAEMON = Identity(user=1, group=1)
NAMELESS = Identity(user=65533, group=65533)  # as in a container that was given a number only
# An ordinary user as far as the programs can tell, who still reaches files below root's home.
IN_NAMESPACE = Identity(prefix=("unshare", "-U", "--map-user=1000", "--map-group=1000", "--"))

pytestmark = pytest.mark.slow


def python_for(identity: Identity) -> list[str]:
    """Return a Python of this version that the identity can start; skip where there is none."""
    for program in (sys.executable, f"/usr/bin/python{sys.version_info.major}.{sys.version_info.minor}"):
        question = [*identity.prefix, "/bin/sh", "-c", '"$1" -c "import zlib"', "sh", program]
        if subprocess.run(question, check=False, capture_output=True, cwd="/", **identity.options()).returncode == 0:
            return [program]
    pytest.skip("no Python here that such a user can start")


class Up:
    """A running `up` and what it has said."""

    def __init__(self, data: Path, *flags: str, port: int | None = None, identity: Identity = MYSELF) -> None:
        self.data = data
        self.port = port or free_port()
        command = [*identity.prefix, *python_for(identity), str(SMALL_STACK), str(data), str(self.port), *flags]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        # What is installed for us is lent to a user who could not look for it.
        environ = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        self.process = subprocess.Popen(command, **pipes, text=True, env=environ, cwd="/", **identity.options())
        self.said: list[str] = []

    def until(self, word: str) -> str:
        """Read until a line that holds the word; fail if it ends before."""
        assert self.process.stdout
        for line in self.process.stdout:
            self.said.append(line.rstrip("\n"))
            if word in line:
                return self.said[-1]
        raise AssertionError(f"it ended without {word!r}: {self.said}")

    def ready(self) -> Up:
        """Wait for the line that says so."""
        self.until("ready: ")
        return self

    def family(self) -> list[psutil.Process]:
        """Return all processes below it."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def end(self, number: int = signal.SIGTERM) -> int:
        """Send the signal; return the exit status."""
        self.process.send_signal(number)
        assert self.process.stdout
        self.said += self.process.stdout.read().splitlines()
        return self.process.wait(60)


Start = Callable[..., Up]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    running: list[Up] = []

    def begin(*flags: str, data: Path | None = None, **options: Any) -> Up:
        running.append(Up(data or tmp_path / "var", *flags, **options))
        return running[-1]

    yield begin
    for one in running:
        one.process.kill()
        one.process.wait()
        if one.process.stdout:
            one.process.stdout.close()


def test_it_says_its_steps_then_ready_then_the_sign_ins(start: Start) -> None:
    up = start().ready()
    assert up.said[0].startswith("- starting PostgreSQL and Valkey in ")
    assert up.said[1:4] == [
        "- bringing roles and tables up to date",
        "- starting web",
        f"ready: http://127.0.0.1:{up.port}",
    ]
    assert up.until("sign in") == "sign in as naledi@example.org"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_everything(start: Start, number: int) -> None:
    up = start().ready()
    family = up.family()
    assert len(family) > 6
    assert up.end(number) == 0
    assert living(family, 0) == []
    assert not (up.data / "running.json").exists()


def test_a_kill_of_the_supervisor_leaves_no_process(start: Start) -> None:
    up = start().ready()
    family = up.family()
    assert {"web.log", "workers.log"} <= {log.name for log in (up.data / "log").iterdir()}
    up.process.kill()
    assert living(family) == []


def test_it_starts_again_after_a_kill_and_keeps_its_data(start: Start) -> None:
    start("--durable").ready().process.kill()
    up = start("--durable").ready()
    assert up.until("times") == "started 2 times"


def test_programs_wait_for_the_database_only_when_the_code_is_another(start: Start) -> None:
    preparing, starting = "- bringing roles and tables up to date", "- starting web"
    for flags, expected in [
        ([], [preparing, starting]),
        ([], [starting, preparing]),
        (["--newer"], [preparing, starting]),
    ]:
        up = start(*flags).ready()
        assert up.said[1:3] == expected
        up.end()


def test_a_lock_left_by_a_power_cut_is_no_obstacle(start: Start, tmp_path: Path) -> None:
    data = tmp_path / "var"
    data.mkdir()
    (data / "lock").write_text(f"{os.getpid()}\n")
    start(data=data).ready()


def test_a_second_one_on_the_same_folder_is_refused(start: Start) -> None:
    first = start().ready()
    second = start()
    assert f"in use by the `voelgoed up` with process id {first.process.pid}" in second.until("Error: ")
    assert second.process.wait() == 1
    assert first.process.poll() is None


def test_a_port_in_use_is_refused_before_anything_is_made(start: Start, tmp_path: Path) -> None:
    first = start().ready()
    other = start(data=tmp_path / "other", port=first.port)
    assert f"Port {first.port} of 127.0.0.1 is in use" in other.until("Error: ")
    assert other.process.wait() == 1
    assert not (tmp_path / "other").exists()


def test_a_folder_of_another_major_is_refused_and_kept(start: Start) -> None:
    up = start().ready()
    up.end()
    version = up.data / "postgres" / "data" / "PG_VERSION"
    version.write_text("17\n", encoding="ascii")
    again = start()
    assert "made by PostgreSQL 17 and this is 18" in again.until("Error: ")
    assert again.process.wait() == 1
    version.write_text("18\n", encoding="ascii")
    assert start().ready().until("times") == "started 2 times"


def test_demo_and_real_data_never_share_a_folder(start: Start) -> None:
    start().ready().end()
    real = start("--no-demo")
    assert "holds a demo with well-known passwords, which neither real data nor" in real.until("Error: ")
    assert real.process.wait() == 1


def test_a_program_that_dies_is_started_again_and_said(start: Start) -> None:
    up = start().ready()
    (web,) = (one for one in up.family() if str(up.port) in one.cmdline())
    web.kill()
    assert up.until("web was killed") == "- web was killed by signal 9; starting it again in 0.5 s"
    assert up.end() == 0


def test_a_forked_worker_that_dies_is_forked_again_and_said(start: Start) -> None:
    up = start().ready()
    (parent,) = (one for one in up.family() if "Crew" in " ".join(one.cmdline()) and one.ppid() == up.process.pid)
    until(lambda: len(parent.children()) == 2)
    parent.children()[0].kill()
    assert up.until("ended with") in (
        "- one ended with status -9; starting it again in 0.5 s",
        "- two ended with status -9; starting it again in 0.5 s",
    )
    assert up.end() == 0


def test_a_database_that_dies_is_started_again_on_its_port(start: Start) -> None:
    up = start().ready()
    pid = int((up.data / "postgres" / "data" / "postmaster.pid").read_text().splitlines()[0])
    before = json.loads((up.data / "running.json").read_text())["DATABASE_URL"]
    psutil.Process(pid).kill()
    assert "PostgreSQL was killed by signal 9" in up.until("PostgreSQL was killed")
    assert json.loads((up.data / "running.json").read_text())["DATABASE_URL"] == before
    assert up.end() == 0


def test_a_program_that_cannot_live_is_one_clear_line(start: Start) -> None:
    up = start("--broken")
    assert "the web is broken" in up.until("Error: web did not become ready")
    assert up.process.wait() == 1


def test_a_database_that_cannot_be_prepared_is_one_clear_line(start: Start) -> None:
    up = start("--unprepared")
    assert "could not be prepared: Error: this database is beyond help" in up.until("Error: ")
    assert up.process.wait() == 1


def test_what_stops_the_preparation_is_said_and_nothing_goes_on(start: Start) -> None:
    up = start("--stopped")
    assert up.until("Error: ") == "Error: phones know another address"
    assert up.process.wait() == 1


def test_workers_that_die_are_started_again_without_preparing(start: Start) -> None:
    up = start().ready()
    (parent,) = (one for one in up.family() if "Crew" in " ".join(one.cmdline()) and one.ppid() == up.process.pid)
    parent.kill()
    up.until("workers was killed by signal 9")
    until(lambda: any("Crew" in " ".join(one.cmdline()) and one.children() for one in up.family() if one != parent))
    assert up.end() == 0
    assert not any("bringing roles" in line for line in up.said[4:])


def test_secrets_are_made_once_and_private(start: Start) -> None:
    up = start().ready()
    files = [up.data / name for name in ("secrets.json", "running.json", "valkey/password", "postgres/password")]
    assert [file.stat().st_mode & 0o777 for file in files] == [0o600] * 4
    drawn = files[0].read_text()
    up.end()
    start().ready()
    assert files[0].read_text() == drawn


@pytest.fixture
def reachable() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o777)
    yield folder
    shutil.rmtree(folder)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
@pytest.mark.parametrize("identity", [DAEMON, NAMELESS, IN_NAMESPACE], ids=["daemon", "nameless", "namespace"])
def test_an_ordinary_user_runs_it(start: Start, reachable: Path, identity: Identity) -> None:
    up = start(data=reachable / "var", identity=identity).ready()
    family = up.family()
    assert {one.uids().real for one in family} == {identity.user or 0}
    assert up.until("times") == "started 1 times"
    up.process.kill()
    assert living(family) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk")
def test_a_full_disk_is_one_clear_line(start: Start, tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=30m", "tmpfs", str(small)], check=False)
    if mounted.returncode:
        pytest.skip("this machine mounts nothing")
    try:
        up = start(data=small / "var")
        assert "is full" in up.until("Error: ")
        assert up.process.wait() == 1
    finally:
        subprocess.run(["umount", str(small)], check=True)
