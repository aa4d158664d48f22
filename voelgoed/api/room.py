"""What this package adds to the application: every module's calls, which bearer tokens open and no cookie does."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from flask import Blueprint, Flask

from voelgoed import api
from voelgoed.foundation.web.safety import csrf


def load() -> list[Blueprint]:
    """Import every module of this package and return their calls."""
    found = [import_module(f"voelgoed.api.{module.name}") for module in iter_modules(api.__path__)]
    return [module.api for module in found if isinstance(getattr(module, "api", None), Blueprint)]


def install(app: Flask) -> None:
    """Attach it."""
    for calls in load():
        csrf.exempt(calls)
        app.register_blueprint(calls)
