"""A PostgreSQL of one's own in a folder, started as a direct child."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path
from types import TracebackType
from urllib.parse import quote

from voelgoed.foundation.embedded.account import account_for, own
from voelgoed.foundation.embedded.binaries import postgres_binaries
from voelgoed.foundation.embedded.failure import PortTakenError, StartError, explain, from_log
from voelgoed.foundation.embedded.port import LOOPBACK, free_port
from voelgoed.foundation.embedded.predecessor import wait_for_predecessor
from voelgoed.foundation.embedded.process import Child, Identity
from voelgoed.foundation.embedded.secret import secret_in, write_private

SUPERUSER = "postgres"
START_SECONDS = 60.0
STOP_SECONDS = 4.0
FIRST_WITH_BUILTIN_LOCALES = 17
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


class Postgres:
    """A cluster in `folder`: made on the first start, kept between starts, reached over loopback only.

    `durable=False` trades safety against power cuts for speed (tests). `binaries` is another installation's
    `bin` folder. Start it from the main thread: the kernel ends it with the thread that started it.
    """

    def __init__(
        self,
        folder: Path,
        port: int | None = None,
        durable: bool = True,
        settings: dict[str, str] | None = None,
        binaries: Path | None = None,
    ) -> None:
        self.name = "PostgreSQL"
        self.folder = folder.absolute()
        self.port = port or 0
        self._port_is_given = port is not None
        self.durable = durable
        self.settings = BASE_SETTINGS | ({} if durable else FRAGILE_SETTINGS) | (settings or {})
        self.data = self.folder / "data"
        self.log = self.folder / "log"
        self._binaries = binaries
        self._child: Child | None = None

    def start(self) -> None:
        """Make the cluster if there is none and return when it answers; `StartError` says why not."""
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
        """Ask it to disconnect everybody and shut down."""
        if self._child:
            self._child.ask(signal.SIGINT)

    def stop(self) -> None:
        """Disconnect everybody and shut down cleanly within seconds."""
        if self._child:
            self._child.stop(signal.SIGINT, STOP_SECONDS)
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

    def url(self, user: str, database: str, password: str | None = None) -> str:
        """Return the address `postgresql://…` of a database for a role."""
        secret = f":{quote(password, safe='')}" if password else ""
        return f"postgresql://{quote(user, safe='')}{secret}@{LOOPBACK}:{self.port}/{quote(database, safe='')}"

    def superuser_url(self, database: str = "postgres") -> str:
        """Return the address for the superuser, who only makes roles and databases."""
        return self.url(SUPERUSER, database, secret_in(self.folder / "password"))

    def __enter__(self) -> Postgres:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

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
        wait_for_predecessor(self.data, STOP_SECONDS)
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
        said_before = self.log.stat().st_size if self.log.exists() else 0
        command = [str(binaries / "postgres"), "-D", str(self.data), "-p", str(self.port), *settings]
        # SIGQUIT ends it at once, without the checkpoint that could take longer than an orphan may live.
        child = self._child = Child(command, self.log, identity=identity, on_orphaned=signal.SIGQUIT)
        deadline = time.monotonic() + START_SECONDS
        while not self._ready(child.pid):
            if child.ended() is not None or time.monotonic() > deadline:
                child.stop(signal.SIGINT, STOP_SECONDS)
                with self.log.open("rb") as log:
                    log.seek(said_before)
                    raise from_log("PostgreSQL did not start", self.folder, log.read().decode(errors="replace"))
            time.sleep(0.01)

    def _ready(self, pid: int) -> bool:
        try:
            lines = (self.data / "postmaster.pid").read_text(encoding="ascii").splitlines()
        except FileNotFoundError:
            return False
        return len(lines) > STATUS_LINE and lines[0] == str(pid) and lines[STATUS_LINE].strip() == "ready"


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
