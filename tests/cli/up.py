"""A running `voelgoed up`, as a newcomer starts it."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil

from voelgoed.foundation.embedded.port import free_port

START_SECONDS = 300.0


class Up:
    """One start of `voelgoed up` on a folder; what it says goes to a file beside it."""

    def __init__(self, data: Path, *options: str) -> None:
        self.data = data
        self.port = free_port()
        log = data.parent / f"up-{self.port}.log"
        command = [sys.executable, "-m", "voelgoed", "up", "--data", str(data), "--port", str(self.port), *options]
        with log.open("w") as out:
            self.process = subprocess.Popen(command, stdout=out, stderr=out, cwd="/")
        self.said: list[str] = []
        self._reading = log.open()

    def until(self, word: str) -> str:
        """Read on until a line that holds the word."""
        deadline, line = time.monotonic() + START_SECONDS, ""
        while True:
            ended = self.process.poll() is not None
            line += self._reading.readline()
            if line.endswith("\n"):
                self.said.append(line.rstrip("\n"))
                line = ""
                if word in self.said[-1]:
                    return self.said[-1]
            else:
                assert not ended, f"it ended without {word!r}: {self.said}"
                assert time.monotonic() < deadline, f"it never said {word!r}: {self.said}"
                time.sleep(0.02)

    def family(self) -> list[psutil.Process]:
        """Return all processes below it."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def end(self) -> int:
        """Ask it to end; return the exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)
