"""`voelgoed check`: what must hold, counted against the database that runs."""

from __future__ import annotations

import getpass

import click

from voelgoed.cli.settings import configured
from voelgoed.config import Config, ConfigError


@click.command("check")
@configured
@click.pass_context
def check(context: click.Context, config: Config) -> None:
    """Count the violations of every invariant, over all organizations; exit 1 when there is one."""
    from voelgoed import create_app
    from voelgoed.foundation.checks import violations
    from voelgoed.foundation.tenancy import Actor, skip_tenant_rule

    if not config.database_report_url:
        raise ConfigError("DATABASE_REPORT_URL is not set: the address that signs in as voelgoed_report.")
    clerk = Actor("system", None, f"{getpass.getuser()} at the command line")
    broken = 0
    with create_app(config).app_context(), skip_tenant_rule(reason="voelgoed check", actor=clerk) as session:
        for one, count in violations(session):
            broken += count > 0
            click.echo(f"{one.code:<4}{count:>7}  {one.says}")
    click.echo("All hold." if not broken else f"{broken} of them do not hold.")
    context.exit(1 if broken else 0)
