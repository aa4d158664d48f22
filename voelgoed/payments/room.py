"""What this package adds to the application: where processors and payers come in, and the pages of both."""

from __future__ import annotations

from importlib import import_module

from flask import Flask

from voelgoed.foundation.web.safety import csrf

PAGES = ("hooks", "return_page", "gateway_pages", "webhook_pages", "reconcile_pages")


def install(app: Flask) -> None:
    """Attach it."""
    from voelgoed.payments import hooks

    csrf.exempt(hooks.pages)  # a processor has no cookie: its signature is the proof
    for name in PAGES:
        app.register_blueprint(import_module(f"voelgoed.payments.{name}").pages)
