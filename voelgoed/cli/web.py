"""`voelgoed web`: gunicorn with gevent workers."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from voelgoed.cli.settings import configured
from voelgoed.config import Config

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("web")
@configured
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="Port to listen on.")
@click.option("--workers", type=click.IntRange(1), default=2, show_default=True, help="Worker processes.")
@click.option("--cert", type=FILE, help="Certificate (PEM), where no proxy ends TLS.")
@click.option("--key", type=FILE, help="The certificate's private key (PEM).")
def web(config: Config, host: str, port: int, workers: int, cert: Path | None, key: Path | None) -> None:
    """Serve pages, API and sockets; SIGTERM lets running requests end."""
    from voelgoed.foundation.embedded import gunicorn_settings

    place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    command = [sys.executable, "-P", "-m", "gunicorn", "-c", gunicorn_settings.__file__]
    command += ["--bind", place, "--workers", str(workers)]
    if cert and key:
        command += ["--certfile", str(cert), "--keyfile", str(key)]
    # In place of this process: whoever started it then signals gunicorn itself.
    os.execv(sys.executable, [*command, "voelgoed.wsgi:app"])  # noqa: S606
