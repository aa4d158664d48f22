"""`voelgoed payment-simulator`: stands in for the payment processors; no money moves."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click


@click.command("payment-simulator")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8090, show_default=True, help="Port; 0 takes any.")
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), help="Folder that keeps what happened.")
def payment_simulator(host: str, port: int, data: Path | None) -> None:
    """Simulate Stripe and Paystack for trials and tests; no money moves, live keys are refused."""
    command = [sys.executable, "-P", "-m", "voelgoed.simulator", "--host", host, "--port", str(port)]
    if data:
        command += ["--data", str(data)]
    # In place of this process, without what the other commands import.
    os.execv(sys.executable, command)  # noqa: S606
