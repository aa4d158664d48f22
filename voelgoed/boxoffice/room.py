"""What this package adds to the application: the till's pages, and the room that says what is left."""

from __future__ import annotations

from importlib import import_module

from flask import Flask

MODULES = ("charge_scale", "comp_pages", "customer_pages", "discount_pages", "exchange", "fee_pages", "gate_pass_pages",
           "give_back", "group_pages", "group_pay", "hold_pages", "invoice_pages", "mail_pages", "sale_desk", "sales",
           "ticket_deeds", "tickets", "till")  # fmt: skip
"""They add their pages to the blueprint when they are imported."""
BESIDE = ("exchange_paying", "reserve_pages", "reserve_key_pages")
"""So do these: an exchange that is being paid, what is sold when the network is dead."""
AT_THE_DRAWER = ("count_pages", "day_staff_pages", "drawer_pages", "machine_pages", "report_pages", "shift_pages",
                 "stand_pages", "till_pages")  # fmt: skip
"""So do these: shifts, reports, tills and who stands there."""


def install(app: Flask) -> None:
    """Attach it."""
    from datetime import datetime

    from voelgoed.accounts.visitor import find_also_by
    from voelgoed.boxoffice.mail_papers import sale_attachment
    from voelgoed.boxoffice.pages import pages
    from voelgoed.boxoffice.shift_facts import shift_facts
    from voelgoed.boxoffice.standing import refuse_locked, who_stands
    from voelgoed.boxoffice.till import parts
    from voelgoed.catalog.event import Event
    from voelgoed.foundation.live import room_kind
    from voelgoed.foundation.mail import attach_by
    from voelgoed.foundation.tenancy import rows
    from voelgoed.foundation.web import place

    for module in ("checks", *MODULES, *BESIDE, *AT_THE_DRAWER):
        import_module(f"voelgoed.boxoffice.{module}")
    app.register_blueprint(pages)
    find_also_by(who_stands, refuse_locked)
    app.jinja_env.filters["from_iso"] = datetime.fromisoformat
    app.jinja_env.globals["shift_facts"] = shift_facts
    room_kind("availability", lambda event_id: rows(Event).get(event_id), "sell", parts)
    place("Till", "boxoffice.till", "banknote", "sell", 10)
    place("Find", "boxoffice.find", "search", "ticket.find", 20)
    place("Shift", "boxoffice.own", "calculator", "shift.own", 15)
    place("Drawers", "boxoffice.drawers", "wallet", "drawer.others", 45)
    place("Invoices", "boxoffice.invoices_waiting", "receipt", "invoice.complete", 46)
    place("Mail", "boxoffice.mails", "mail", "mail.read", 85)
    attach_by("sale", sale_attachment)
