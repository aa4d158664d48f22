"""What this package adds to the application: the pages of set-up, and times of the venue in templates."""

from __future__ import annotations

from importlib import import_module

from flask import Flask

MODULES = ("venue_pages", "zone_pages", "gate_pages", "event_pages", "day_pages", "type_pages", "pool_pages",
           "copy_pages", "gate_pass_pages")  # fmt: skip
"""They add their pages to the blueprint when they are imported."""


def install(app: Flask) -> None:
    """Attach it."""
    from voelgoed.accounts.home import begin_with
    from voelgoed.catalog import local_time
    from voelgoed.catalog.beginning import steps
    from voelgoed.catalog.pages import pages
    from voelgoed.foundation.web import place

    for module in MODULES:
        import_module(f"voelgoed.catalog.{module}")
    app.register_blueprint(pages)
    app.jinja_env.filters.update(at=local_time.at, hour=local_time.hour)
    begin_with(steps)
    place("Events", "catalog.events", "calendar-days", "catalog.read", 50)
    place("Venues", "catalog.venues", "map-pin", "catalog.read", 60)
