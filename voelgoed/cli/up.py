"""`voelgoed up`: everything on this machine, with servers of its own."""

from __future__ import annotations

import os
import sys
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import click

from voelgoed.cli.settings import QUEUES, data_option
from voelgoed.foundation.embedded.failure import StartError

if TYPE_CHECKING:
    from voelgoed.foundation.embedded.lan import Lan
    from voelgoed.foundation.embedded.listening import Listening

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
PORTS = click.IntRange(1, 65535)


@click.command("up")
@data_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=PORTS, default=8000, show_default=True, help="Port to listen on.")
@click.option("--lan", "on_lan", is_flag=True, help="Listen on the network, under TLS, for phones; no demo by itself.")
@click.option("--name", help="With --lan: the one name or address by which phones find this machine.")
@click.option("--new-address", is_flag=True, help="With --lan: start although phones are paired under another address.")
@click.option("--cert", type=FILE, help="Certificate (PEM); a phone's camera needs TLS.")
@click.option("--key", type=FILE, help="The certificate's private key (PEM).")
@click.option("--public-url", envvar="VOELGOED_PUBLIC_URL", help="Address that pairing codes and links say.")
@click.option("--demo/--no-demo", default=None, help="The demo; off by itself when listening beyond loopback.")
@click.pass_context
def up(
    context: click.Context,
    data: Path,
    host: str,
    port: int,
    on_lan: bool,
    name: str | None,
    new_address: bool,
    cert: Path | None,
    key: Path | None,
    public_url: str | None,
    demo: bool | None,
) -> None:
    """Run everything on this machine: PostgreSQL, Valkey, web, workers and sweeper."""
    if sys.platform == "win32":
        raise StartError("Windows has no built-in servers here: use WSL, or set DATABASE_URL and REDIS_URL.")
    from voelgoed.foundation.embedded.listening import Listening

    if not on_lan and (name or new_address):
        raise StartError("--name and --new-address belong to --lan.")
    if not on_lan:
        return _run(data, Listening(host, port, cert, key, public_url), demo)
    if _said(context, "host") or _said(context, "public_url"):
        raise StartError("--lan listens everywhere, under the one --name: leave out --host and --public-url.")
    from voelgoed.foundation.embedded.lan import EVERYWHERE, lan

    found = lan(data, name, port, cert, key)
    if not new_address:
        os.environ[_fixed()] = "1"
    return _run(data, Listening(EVERYWHERE, port, found.cert, found.key, found.url), demo, found)


def _run(data: Path, listening: Listening, demo: bool | None, lan: Lan | None = None) -> None:
    from voelgoed.foundation.embedded.up import Plan, run

    if os.environ.get("DATABASE_URL"):
        click.echo("- DATABASE_URL is not used: `voelgoed up` brings its own servers")
    with_demo = listening.is_loopback if demo is None else demo
    plan = Plan(
        data, listening, with_demo, _version(),
        prepare=_python("voelgoed.cli.prepare", "demo" if with_demo else "real"),
        web=_python("voelgoed", "web", *listening.options()),
        workers=_python("voelgoed", "worker", *QUEUES, "--sweep"),
        simulator=_python("voelgoed.simulator") if with_demo else (),
        lan=lan, trust=_python("voelgoed.scanning.trust_page") if lan and lan.trust_url else (),
    )  # fmt: skip
    run(plan, click.echo)


def _said(context: click.Context, option: str) -> bool:
    source = context.get_parameter_source(option)
    return source is not None and source is not click.core.ParameterSource.DEFAULT


def _fixed() -> str:
    from voelgoed.cli.prepare import ADDRESS_IS_FIXED

    return ADDRESS_IS_FIXED


def _version() -> str:
    """Return a mark of the code as it lies on the disk, which changes with any file of it."""
    package = Path(__file__).parents[1]
    files = sorted(path for path in package.rglob("*") if path.suffix in (".py", ".sql"))
    seen = [(str(path.relative_to(package)), path.stat().st_mtime_ns, path.stat().st_size) for path in files]
    return sha256(repr(seen).encode()).hexdigest()


def _python(module: str, *arguments: str) -> list[str]:
    return [sys.executable, "-P", "-m", module, *arguments]
