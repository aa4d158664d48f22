"""`voelgoed db …`: the roles and the schema of the database."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import click

from voelgoed.cli.settings import configured
from voelgoed.config import Config, ConfigError, normalise

ROLE_URLS = {
    "voelgoed_app": "DATABASE_URL",
    "voelgoed_migrator": "DATABASE_OWNER_URL",
    "voelgoed_report": "DATABASE_REPORT_URL",
    "voelgoed_backup": "DATABASE_BACKUP_URL",
}
"""Role → the setting whose address signs in as it."""


@click.group("db")
def db() -> None:
    """Make and migrate the database on one's own PostgreSQL."""


@db.command("roles")
@click.option(
    "--admin-url", envvar="DATABASE_ADMIN_URL", help="Signs in as a role that may create roles and databases."
)
@click.option("--print", "only_print", is_flag=True, help="Say the SQL and change nothing.")
def roles(admin_url: str | None, only_print: bool) -> None:
    """Make the roles that the application needs, with the passwords of its settings, and its database.

    It may be run again: what is there stays. The roles' passwords and the database's name are read from
    DATABASE_URL, DATABASE_OWNER_URL, DATABASE_REPORT_URL and, where there is one, DATABASE_BACKUP_URL.
    """
    from voelgoed.foundation.tenancy.roles import ensure_roles, script

    passwords, database = _said_in_urls()
    if only_print:
        click.echo(script(database))
        return
    if not admin_url:
        raise ConfigError("--admin-url (or DATABASE_ADMIN_URL) is needed: a role with CREATEROLE and CREATEDB.")
    with _one_line():
        ensure_roles(normalise(admin_url).replace("+psycopg", "", 1), passwords, database)
    click.echo(f"The roles are there, with passwords for {', '.join(passwords)}; the database is {database}.")


def _said_in_urls() -> tuple[dict[str, str], str]:
    """Return role → password, and the database's name, as the addresses in the environment say them."""
    from sqlalchemy import make_url

    passwords, database = {}, ""
    for role, setting in ROLE_URLS.items():
        url = make_url(normalise(os.environ[setting])) if os.environ.get(setting) else None
        if url is None:
            continue
        if url.username != role:
            raise ConfigError(f"{setting} signs in as {url.username}; it should be {role}.")
        if url.password:
            passwords[role] = str(url.password)
        database = database or str(url.database or "")
    if not database:
        raise ConfigError("DATABASE_URL is not set: it says the application's password and the database's name.")
    return passwords, database


@db.command("upgrade")
@configured
def upgrade(config: Config) -> None:
    """Bring the database to this version, in one transaction."""
    from voelgoed import tables
    from voelgoed.foundation import migrate

    tables.load()
    with _one_line():
        migrate.upgrade(_owner(config))
    click.echo(f"The database is at {migrate.head()}.")


@db.command("revision")
@configured
@click.option("-m", "message", required=True, help="What changes, in a few words.")
@click.option("--squash", is_flag=True, help="Write the first migration anew instead, whole.")
def revision(config: Config, message: str, squash: bool) -> None:
    """Write the migration from the database as it is to the classes as they are."""
    from voelgoed import tables
    from voelgoed.foundation import migrate

    tables.load()
    with _one_line():
        written = migrate.write_first(message) if squash else migrate.write_next(_owner(config), message)
    click.echo(f"Wrote {written}.")


def _owner(config: Config) -> str:
    if not config.database_owner_url:
        raise ConfigError("DATABASE_OWNER_URL is not set: the address that signs in as voelgoed_migrator.")
    return config.database_owner_url


@contextmanager
def _one_line() -> Iterator[None]:
    """Say in one line what the database refuses."""
    import psycopg
    import sqlalchemy.exc

    try:
        yield
    except (psycopg.Error, sqlalchemy.exc.DBAPIError) as error:
        said = getattr(error, "orig", None) or error
        raise click.ClickException(f"The database says: {str(said).strip().splitlines()[-1]}") from error
