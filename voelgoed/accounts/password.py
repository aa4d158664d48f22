"""Passwords: argon2id, the same work whether or not somebody is known."""

from __future__ import annotations

from typing import Annotated

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from pydantic import Field

_hasher = PasswordHasher()
_NOBODY = _hasher.hash("nobody has this password")
Password = Annotated[str, Field(min_length=10, max_length=200)]
"""What a new password must be: ten characters at least, of any kind (NIST SP 800-63B asks for length, not kinds)."""


def hash_password(password: str) -> str:
    """Return the hash that is stored."""
    return _hasher.hash(password)


def fits(stored: str | None, password: str) -> bool:
    """Say whether the password is the one; for nobody it works as long, and says no."""
    try:
        return _hasher.verify(stored or _NOBODY, password) and stored is not None
    except (VerificationError, InvalidHashError):
        return False
