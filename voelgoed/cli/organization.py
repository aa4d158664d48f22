"""`voelgoed organization …`: what the operator does with organizations; no tenant's rows are seen."""

from __future__ import annotations

import getpass
import json

import click
import psycopg

from voelgoed.cli.settings import configured
from voelgoed.config import Config, ConfigError

LIST = (
    "SELECT slug, name, suspended_at FROM organization WHERE id <> '00000000-0000-0000-0000-000000000000' ORDER BY slug"
)
SUSPEND = """
UPDATE organization SET suspended_at = CASE WHEN %(lift)s THEN NULL ELSE coalesce(suspended_at, now()) END
 WHERE slug = %(slug)s AND id <> '00000000-0000-0000-0000-000000000000'
"""


@click.group("organization")
def organization() -> None:
    """Make, list, suspend organizations."""


@organization.command("create")
@configured
def create(config: Config) -> None:
    """Print a link that founds an organization and its owner, once, within three days."""
    from voelgoed import create_app
    from voelgoed.accounts.founding import new_link

    with create_app(config).app_context():
        click.echo(new_link(config))


@organization.command("list")
@configured
def list_all(config: Config) -> None:
    """Print each organization's short name, its name, and whether it is suspended."""
    with _as_owner(config) as connection:
        for slug, name, suspended_at in connection.execute(LIST):
            click.echo(f"{slug}\t{name}" + ("\tsuspended" if suspended_at else ""))


@organization.command("suspend")
@configured
@click.argument("slug")
@click.option("--lift", is_flag=True, help="Let it in again.")
def suspend(config: Config, slug: str, lift: bool) -> None:
    """Close an organization's pages and API, keeping all its rows; `--lift` opens them again."""
    with _as_owner(config) as connection:
        said = json.dumps({"kind": "system", "label": f"{getpass.getuser()} at the command line"})
        connection.execute("SELECT set_config('app.context', %s, true)", (said,))
        changed = connection.execute(SUSPEND, {"slug": slug, "lift": lift}).rowcount
    if not changed:
        raise click.ClickException(f"There is no organization {slug!r}.")
    click.echo(f"{slug} is " + ("open again" if lift else "suspended"))


def _as_owner(config: Config) -> psycopg.Connection:
    # Not through the door: what the web may call could be called by whoever breaks into it.
    if not config.database_owner_url:
        raise ConfigError(
            "DATABASE_OWNER_URL is not set: only the owner of the tables lists and suspends organizations."
        )
    return psycopg.connect(config.database_owner_url.replace("+psycopg", "", 1))
