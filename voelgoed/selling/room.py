"""What this package adds to the application: its workflow, and the checkers of money and places."""

from __future__ import annotations

from importlib import import_module

from flask import Flask

CHECKS = ("ledger.checks", "payments.checks", "selling.checks", "selling.invoice_checks",
          "selling.comp_checks", "selling.gate_pass_checks", "selling.reserve_checks")  # fmt: skip


def install(app: Flask) -> None:
    """Attach it."""
    from voelgoed.selling.complete_checkout import complete_checkout
    from voelgoed.selling.exchange_tickets import exchange_tickets
    from voelgoed.selling.pay_back import pay_back
    from voelgoed.selling.pay_exchange import pay_exchange
    from voelgoed.selling.refund_checkout import refund_checkout
    from voelgoed.selling.refund_news import look_after_refund
    from voelgoed.selling.settle_unknown_charge import settle_unknown_charge

    for workflow in (complete_checkout, refund_checkout, exchange_tickets, pay_back, look_after_refund,
                     pay_exchange, settle_unknown_charge):  # fmt: skip
        workflow.verify()
    for module in CHECKS:
        import_module(f"voelgoed.{module}")
