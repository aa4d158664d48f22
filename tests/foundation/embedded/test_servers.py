"""The embedded servers: starts, both ways of not being root, and what stands in the way."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest
import redis

from tests.foundation.embedded.living import living
from voelgoed.foundation.embedded import Postgres, StartError, Valkey

DEBIAN_15 = Path("/usr/lib/postgresql/15/bin")


@pytest.fixture
def postgres(tmp_path: Path) -> Iterator[Postgres]:
    server = Postgres(tmp_path / "postgres", durable=False)
    yield server
    server.stop()


def ask(server: Postgres, question: str) -> object:
    with psycopg.connect(server.superuser_url()) as connection:
        row = connection.execute(question).fetchone()
    return row[0] if row else None


def test_it_keeps_its_rows_between_starts(postgres: Postgres) -> None:
    postgres.start()
    with psycopg.connect(postgres.superuser_url()) as connection:
        connection.execute("create table kept as select 7 as n")
    postgres.stop()
    postgres.start()
    assert ask(postgres, "select n from kept") == 7


def test_it_refuses_a_wrong_password(postgres: Postgres) -> None:
    postgres.start()
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(postgres.url("postgres", "postgres", "guess"))


def test_its_secrets_are_private(postgres: Postgres) -> None:
    postgres.start()
    assert (postgres.folder / "password").stat().st_mode & 0o777 == 0o600
    assert not (postgres.folder / "initdb-password").exists()


def test_durability_is_a_choice(tmp_path: Path) -> None:
    with Postgres(tmp_path / "safe") as safe:
        assert ask(safe, "show fsync") == "on"
    with Postgres(tmp_path / "fast", durable=False) as fast:
        assert ask(fast, "show fsync") == "off"


@pytest.fixture
def reachable() -> Iterator[Path]:
    """A folder that any user can enter, which pytest's own are not."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root lends its server another identity")
def test_root_lends_an_identity_by_either_way(reachable: Path) -> None:
    server = Postgres(reachable / "postgres", durable=False)
    with server:
        assert ask(server, "select 1") == 1
        assert server.data.stat().st_uid != 0
    reachable.chmod(0o700)
    with server:
        assert ask(server, "select 1") == 1
        assert server.data.stat().st_uid == 0


def test_a_folder_of_another_major_is_left_alone(postgres: Postgres) -> None:
    postgres.start()
    postgres.stop()
    version = postgres.data / "PG_VERSION"
    version.write_text("13\n", encoding="ascii")
    with pytest.raises(StartError, match="made by PostgreSQL 13 and this is 18"):
        postgres.start()
    version.write_text("18\n", encoding="ascii")
    postgres.start()


def test_a_note_left_by_a_power_cut_is_no_obstacle(postgres: Postgres) -> None:
    postgres.start()
    postgres.stop()
    note = f"{os.getppid()}\n{postgres.data}\n1\n{postgres.port}\n\n127.0.0.1\n\nready\n"
    (postgres.data / "postmaster.pid").write_text(note, encoding="ascii")
    postgres.start()
    assert ask(postgres, "select 1") == 1


def test_a_first_start_that_was_interrupted_is_begun_again(postgres: Postgres) -> None:
    half = postgres.folder / "data.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n", encoding="ascii")
    postgres.start()
    assert not half.exists()


def test_a_port_in_use_is_said(postgres: Postgres, tmp_path: Path) -> None:
    postgres.start()
    with pytest.raises(StartError, match="in use"):
        Postgres(tmp_path / "other", port=postgres.port, durable=False).start()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk")
def test_a_disk_that_fills_leaves_nothing_by_half(tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=10m", "tmpfs", str(small)], check=False)
    if mounted.returncode:
        pytest.skip("this machine mounts nothing")
    try:
        with pytest.raises(StartError, match=r"The disk that holds .* is full"):
            Postgres(small / "postgres", durable=False).start()
        assert [path.name for path in (small / "postgres").iterdir()] == ["password"]
    finally:
        subprocess.run(["umount", str(small)], check=True)


@pytest.mark.skipif(not DEBIAN_15.is_dir(), reason="Debian's PostgreSQL 15 is not installed")
def test_it_runs_the_binaries_of_the_distribution(tmp_path: Path) -> None:
    with Postgres(tmp_path / "debian", durable=False, binaries=DEBIAN_15) as server:
        assert str(ask(server, "show server_version")).startswith("15")


def test_valkey_wants_its_password_and_keeps_its_keys(tmp_path: Path) -> None:
    with Valkey(tmp_path / "valkey") as server:
        redis.Redis.from_url(server.url).set("kept", "7")
        with pytest.raises(redis.AuthenticationError):
            redis.Redis(port=server.port).ping()
    with server:
        assert redis.Redis.from_url(server.url).get("kept") == b"7"


def test_valkey_says_that_its_port_is_in_use(tmp_path: Path) -> None:
    with Valkey(tmp_path / "one") as one, pytest.raises(StartError, match="in use"):
        Valkey(tmp_path / "two", port=one.port).start()


@pytest.mark.parametrize("kernel", [True, False])
def test_orphans_end(tmp_path: Path, kernel: bool) -> None:
    reader, writer = os.pipe()
    parent = os.fork()
    if parent == 0:
        _start_and_tell(tmp_path, kernel, writer)
    os.close(writer)
    with os.fdopen(reader) as told:
        child = psutil.Process(int(told.readline()))
    os.kill(parent, signal.SIGKILL)
    os.waitpid(parent, 0)
    assert living([child]) == []


def _start_and_tell(folder: Path, kernel: bool, writer: int) -> None:
    from voelgoed.foundation.embedded.process import Child

    child = Child(["/bin/sleep", "60"], folder / "log", kernel=kernel)
    os.write(writer, f"{child.pid}\n".encode())
    signal.pause()
