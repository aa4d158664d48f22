"""What this package adds to the application: the till's pages, and the room that says what is left."""

from __future__ import annotations

from importlib import import_module

from flask import Flask

MODULES = ("give_back", "sale_desk", "sales", "ticket_deeds", "tickets", "till")
"""They add their pages to the blueprint when they are imported."""


def install(app: Flask) -> None:
    """Attach it."""
    from voelgoed.boxoffice.pages import pages
    from voelgoed.boxoffice.till import parts
    from voelgoed.catalog.event import Event
    from voelgoed.foundation.live import room_kind
    from voelgoed.foundation.tenancy import rows
    from voelgoed.foundation.web import place

    for module in MODULES:
        import_module(f"voelgoed.boxoffice.{module}")
    app.register_blueprint(pages)
    room_kind("availability", lambda event_id: rows(Event).get(event_id), "sell", parts)
    place("Till", "boxoffice.till", "banknote", "sell", 10)
    place("Find", "boxoffice.find", "search", "ticket.find", 20)
