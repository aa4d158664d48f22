"""What this package adds to the application: who visitors are, what roles may do, the door, staff."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from flask import Flask

from voelgoed.accounts import api_token, roles, visitor
from voelgoed.foundation.web.boundary import find_visitors_by
from voelgoed.foundation.web.identity import find_bearers_by, permit_by
from voelgoed.foundation.web.navigation import place

PAGES = ("door_pages", "home", "founding_pages", "invitation_pages", "staff_pages", "token_pages",
         "settings_pages")  # fmt: skip


def install(app: Flask) -> None:
    """Attach it."""
    from voelgoed.accounts.door_pages import start

    find_visitors_by(visitor.visitor, visitor.organization_of)
    permit_by(roles.may, roles.freely)
    find_bearers_by(api_token.KIND, api_token.identity_of)
    app.add_url_rule("/", "start", start)
    for name in PAGES:
        if (Path(__file__).parent / f"{name}.py").exists():
            app.register_blueprint(import_module(f"voelgoed.accounts.{name}").pages)
    place("Staff", "staff.index", "users", "staff.read", 70)
    place("Settings", "settings.show", "settings", "organization.read", 90)
