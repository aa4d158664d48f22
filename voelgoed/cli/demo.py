"""`voelgoed demo`: what is in it, and traffic that makes its screens move."""

from __future__ import annotations

import json

import click

from voelgoed.cli.settings import configured
from voelgoed.config import Config


@click.command("demo")
@configured
@click.option("--json", "as_json", is_flag=True, help="Print what a program needs to use the demo.")
@click.option("--live", is_flag=True, help="Sell and scan through the public API for a while.")
@click.option("--minutes", type=click.IntRange(1, 60), default=5, show_default=True, help="How long --live goes on.")
@click.option("--per-minute", type=click.IntRange(1, 600), default=60, show_default=True, help="People a minute.")
def demo(config: Config, as_json: bool, live: bool, minutes: int, per_minute: int) -> None:
    """Describe the demo, or let it live."""
    from voelgoed import create_app
    from voelgoed.demo.described import describe

    if not config.demo:
        raise click.ClickException("This folder holds no demo: `voelgoed up` makes one in a folder of its own.")
    with create_app(config).app_context():
        said = describe(config)
    if live:
        from voelgoed.demo.live import run

        run(said, minutes * 60, per_minute, click.echo)
    elif as_json:
        click.echo(json.dumps(said, indent=1))
    else:
        for house in said["organizations"]:
            click.echo(f"{house['name']}: {said['base_url']}/{house['slug']}/")
            for one in house["sign_ins"]:
                click.echo(f"  {one['role']:<16} {one['email']:<36} {one['password']}")
