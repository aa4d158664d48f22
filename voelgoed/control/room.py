"""What this package adds to the application: pages, the live room, its place in the navigation."""

from __future__ import annotations

from flask import Flask


def install(app: Flask) -> None:
    """Attach it."""
    from voelgoed.control import badge, deciding, empty_pages, entry_pages, pages, parts, person, waiting
    from voelgoed.foundation.live import room_kind
    from voelgoed.foundation.web import place

    for module in (pages, deciding, empty_pages, entry_pages, person):
        app.register_blueprint(module.pages)
    room_kind("occupancy", parts.load, "live.read", parts.push)
    room_kind("needs", badge.load, badge.DEED, badge.push)
    badge.tell_changes()
    app.jinja_env.globals |= {"needs_badge": badge.in_bar, "needs_are_told": badge.is_told}
    place("Live", "control.index", "activity", "live.read", 40)
    place("Needs a person", "needs.index", "hand", "charge.read", 45, waiting.count)
