"""Who may pass is a table of data; this reads it. The phone reads the same table."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

TABLE = json.loads(Path(__file__).with_name("policy.json").read_text())
FACTS = frozenset(name for row in TABLE["rows"] for name in row["if"])


def verdict_of(facts: Mapping[str, Any]) -> str:
    """Return the verdict for these facts; a fact that nobody states holds no condition."""
    for row in TABLE["rows"]:
        for name, value in row["if"].items():
            if facts.get(name) != value:
                break
        else:
            verdict: str = row["then"]
            return verdict
    raise LookupError("the policy's last row takes everything")
