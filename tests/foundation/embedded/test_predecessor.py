"""A start waits for what a killed server has left running in its folder."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from voelgoed.foundation.embedded import predecessor
from voelgoed.foundation.embedded.failure import StartError
from voelgoed.foundation.embedded.predecessor import wait_for_predecessor

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only there it is told where a process works")


@contextmanager
def left_behind(data: Path, seconds: float, name: str = predecessor.SERVER) -> Iterator[subprocess.Popen[bytes]]:
    """Run what no note names, as a killed server's own children are."""
    program = data.parent / name
    shutil.copy(shutil.which("sleep") or "/bin/sleep", program)
    one = subprocess.Popen([str(program), str(seconds)], cwd=data)
    try:
        yield one
    finally:
        one.kill()
        one.wait()


def test_a_start_waits_for_processes_that_no_note_names(tmp_path: Path) -> None:
    with left_behind(tmp_path, 0.3) as one:
        began = time.monotonic()
        # A zombie, as ours until we wait for it, works nowhere any more.
        wait_for_predecessor(tmp_path, 30.0)
        assert time.monotonic() - began > 0.1
        assert one.wait(timeout=5) == 0


def test_a_start_beside_a_living_server_says_which_one(tmp_path: Path) -> None:
    with left_behind(tmp_path, 30) as one, pytest.raises(StartError, match=f"process id {one.pid}"):
        wait_for_predecessor(tmp_path, 0.1)


def test_a_shell_that_stands_in_the_folder_is_no_server(tmp_path: Path) -> None:
    with left_behind(tmp_path, 30, "bash") as one:
        wait_for_predecessor(tmp_path, 0.0)
        assert one.poll() is None


def test_without_looking_for_others_it_would_not_wait(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(predecessor, "_serving", lambda data: predecessor._noted(data / "postmaster.pid"))
    with left_behind(tmp_path, 30) as one:
        wait_for_predecessor(tmp_path, 0.1)
        assert one.poll() is None
