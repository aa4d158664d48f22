"""DATA/demo.json: the demo's passwords and tokens, readable by its owner only."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path


@dataclass
class HouseSecrets:
    """What opens one organization: role → (e-mail, password), role → token, devices' tokens by gate id."""

    sign_ins: dict[str, tuple[str, str]] = field(default_factory=dict)
    api_tokens: dict[str, str] = field(default_factory=dict)
    device_tokens: dict[str, str] = field(default_factory=dict)
    """Device id → token."""


Secrets = dict[str, HouseSecrets]


def read(data: Path) -> Secrets:
    """Read the secrets, by slug; empty before the demo is made."""
    path = data / "demo.json"
    if not path.exists():
        return {}
    stored = json.loads(path.read_text())
    return {
        slug: HouseSecrets(
            {role: (email, password) for role, (email, password) in house["sign_ins"].items()},
            house["api_tokens"],
            house["device_tokens"],
        )
        for slug, house in stored.items()
    }


def write(data: Path, secrets: Secrets) -> None:
    """Write the secrets in one stroke: a half-written file is never seen."""
    path = data / "demo.json"
    draft = path.with_suffix(".new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump({slug: asdict(house) for slug, house in secrets.items()}, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
