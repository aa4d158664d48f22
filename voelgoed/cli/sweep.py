"""`voelgoed sweep`: finds work that was lost and has it done."""

from __future__ import annotations

import click

from voelgoed.cli.settings import configured
from voelgoed.config import Config


@click.command("sweep")
@configured
def sweep(config: Config) -> None:
    """Enqueue again what was lost, and do it here while the cache is away."""
    from voelgoed import create_app
    from voelgoed.foundation.outbox import sweep_forever

    sweep_forever(create_app(config))
