"""`voelgoed workflow NAME`: a workflow as a drawing."""

import click

from voelgoed.foundation.workflow import mermaid
from voelgoed.foundation.workflow import workflow as declared


@click.command("workflow")
@click.argument("name")
def workflow(name: str) -> None:
    """Draw the workflow NAME as Mermaid."""
    try:
        click.echo(mermaid(declared(name)), nl=False)
    except LookupError as unknown:
        raise click.ClickException(str(unknown)) from None
