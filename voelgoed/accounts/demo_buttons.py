"""The demo's people, as buttons of the sign-in page; only where nobody else can reach it."""

from __future__ import annotations

import json
from pathlib import Path


def people(data: Path) -> list[dict[str, str]]:
    """Return the demo's sign-ins: slug, role, email and password; empty before the demo is made."""
    path = data / "demo.json"
    if not path.exists():
        return []
    stored = json.loads(path.read_text())
    return [
        {"slug": slug, "role": role.replace("_", " "), "email": email, "password": password}
        for slug, house in stored.items()
        for role, (email, password) in house["sign_ins"].items()
    ]
