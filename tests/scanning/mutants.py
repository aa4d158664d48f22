"""Codes and bodies that are almost right, drawn from seeds: what wedges, cameras, forgers and broken programs send."""

from __future__ import annotations

import base64
import copy
import json
from random import Random
from typing import Any
from uuid import UUID, uuid4

from voelgoed.ticketing.code import LAYOUT, PREFIX

SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
ODD = "\t\n '\"\\;%_\u0000\u202e\ufeffıßéй票0189-.{}<>"
VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 1.5, 2**63, -(2**63), 2**200, 1e308, "", " ", "\u0000", "x" * 3000, "null", "2026-13-45",
    "0001-01-01T00:00:00Z", "9999-12-31T23:59:59+14:00", "2026-01-01T00:00:00", [], {}, [[]], {"a": {}},
    "00000000-0000-0000-0000-000000000000", "in; DROP TABLE scan", "../../etc/passwd", "{{7*7}}", "NaN",
)  # fmt: skip


def raw_of(code: str) -> bytes:
    """Return the bytes that a code spells."""
    spelled = code.removeprefix(PREFIX)
    return base64.b32decode(spelled + "=" * (-len(spelled) % 8))


def code_of(raw: bytes) -> str:
    """Spell bytes as a code."""
    return PREFIX + base64.b32encode(raw).decode().rstrip("=")


def with_ticket(code: str, ticket_id: UUID) -> str:
    """Return a code that names another ticket, with the signature of the old one."""
    raw = raw_of(code)
    key, _, *rest = LAYOUT.unpack(raw[: LAYOUT.size])
    return code_of(LAYOUT.pack(key, ticket_id.bytes, *rest) + raw[LAYOUT.size :])


def mutated(chance: Random, code: str) -> str:
    """Return a code that is not the one given, however one reads it."""
    while True:
        made = _mutant(chance, code)
        if made.strip().upper() != code:
            return made


def _mutant(chance: Random, code: str) -> str:
    at, kind = chance.randrange(len(code)), chance.randrange(10)
    if kind == 0:
        return code[:at] + chance.choice(SIGNS + ODD) + code[at + 1 :]
    if kind == 1:
        return code[:at] + code[at + 1 :]
    if kind == 2:
        return code[:at] + chance.choice(SIGNS + ODD) + code[at:]
    if kind == 3:
        return code[:at]
    if kind == 4:
        return code + chance.choice((code, "A", "=", "\u0000", " X"))
    if kind == 5:
        return "".join(chance.choice(SIGNS + ODD) for _ in range(chance.choice((1, 20, 153, 400))))
    if kind == 6:
        return chance.choice(("VG0.", "VG2.", "vg1", "", "VG1..")) + code[len(PREFIX) :]
    raw = bytearray(raw_of(code))
    if kind == 7:  # another field, the old signature
        raw[chance.randrange(LAYOUT.size)] ^= 1 << chance.randrange(8)
    elif kind == 8:  # the signature
        raw[chance.randrange(LAYOUT.size, len(raw))] ^= 1 << chance.randrange(8)
    else:
        raw[LAYOUT.size :] = chance.choice((bytes(64), b"\xff" * 64, chance.randbytes(64)))
    return code_of(bytes(raw))


def bent(chance: Random, body: dict[str, Any]) -> Any:
    """Return a body of which one to three values are odd, missing, doubled or strange."""
    made = copy.deepcopy(body)
    for _ in range(chance.randint(1, 3)):
        if not isinstance(made, dict) or not made:
            break
        name, kind = chance.choice(list(made)), chance.randrange(5)
        if kind == 0:
            del made[name]
        elif kind == 1:
            made[chance.choice(("colour", "organization_id", "verdict", "__proto__", "", "a\0b"))] = chance.choice(
                VALUES
            )
        elif kind == 2 and chance.random() < 0.1:
            made = chance.choice(VALUES)
        else:
            made[name] = chance.choice(VALUES)
    return made


def written(chance: Random, body: Any) -> bytes:
    """Write a body as JSON, one time in eight not quite."""
    sent = json.dumps(body).encode()
    if chance.random() < 0.125:
        at = chance.randrange(len(sent) + 1)
        return chance.choice(
            (
                sent.replace(b'"in"', b'"\\ud800"'),
                sent[:at],
                sent[:at] + b"\xff" + sent[at:],
                sent + sent,
                b"[" * 2000,
                b"",
            )
        )
    return sent


def fresh(body: dict[str, Any], number: int) -> dict[str, Any]:
    """Return a body under a name and a number of its own."""
    return {**body, "scan_id": str(uuid4()), "sequence": number}
