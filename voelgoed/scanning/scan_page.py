"""The phone's scan page: a shell that knows nothing; the phone's own token, kept on the phone, opens the rest."""

from __future__ import annotations

from voelgoed.foundation.web import PUBLIC, Answer, Page, Pages
from voelgoed.scanning.verdict import BY_NAME

pages = Pages("scan_page", __name__)

ICONS = {
    "admitted": "circle-check",
    "exited": "log-out",
    "offline_admitted": "circle-check",
    "already_inside": "repeat",
    "duplicate": "repeat",
    "no_reentry": "ban",
    "group_incomplete": "users",
    "wrong_event": "calendar-days",
    "wrong_zone": "map-pin",
    "too_late": "clock",
    "void": "ban",
    "blocked": "hand",
    "unknown_code": "circle-help",
    "forged": "triangle-alert",
    "entry_stopped": "hand",
    "not_judged": "wifi-off",
    "wrong_gate": "arrow-right",
    "too_early": "clock",
    "zone_full": "users",
    "not_inside": "circle-help",
}
"""Verdict → its picture; its kind gives the colour, the sound and the shaking."""


if ICONS.keys() != BY_NAME.keys():
    raise LookupError("every verdict has its picture")


@pages.get("/scan/", allow=PUBLIC)
def shell() -> Answer:
    """Serve the shell, the same for everybody."""
    return Page("scanning/scan.html", verdicts=BY_NAME, icons=ICONS)
