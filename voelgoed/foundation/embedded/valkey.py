"""A Valkey of one's own in a folder, started as a direct child."""

from __future__ import annotations

import signal
import socket
from pathlib import Path

from voelgoed.foundation.embedded.binaries import valkey_binary
from voelgoed.foundation.embedded.port import LOOPBACK, free_port
from voelgoed.foundation.embedded.secret import secret_in
from voelgoed.foundation.embedded.server import Server


class Valkey(Server):
    """A cache in `folder`, reached over loopback with a password; `durable` keeps its contents.

    `binary` is another `valkey-server` or `redis-server`.
    """

    name = "Valkey"
    ends_by = signal.SIGTERM  # it writes what is due first
    start_seconds, stop_seconds = 30.0, 3.0

    def __init__(self, folder: Path, port: int | None = None, durable: bool = True, binary: Path | None = None) -> None:
        super().__init__(folder, port)
        self.durable = durable
        self._binary = binary

    @property
    def url(self) -> str:
        """The address `redis://…` with its password."""
        return f"redis://:{secret_in(self.folder / 'password')}@{LOOPBACK}:{self.port}/0"

    def _start(self) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.port = self.port or free_port()
        # The settings go through stdin: a password among the arguments would show in every list of processes.
        command = [str(self._binary or valkey_binary()), "-"]
        self._launch(command, self._ready, stdin=self._settings().encode(), on_orphaned=signal.SIGTERM)

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
