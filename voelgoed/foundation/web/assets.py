"""What templates see everywhere: who asks, where static files are, in which language to speak."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, g, url_for
from markupsafe import Markup

from voelgoed.foundation.web import language


def install(app: Flask) -> None:
    """Add the globals of the templates."""
    folder = Path(app.static_folder or "static")

    @cache
    def stamp(filename: str) -> str:
        path = folder / filename
        return hashlib.sha256(path.read_bytes()).hexdigest()[:10] if path.is_file() else "0"

    def static(filename: str) -> str:
        return url_for("static", filename=filename, v=stamp(filename))

    @cache
    def icon_paths(name: str) -> Markup:
        drawn = (folder / "icons" / f"{name}.svg").read_text()
        return Markup(drawn[drawn.index(">", drawn.index("<svg")) + 1 : drawn.rindex("</svg>")].strip())  # noqa: S704

    app.jinja_env.globals.update(static=static, icon_paths=icon_paths)
    language.install(app)

    def context() -> dict[str, Any]:
        return {"identity": g.get("identity"), "demo": app.config["VOELGOED"].demo}

    app.context_processor(context)
