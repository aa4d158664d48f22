"""Codes of ten characters that a person types once: four that find the row, six that are the secret."""

from __future__ import annotations

import hashlib
import secrets

ALPHABET = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
"""Without I, L, O, U, 0, 1: nobody has to ask which is meant."""


def word(length: int) -> str:
    """Return so many random characters that cannot be mistaken for each other."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def hashed(secret: str) -> bytes:
    """Return what is stored of a code's secret."""
    return hashlib.sha256(secret.encode()).digest()


def normal(typed: str) -> tuple[str, str] | None:
    """Read ten characters as they are typed (any case, blanks, hyphen) into selector and secret."""
    plain = "".join(sign for sign in typed.upper() if sign.isalnum())
    return (plain[:4], plain[4:]) if len(plain) == 10 else None
