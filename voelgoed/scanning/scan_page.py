"""The phone's scan page: a shell that knows nothing; the phone's own token, kept on the phone, opens the rest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from flask import current_app, request, url_for
from flask_babel import get_locale  # type: ignore[import-untyped]

from voelgoed.foundation.web import PUBLIC, Answer, File, Page, Pages
from voelgoed.foundation.web.language import ENGLISH, catalogue, languages, path_of
from voelgoed.scanning.verdict import BY_NAME

pages = Pages("scan_page", __name__)

SHEETS = ("tokens", "base", "button", "form", "notice", "scan", "verdict")
STAMPED = (
    *(f"css/{sheet}.css" for sheet in SHEETS), "js/scan/main.js", "vendor/zxing/index.js",
    "vendor/zxing/zxing_reader.wasm", "icons/scan-line.svg",
)  # fmt: skip
"""What the shell asks for, by addresses that carry a stamp."""
PLAIN = ("js/scan/*.js", "vendor/atkinson/*.woff2", "vendor/noble-ed25519/index.js", "vendor/qr/index.js",
         "icons/scan-app*")  # fmt: skip
"""What these ask for in turn, by plain addresses."""

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
    """Serve the shell, the same for everybody; it carries every language: a phone switches without network."""
    return Page(
        "scanning/scan.html", verdicts=BY_NAME, icons=ICONS, version=_files()[0], sheets=SHEETS,
        **spoken(),
    )  # fmt: skip


def spoken() -> dict[str, Any]:
    """Return what a page needs that changes its language by itself: every catalogue, and the one to begin with."""
    others = {one: catalogue(one) for one in languages() if one != ENGLISH}
    return {"catalogues": others, "language": str(get_locale() or ENGLISH)}


@pages.get("/scan/sw.js", allow=PUBLIC)
def worker() -> Answer:
    """Serve the service worker, with the list of what it keeps; any change of a file is another worker."""
    version, files = _files()
    code = (_folder() / "js/scan/sw.js").read_text()
    head = f"const VERSION = {json.dumps(version)};\nconst FILES = {json.dumps(files)};\n"
    return File((head + code).encode(), "text/javascript")


@pages.get("/scan/manifest.webmanifest", allow=PUBLIC)
def manifest() -> Answer:
    """Say what the page is as an application; one per organization."""
    here = url_for("scan_page.shell", slug=request.view_args["slug"]) if request.view_args else ""
    said = {
        "id": here, "start_url": here, "scope": here, "name": "Voelgoed Scan", "short_name": "Scan",
        "display": "standalone", "orientation": "portrait", "background_color": "#161a18", "theme_color": "#161a18",
        "icons": [
            {"src": url_for("static", filename=f"icons/scan-app-{size}.png"), "sizes": f"{size}x{size}",
             "type": "image/png", "purpose": purpose}
            for size in (192, 512) for purpose in ("any", "maskable")
        ],
    }  # fmt: skip
    return File(json.dumps(said).encode(), "application/manifest+json")


def _folder() -> Path:
    return Path(current_app.static_folder or "static")


@cache
def _listed(folder: Path) -> tuple[str, list[str], list[str]]:
    plain = sorted(path for pattern in PLAIN for path in folder.glob(pattern) if path.name != "sw.js")
    stamp = hashlib.sha256()
    words = [path_of(one) for one in languages() if one != ENGLISH]
    shell = folder.parent / "templates/scanning/scan.html"
    for path in (*plain, *(folder / name for name in STAMPED), shell, *words):
        stamp.update(path.read_bytes())
    return stamp.hexdigest()[:12], [path.relative_to(folder).as_posix() for path in plain], list(STAMPED)


def app_version() -> str:
    """Return the version of the page as it is now."""
    return _listed(_folder())[0]


def _files() -> tuple[str, list[str]]:
    """Return the version of the page, and the addresses of all that it is made of."""
    version, plain, stamped = _listed(_folder())
    addresses = [url_for("static", filename=name) for name in plain]
    static: Callable[[str], str] = current_app.jinja_env.globals["static"]  # type: ignore[assignment]
    return version, [*addresses, *map(static, stamped)]
