"""What this package adds to the application: the checker of drawers."""

from __future__ import annotations

from flask import Flask


def install(app: Flask) -> None:
    """Attach it."""
