"""A Valkey of one's own in a folder, started as a direct child."""

from __future__ import annotations

import signal
import socket
import time
from pathlib import Path
from types import TracebackType

from voelgoed.foundation.embedded.binaries import valkey_binary
from voelgoed.foundation.embedded.failure import PortTakenError, explain, from_log
from voelgoed.foundation.embedded.port import LOOPBACK, free_port
from voelgoed.foundation.embedded.process import Child
from voelgoed.foundation.embedded.secret import secret_in

START_SECONDS = 30.0
STOP_SECONDS = 3.0


class Valkey:
    """A cache in `folder`, reached over loopback with a password; `durable` keeps its contents.

    `binary` is another `valkey-server` or `redis-server`. Start it from the main thread, as `Postgres`.
    """

    def __init__(self, folder: Path, port: int | None = None, durable: bool = True, binary: Path | None = None) -> None:
        self.name = "Valkey"
        self.folder = folder.absolute()
        self.port = port or 0
        self._port_is_given = port is not None
        self.durable = durable
        self.log = self.folder / "log"
        self._binary = binary
        self._child: Child | None = None

    @property
    def url(self) -> str:
        """The address `redis://…` with its password."""
        return f"redis://:{secret_in(self.folder / 'password')}@{LOOPBACK}:{self.port}/0"

    @property
    def pid(self) -> int:
        """The process id of the server."""
        if self._child is None:
            raise RuntimeError("the server is not running")
        return self._child.pid

    def start(self) -> None:
        """Start it and return when it answers; `StartError` says why not."""
        try:
            self._start()
        except PortTakenError:
            if self._port_is_given:
                raise
            self.port = 0
            self._start()
        except OSError as error:
            raise explain(error, self.folder) from error

    def begin_stop(self) -> None:
        """Ask it to write what is due and shut down."""
        if self._child:
            self._child.ask(signal.SIGTERM)

    def stop(self) -> None:
        """Write what is due and shut down."""
        if self._child:
            self._child.stop(signal.SIGTERM, STOP_SECONDS)
            self._child = None

    def ended(self) -> int | None:
        """Return the exit status of a server that ended by itself, None while it runs."""
        return self._child.ended() if self._child else 0

    def __enter__(self) -> Valkey:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _start(self) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.port = self.port or free_port()
        said_before = self.log.stat().st_size if self.log.exists() else 0
        # The settings go through stdin: a password among the arguments would show in every list of processes.
        command = [str(self._binary or valkey_binary()), "-"]
        child = self._child = Child(command, self.log, stdin=self._settings().encode(), on_orphaned=signal.SIGTERM)
        deadline = time.monotonic() + START_SECONDS
        while not self._ready():
            if child.ended() is not None or time.monotonic() > deadline:
                child.stop(signal.SIGTERM, STOP_SECONDS)
                with self.log.open("rb") as log:
                    log.seek(said_before)
                    raise from_log("Valkey did not start", self.folder, log.read().decode(errors="replace"))
            time.sleep(0.01)

    def _settings(self) -> str:
        lines = {
            "bind": LOOPBACK,
            "port": str(self.port),
            "dir": f'"{self.folder}"',
            "appendonly": "yes" if self.durable else "no",
            "save": '""',
            "daemonize": "no",
            "requirepass": secret_in(self.folder / "password"),
        }
        return "".join(f"{name} {value}\n" for name, value in lines.items())

    def _ready(self) -> bool:
        """Ask for a sign of life; while it loads its file it answers with an error."""
        try:
            with socket.create_connection((LOOPBACK, self.port), timeout=1) as connection:
                password = secret_in(self.folder / "password")
                connection.sendall(f"AUTH {password}\r\nPING\r\n".encode())
                return b"+PONG" in _answers(connection)
        except OSError:
            return False


def _answers(connection: socket.socket) -> bytes:
    heard = b""
    while heard.count(b"\r\n") < 2 and (part := connection.recv(200)):
        heard += part
    return heard
