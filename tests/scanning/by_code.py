"""The day's code for tests: made as a supervisor makes it, used as a phone uses it."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Any
from uuid import UUID, uuid4

from tests.scanning.evening import Evening
from voelgoed.catalog.event import Day, Event
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.clock import now
from voelgoed.foundation.tenancy import rows
from voelgoed.scanning.day_code import for_phones, make_code

Code = tuple[str, dict[str, Any]]


def day_code(evening: Evening, day_id: UUID | None = None) -> Code:
    """Make the day's code; returns it as it is written, and what a phone's bundle says of it."""
    with evening.house.scope("gate_supervisor"):
        event = rows(Event).get(evening.event_id)
        made = make_code(event, rows(Day).get(day_id or evening.day_id))
        said = next(one for one in for_phones(event) if one["id"] == str(made.id))
        written = made.spoken
        commit()
        return written, said


def key_of(code: Code) -> bytes:
    """Return what the phone makes of a typed code."""
    written, said = code
    plain = written.replace("-", "").encode()
    return hashlib.pbkdf2_hmac("sha256", plain, base64.b64decode(said["salt"]), said["rounds"])


def deed(key: bytes, code: Code, kind: str, scan_id: str, **more: Any) -> dict[str, Any]:
    """Return a deed as a phone queues it."""
    made = {
        "deed": kind, "deed_id": str(uuid4()), "scan_id": scan_id, "reason": "Her child is inside",
        "staff_number": "71", "done_at": now().isoformat(), "bodies": 1, "code_id": code[1]["id"], **more,
    }  # fmt: skip
    names = ("deed", "deed_id", "scan_id", "staff_number", "bodies", "reason")
    proof = hmac.digest(key, "\n".join(str(made[name]) for name in names).encode(), "sha256")
    return {"proof": base64.b64encode(proof).decode(), **made}
