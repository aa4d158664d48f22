"""A simulator of two payment processors: a real HTTP server that speaks their APIs and moves no money.

It imports nothing else of ours. `launch()` starts it as a process of its own; `voelgoed.simulator.server.Simulator`
is the same in a thread. What can be ordered of it is told at `/_control`.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Launched:
    """A simulator that runs as a process."""

    process: subprocess.Popen[str]
    address: str


def start(port: int = 0, host: str = "127.0.0.1", folder: Path | None = None) -> Launched:
    """Start a process and return when it answers; its caller ends it. Port 0 takes any that is free."""
    command = [sys.executable, "-P", "-m", "voelgoed.simulator", "--host", host, "--port", str(port)]
    if folder:
        command += ["--data", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    address = process.stdout.readline().strip()
    if not address:
        raise RuntimeError(f"the payment simulator ended at once with status {process.wait()}")
    return Launched(process, address)


@contextmanager
def launch(port: int = 0, host: str = "127.0.0.1", folder: Path | None = None) -> Iterator[Launched]:
    """Have a simulator run as a process for as long as the block."""
    launched = start(port, host, folder)
    try:
        yield launched
    finally:
        launched.process.kill()
        launched.process.communicate()
