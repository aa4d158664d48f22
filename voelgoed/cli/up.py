"""`voelgoed up`: everything on this machine, with servers of its own."""

from __future__ import annotations

import os
import sys
from hashlib import sha256
from pathlib import Path

import click

from voelgoed.cli.settings import QUEUES, data_option
from voelgoed.foundation.embedded.failure import StartError

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
PORTS = click.IntRange(1, 65535)


@click.command("up")
@data_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=PORTS, default=8000, show_default=True, help="Port to listen on.")
@click.option("--cert", type=FILE, help="Certificate (PEM); a phone's camera needs TLS.")
@click.option("--key", type=FILE, help="The certificate's private key (PEM).")
@click.option("--public-url", envvar="VOELGOED_PUBLIC_URL", help="Address that pairing codes and links say.")
@click.option("--demo/--no-demo", default=None, help="The demo; off by itself when listening beyond loopback.")
def up(
    data: Path,
    host: str,
    port: int,
    cert: Path | None,
    key: Path | None,
    public_url: str | None,
    demo: bool | None,
) -> None:
    """Run everything on this machine: PostgreSQL, Valkey, web, workers and sweeper."""
    if sys.platform == "win32":
        raise StartError("Windows has no built-in servers here: use WSL, or set DATABASE_URL and REDIS_URL.")
    from voelgoed.foundation.embedded.listening import Listening
    from voelgoed.foundation.embedded.up import Plan, run

    if os.environ.get("DATABASE_URL"):
        click.echo("- DATABASE_URL is not used: `voelgoed up` brings its own servers")
    listening = Listening(host, port, cert, key, public_url)
    with_demo = listening.is_loopback if demo is None else demo
    prepare = _python("voelgoed.cli.prepare", "demo" if with_demo else "real")
    web = _python("voelgoed", "web", *listening.options())
    workers = _python("voelgoed", "worker", *QUEUES, "--sweep")
    simulator = _python("voelgoed.simulator") if with_demo else ()
    run(Plan(data, listening, with_demo, _version(), prepare, web, workers, simulator=simulator), click.echo)


def _version() -> str:
    """Return a mark of the code as it lies on the disk, which changes with any file of it."""
    package = Path(__file__).parents[1]
    files = sorted(path for path in package.rglob("*") if path.suffix in (".py", ".sql"))
    seen = [(str(path.relative_to(package)), path.stat().st_mtime_ns, path.stat().st_size) for path in files]
    return sha256(repr(seen).encode()).hexdigest()


def _python(module: str, *arguments: str) -> list[str]:
    return [sys.executable, "-P", "-m", module, *arguments]
