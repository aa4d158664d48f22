"""What this package adds to the application: pages, calls, subscriptions, checkers."""

from __future__ import annotations

from flask import Flask


def install(app: Flask) -> None:
    """Attach it."""
