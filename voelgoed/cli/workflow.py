"""`voelgoed workflow NAME`: a workflow as a drawing."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

import click


@click.command("workflow")
@click.argument("name")
def workflow(name: str) -> None:
    """Draw the workflow NAME as Mermaid."""
    from voelgoed import ROOMS, tables
    from voelgoed.foundation.workflow import mermaid
    from voelgoed.foundation.workflow import workflow as declared

    tables.load()
    for room in ROOMS:  # a workflow is declared when its module is imported; that needs no database
        package = import_module(f"voelgoed.{room}")
        for module in iter_modules(package.__path__, f"{package.__name__}."):
            import_module(module.name)
    try:
        click.echo(mermaid(declared(name)), nl=False)
    except LookupError as unknown:
        raise click.ClickException(str(unknown)) from None
