"""What this package adds to the application: the trail."""

from __future__ import annotations

from flask import Flask


def install(app: Flask) -> None:
    """Attach it."""
    from voelgoed.foundation.web import place
    from voelgoed.reports import trail_pages

    app.register_blueprint(trail_pages.pages)
    place("Trail", "trail.index", "history", "trail.read", 80)
