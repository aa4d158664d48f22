"""A PostgreSQL of one's own in a folder, started as a direct child."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
from pathlib import Path
from urllib.parse import quote

from voelgoed.foundation.embedded.account import account_for, own
from voelgoed.foundation.embedded.binaries import postgres_binaries
from voelgoed.foundation.embedded.failure import StartError, from_log
from voelgoed.foundation.embedded.port import LOOPBACK, free_port
from voelgoed.foundation.embedded.predecessor import wait_for_predecessor
from voelgoed.foundation.embedded.process import Identity
from voelgoed.foundation.embedded.secret import secret_in, write_private
from voelgoed.foundation.embedded.server import Server

SUPERUSER = "postgres"
FIRST_WITH_BUILTIN_LOCALES = 17
PREDECESSOR_SECONDS = 10.0
STATUS_LINE = 7  # of postmaster.pid, where the server says "ready"

BASE_SETTINGS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
    "max_connections": "100",
    "client_connection_check_interval": "1s",
}
FRAGILE_SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Postgres(Server):
    """A cluster in `folder`: made on the first start, kept between starts, reached over loopback only.

    `durable=False` trades safety against power cuts for speed (tests). `binaries` is another installation's
    `bin` folder.
    """

    name = "PostgreSQL"
    ends_by = signal.SIGINT  # it disconnects everybody first
    start_seconds, stop_seconds = 60.0, 4.0

    def __init__(
        self,
        folder: Path,
        port: int | None = None,
        durable: bool = True,
        settings: dict[str, str] | None = None,
        binaries: Path | None = None,
    ) -> None:
        super().__init__(folder, port)
        self.durable = durable
        self.settings = BASE_SETTINGS | ({} if durable else FRAGILE_SETTINGS) | (settings or {})
        self.data = self.folder / "data"
        self._binaries = binaries

    def url(self, user: str, database: str, password: str | None = None) -> str:
        """Return the address `postgresql://…` of a database for a role."""
        secret = f":{quote(password, safe='')}" if password else ""
        return f"postgresql://{quote(user, safe='')}{secret}@{LOOPBACK}:{self.port}/{quote(database, safe='')}"

    def superuser_url(self, database: str = "postgres") -> str:
        """Return the address for the superuser, who only makes roles and databases."""
        return self.url(SUPERUSER, database, secret_in(self.folder / "password"))

    def _start(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        binaries = self._binaries or postgres_binaries()
        if os.geteuid() == 0:
            self.folder.chmod(0o711)  # the lent identity passes through to what it owns
        identity = account_for(binaries, self.folder)
        major = _major(binaries)
        if not self.data.exists():
            self._make(binaries, identity, major)
        self._refuse_other_major(major)
        own(self.data, identity)
        wait_for_predecessor(self.data, PREDECESSOR_SECONDS)
        self._run(binaries, identity)

    def _make(self, binaries: Path, identity: Identity, major: int) -> None:
        """Make the cluster aside and move it into place, so that an interrupted start leaves none by half."""
        aside = self.folder / "data.new"
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir(mode=0o700)
        own(aside, identity)
        password = self.folder / "initdb-password"
        write_private(password, secret_in(self.folder / "password"))
        own(password, identity)
        command = [
            *identity.prefix,
            str(binaries / "initdb"),
            *_initdb_options(aside, password, major, self.durable),
        ]
        try:
            made = subprocess.run(command, capture_output=True, cwd="/", check=False, text=True, **identity.options())  # type: ignore[call-overload]
        finally:
            password.unlink()
        if made.returncode:
            shutil.rmtree(aside, ignore_errors=True)
            raise from_log("initdb could not make the cluster", self.folder, made.stderr)
        aside.rename(self.data)

    def _refuse_other_major(self, major: int) -> None:
        found = (self.data / "PG_VERSION").read_text(encoding="ascii").strip()
        if found != str(major):
            raise StartError(
                f"{self.data} was made by PostgreSQL {found} and this is {major}: dump it with the old "
                "release and restore it here, or choose another --data."
            )

    def _run(self, binaries: Path, identity: Identity) -> None:
        self.port = self.port or free_port()
        settings = [f"--{name}={value}" for name, value in self.settings.items()]
        command = [str(binaries / "postgres"), "-D", str(self.data), "-p", str(self.port), *settings]
        # SIGQUIT ends it at once, without the checkpoint that could take longer than an orphan may live.
        self._launch(command, self._ready, identity=identity, on_orphaned=signal.SIGQUIT)

    def _ready(self) -> bool:
        try:
            lines = (self.data / "postmaster.pid").read_text(encoding="ascii").splitlines()
        except FileNotFoundError:
            return False
        return len(lines) > STATUS_LINE and lines[0] == str(self.pid) and lines[STATUS_LINE].strip() == "ready"


def _major(binaries: Path) -> int:
    said = subprocess.run([str(binaries / "postgres"), "--version"], capture_output=True, check=False, text=True)
    found = re.search(r"(\d+)", said.stdout)
    if found is None:
        raise StartError(f"{binaries / 'postgres'} does not run here: {said.stderr.strip() or said.returncode}")
    return int(found[1])


def _initdb_options(folder: Path, password: Path, major: int, durable: bool) -> list[str]:
    builtin = major >= FIRST_WITH_BUILTIN_LOCALES
    locale = (
        ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"] if builtin else ["--locale=C.UTF-8"]
    )
    sync = (
        (["--sync-method=syncfs"] if builtin and durable and os.uname().sysname == "Linux" else [])
        if durable
        else ["--no-sync"]
    )
    account = ["-U", SUPERUSER, "-A", "scram-sha-256", f"--pwfile={password}"]
    return ["-D", str(folder), *account, "--encoding=UTF8", *locale, *sync, "--no-instructions"]
