"""`voelgoed shell`: Python inside one organization's scope."""

from __future__ import annotations

import code
import getpass

import click

from voelgoed.cli.settings import configured
from voelgoed.config import Config

BANNER = "Inside {slug}, as {label}. Names: db, select, rows, children, commit. Nothing is kept without commit()."


@click.command("shell")
@configured
@click.option("--organization", "slug", required=True, help="Slug of the organization whose rows to see.")
def shell(config: Config, slug: str) -> None:
    """Open Python inside an organization's scope; what it changes names you in the trail."""
    from sqlalchemy import select

    from voelgoed import create_app
    from voelgoed.foundation.boundary import commit
    from voelgoed.foundation.database import db
    from voelgoed.foundation.tenancy import Actor, children, door, rows, scope

    label = f"{getpass.getuser()} at the shell"
    with create_app(config).app_context():
        with door() as opened:
            found = opened.one("organization_of", slug=slug)
        if found is None:
            raise click.ClickException(f"There is no organization {slug!r}.")
        names = {"db": db, "select": select, "rows": rows, "children": children, "commit": commit}
        with scope(found.id, Actor("system", None, label), reason="shell"):
            code.interact(BANNER.format(slug=slug, label=label), local=names, exitmsg="")
