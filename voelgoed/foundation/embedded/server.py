"""What the embedded servers share: a folder, a port on loopback, a log, one child, how it starts and ends."""

from __future__ import annotations

import signal
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, ClassVar, Self

from voelgoed.foundation.embedded.failure import PortTakenError, explain, from_log
from voelgoed.foundation.embedded.process import Child


class Server(ABC):
    """A server that runs as a direct child of the process that starts it, also as a context manager.

    Start it from the main thread: the kernel ends it with the thread that started it.
    """

    name: str
    ends_by: ClassVar[signal.Signals]
    """What asks it to shut down cleanly."""
    start_seconds: ClassVar[float]
    stop_seconds: ClassVar[float]

    def __init__(self, folder: Path, port: int | None) -> None:
        self.folder = folder.absolute()
        self.log = self.folder / "log"
        self.port = port or 0
        self._port_is_given = port is not None
        self._child: Child | None = None

    @abstractmethod
    def _start(self) -> None:
        """Make what is missing in the folder and launch the child; draw a port if there is none."""

    def start(self) -> None:
        """Start it and return when it answers; `StartError` says why not."""
        try:
            self._start()
        except PortTakenError:
            if self._port_is_given:
                raise
            self.port = 0  # somebody was faster to the port that was free a moment ago
            self._start()
        except OSError as error:
            raise explain(error, self.folder) from error

    def begin_stop(self) -> None:
        """Ask it to finish what is under way and shut down."""
        if self._child:
            self._child.ask(self.ends_by)

    def stop(self) -> None:
        """Have it finish what is under way and shut down within seconds."""
        if self._child:
            self._child.stop(self.ends_by, self.stop_seconds)
            self._child = None

    def ended(self) -> int | None:
        """Return the exit status of a server that ended by itself, None while it runs."""
        return self._child.ended() if self._child else 0

    @property
    def pid(self) -> int:
        """The process id of the server."""
        if self._child is None:
            raise RuntimeError("the server is not running")
        return self._child.pid

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _launch(self, command: list[str], ready: Callable[[], bool], **options: Any) -> None:
        """Start the child and wait until it is ready; else tell from its log why it is not."""
        said_before = self.log.stat().st_size if self.log.exists() else 0
        child = self._child = Child(command, self.log, **options)
        deadline = time.monotonic() + self.start_seconds
        while not ready():
            if child.ended() is not None or time.monotonic() > deadline:
                child.stop(self.ends_by, self.stop_seconds)
                with self.log.open("rb") as log:
                    log.seek(said_before)
                    raise from_log(f"{self.name} did not start", self.folder, log.read().decode(errors="replace"))
            time.sleep(0.01)
