"""The signed code: `VG1.` + base32 of 29 bytes and their Ed25519 signature; an alphanumeric QR of version 6-M.

Fields, big-endian: key id 4, ticket id 16, code version 1, type 1 (its number in the event), days 2 (bit n: day n),
bodies 1, issued 4 (minutes since 2020-01-01T00:00Z).
"""

from __future__ import annotations

import base64
import re
import struct
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

PREFIX = "VG1."
LAYOUT = struct.Struct(">I16sBBHBI")
SIZE = LAYOUT.size + 64
LENGTH = 153
SIGNS = re.compile("[A-Z2-7]+")
DIGITS = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "0123456789abcdefghijklmnopqrstuv")
EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
PROVED = 8192
"""So many signatures are remembered, in 3 MB: a verification takes longer than all else that is done with a code."""


@dataclass(frozen=True)
class Content:
    """What a code says. A signature proves that it was issued, not that this is its first use."""

    key_number: int
    ticket_id: UUID
    code_version: int
    type_number: int
    days_mask: int
    bodies: int
    issued_minute: int

    def pack(self) -> bytes:
        """Return the 29 bytes that are signed."""
        return LAYOUT.pack(
            self.key_number, self.ticket_id.bytes, self.code_version, self.type_number, self.days_mask,
            self.bodies, self.issued_minute,
        )  # fmt: skip


@dataclass(frozen=True)
class Read:
    """A code taken apart, its signature not yet verified."""

    content: Content
    signed: bytes
    signature: bytes

    def genuine(self, public_key: bytes) -> bool:
        """Say whether this event's key made the signature."""
        return _proved(public_key, self.signature, self.signed)


@lru_cache(maxsize=64)
def _verifier(public_key: bytes) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(public_key)


@lru_cache(maxsize=PROVED)
def _proved(public_key: bytes, signature: bytes, signed: bytes) -> bool:
    """Verify once: the same code comes again as a copy, at the way out, and when a list is judged once more."""
    try:
        _verifier(public_key).verify(signature, signed)
    except InvalidSignature:
        return False
    return True


def minute_of(moment: datetime) -> int:
    """Return whole minutes since 2020-01-01T00:00Z."""
    return int((moment - EPOCH).total_seconds() // 60)


@lru_cache(maxsize=16)
def _signer(private_key: bytes) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(private_key)


def sign(content: Content, private_key: bytes) -> str:
    """Write the code of a ticket: 153 characters, upper case letters and digits only."""
    signed = content.pack()
    signature = _signer(private_key).sign(signed)
    return PREFIX + base64.b32encode(signed + signature).decode().rstrip("=")


def read(code: str) -> Read | None:
    """Take a code apart; None for anything that is not one. Case does not matter (a wedge may change it)."""
    code = code.strip().upper()
    if len(code) != LENGTH or not code.startswith(PREFIX):
        return None
    body = code[len(PREFIX) :]
    if not SIGNS.fullmatch(body):
        return None
    # Python reads digits of base 32 itself, much faster than its library does.
    number = int(body.translate(DIGITS), 32)
    if number & 1:  # the last sign carries a spare bit: only one spelling of a code is accepted
        return None
    raw = (number >> 1).to_bytes(SIZE, "big")
    signed, signature = raw[: LAYOUT.size], raw[LAYOUT.size :]
    key_number, ticket, *rest = LAYOUT.unpack(signed)
    return Read(Content(key_number, UUID(bytes=ticket), *rest), signed, signature)
