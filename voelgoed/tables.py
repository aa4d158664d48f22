"""Imports every resource, so that the schema, the filter and the mappers know them all."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from sqlalchemy.orm import configure_mappers

from voelgoed.foundation import schema

MODULES = (
    "foundation.tenancy.organization",
    "foundation.tenancy.rule_skip",
    "foundation.audit.entry",
    "foundation.outbox.row",
    "foundation.workflow.journal",
    "foundation.idempotency.row",
    "foundation.mail.mail",
    "accounts.user",
    "accounts.membership",
    "catalog.venue",
    "catalog.event",
    "catalog.ticket_type",
    "tills.till",
    "tills.shift",
    "ledger.entry",
    "ledger.day_total",
    "ledger.manual",
    "checkout.checkout",
    "checkout.fee",
    "checkout.discount",
    "checkout.clerk_discount",
    "checkout.named_hold",
    "occupancy.minute",
    "payments.gateway_account",
    "payments.payment",
    "payments.return_fee",
    "payments.reconcile",
    "selling.cancellation_charge",
    "selling.invoice",
    "selling.comp",
    "selling.gate_pass",
    "selling.group_sale",
    "ticketing.signing_key",
    "ticketing.ticket",
    "selling.reserve",
    "boxoffice.paper_file",
    "scanning.device",
    "scanning.device_move",
    "scanning.pairing",
    "scanning.pepper",
    "scanning.day_code",
    "scanning.scan",
    "scanning.entry_stop",
    "scanning.ticket_block",
    "scanning.zone_emptied",
    "scanning.batch",
    "scanning.undo",
    "scanning.override",
    "scanning.phone_deed",
    "scanning.day_end",
    "scanning.admission",
    "scanning.conflict",
    "reports.ledger_file",
)
PACKAGE = Path(__file__).parent


def load() -> None:
    """Import all resources and configure the mappers, once."""
    for module in MODULES:
        if (PACKAGE / (module.replace(".", "/") + ".py")).exists():
            import_module(f"voelgoed.{module}")
    schema.also(PACKAGE / "accounts/door.sql")
    configure_mappers()
