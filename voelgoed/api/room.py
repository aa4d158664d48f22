"""What this package adds to the application: every module's calls, which bearer tokens open and no cookie does."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from flask import Blueprint, Flask

from voelgoed import api
from voelgoed.foundation.web.safety import csrf


def install(app: Flask) -> None:
    """Attach it."""
    for module in iter_modules(api.__path__):
        calls = getattr(import_module(f"voelgoed.api.{module.name}"), "api", None)
        if isinstance(calls, Blueprint):
            csrf.exempt(calls)
            app.register_blueprint(calls)
