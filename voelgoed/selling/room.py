"""What this package adds to the application: its workflow, and the checkers of money and places."""

from __future__ import annotations

from importlib import import_module

from flask import Flask

CHECKS = ("ledger.checks", "payments.checks", "selling.checks")


def install(app: Flask) -> None:
    """Attach it."""
    from voelgoed.selling.complete_checkout import complete_checkout

    complete_checkout.verify()
    for module in CHECKS:
        import_module(f"voelgoed.{module}")
