"""The `--data` option that every command takes, and the settings that it leads to."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from voelgoed.config import Config, ConfigError
from voelgoed.foundation.embedded.failure import StartError

QUEUES = ("checkout", "charges", "offline_sync", "maintenance")
OperatorError = (ConfigError, StartError)


def data_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--data DIR`."""
    option = click.option(
        "--data",
        type=click.Path(file_okay=False, path_type=Path),
        default=Path("var"),
        envvar="VOELGOED_DATA",
        show_default=True,
        help="Data folder of `voelgoed up`: its databases, secrets and logs.",
    )
    return option(command)


def configured(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command `--data` and call it with `config`, after which the environment says the same."""

    @functools.wraps(command)
    def with_config(*args: Any, data: Path, **kwargs: Any) -> Any:
        return command(*args, config=settings(data), **kwargs)

    return data_option(with_config)


def settings(data: Path) -> Config:
    """Return the settings of the environment, or of the `voelgoed up` that runs on the folder.

    The latter are put into the environment, so that processes started from here have them too.
    """
    if not os.environ.get("DATABASE_URL"):
        os.environ.update(_of_running(data))
    return Config.read(os.environ)


def _of_running(data: Path) -> dict[str, str]:
    from voelgoed.foundation.embedded.folder import environment_of

    found = environment_of(data)
    if found is None:
        raise ConfigError(f"DATABASE_URL is not set and no `voelgoed up` runs on {data}: start one, or say --data.")
    return found
