"""What this package adds to the application: how devices are known, what sales and days mean at the gate, checkers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import select

from voelgoed.foundation.database import db
from voelgoed.foundation.signals import subscribe
from voelgoed.foundation.web.identity import find_bearers_by
from voelgoed.scanning import checks, tiers
from voelgoed.scanning.admission import Admission
from voelgoed.scanning.day_end_job import schedule
from voelgoed.scanning.pair import identity_of
from voelgoed.ticketing.entered import entered_by


def install(app: Flask) -> None:
    """Attach it."""
    from voelgoed.foundation.live import room_kind
    from voelgoed.scanning import (
        block_pages,
        check_page,
        conflict_pages,
        deed_pages,
        pages,
        phone_list,
        phone_pages,
        scan_file_pages,
        scan_page,
    )

    checks.register()
    find_bearers_by("vgd_", identity_of)
    entered_by(_entered)
    subscribe("ticket.voided", _decided)
    subscribe("ticket.reissued", _decided)
    subscribe("catalog.day_set", schedule)
    room_kind("devices", phone_list.load, phone_list.DEED, phone_list.push)
    app.register_blueprint(pages.pages)
    app.register_blueprint(phone_pages.pages)
    app.register_blueprint(scan_page.pages)
    app.register_blueprint(scan_file_pages.pages)
    app.register_blueprint(check_page.pages)
    app.register_blueprint(conflict_pages.pages)
    app.register_blueprint(block_pages.pages)
    app.register_blueprint(deed_pages.pages)


def _entered(ticket_id: UUID) -> bool:
    return db.session.scalar(select(Admission.id).where(Admission.ticket_id == ticket_id).limit(1)) is not None


def _decided(ticket_id: UUID, **_said: Any) -> None:
    tiers.forget([ticket_id])
