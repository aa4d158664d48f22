"""What this package adds to the application: how devices are known, what a void means at the gate, checkers."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from flask import Flask

from voelgoed.foundation.web.identity import find_bearers_by
from voelgoed.scanning.pair import identity_of


def install(app: Flask) -> None:
    """Attach it."""
    find_bearers_by("vgd_", identity_of)
    for pages in ("pages", "scan_page"):
        if (Path(__file__).parent / f"{pages}.py").exists():
            app.register_blueprint(import_module(f"voelgoed.scanning.{pages}").pages)
