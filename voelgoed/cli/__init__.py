"""`voelgoed …`: one module per family of commands, imported when it is called."""

from __future__ import annotations

import importlib
import importlib.util
from typing import Any

import click

from voelgoed.cli.settings import OperatorError, configured, data_option

__all__ = ["configured", "data_option", "main"]

COMMANDS = (
    "voelgoed.cli.up:up",
    "voelgoed.cli.web:web",
    "voelgoed.cli.worker:worker",
    "voelgoed.cli.sweep:sweep",
    "voelgoed.cli.db:db",
    "voelgoed.cli.organization:organization",
    "voelgoed.cli.demo:demo",
    "voelgoed.cli.check:check",
    "voelgoed.cli.workflow:workflow",
    "voelgoed.cli.payment_simulator:payment_simulator",
    "voelgoed.cli.shell:shell",
)


class Commands(click.Group):
    """A group whose commands are imported when they are asked for; settings' errors are one line."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands that this installation has."""
        return [name for name, place in _places().items() if importlib.util.find_spec(place.partition(":")[0])]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command's module and return the command."""
        place = _places().get(cmd_name)
        if place is None or cmd_name not in self.list_commands(ctx):
            return None
        module, _, attribute = place.partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; wrong settings and servers are said in one line, without a traceback."""
        try:
            return super().invoke(ctx)
        except OperatorError as error:
            raise click.ClickException(str(error)) from error


def _places() -> dict[str, str]:
    return {place.partition(":")[2].replace("_", "-"): place for place in COMMANDS}


@click.group(cls=Commands)
@click.version_option(package_name="voelgoed")
def main() -> None:
    """Sell tickets at the till, scan them at the gate, see who is inside."""
