"""Sealed: a column that only the holder of a master key can read, bound to its own row."""

from __future__ import annotations

import os
from typing import Any, overload

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from voelgoed.foundation.resource.base import Resource


class KeysMissing(RuntimeError):
    """No master key opens this value: VOELGOED_KEYS lacks the key that sealed it."""


class Keyring:
    """The master keys: the first seals, all open. Each is 32 bytes."""

    def __init__(self, keys: tuple[bytes, ...] = ()) -> None:
        self._keys = keys

    def use(self, keys: tuple[bytes, ...]) -> None:
        """Take these keys from now on."""
        self._keys = keys

    def seal(self, plain: bytes, bound_to: bytes) -> bytes:
        """Encrypt with AES-256-GCM under the first key; `bound_to` must be the same when opening."""
        if not self._keys:
            raise KeysMissing("VOELGOED_KEYS is not set")
        nonce = os.urandom(12)
        return nonce + AESGCM(self._keys[0]).encrypt(nonce, plain, bound_to)

    def open(self, sealed: bytes, bound_to: bytes) -> bytes:
        """Decrypt under whichever key fits; raises KeysMissing when none does."""
        for key in self._keys:
            try:
                return AESGCM(key).decrypt(sealed[:12], sealed[12:], bound_to)
            except InvalidTag:
                continue
        raise KeysMissing("no key in VOELGOED_KEYS opens this value")


keyring = Keyring()


class Sealed:
    """The open face of a sealed column: `private_key = Sealed("private_key_sealed")`.

    Reads and writes bytes; what is stored is bound to table, organization, row and column, so that a
    value copied to another row does not open.
    """

    def __init__(self, column: str) -> None:
        self.column = column

    def _bound_to(self, row: Resource) -> bytes:
        if row.id is None or row.organization_id is None:
            raise LookupError(f"a {type(row).__name__} without its key cannot hold a sealed value")
        return f"{row.declaration.table}|{row.organization_id}|{row.id}|{self.column}".encode()

    @overload
    def __get__(self, row: None, owner: type[Any]) -> Sealed: ...

    @overload
    def __get__(self, row: Resource, owner: type[Any]) -> bytes | None: ...

    def __get__(self, row: Resource | None, owner: type[Any]) -> Sealed | bytes | None:
        if row is None:
            return self
        stored = getattr(row, self.column)
        return keyring.open(stored, self._bound_to(row)) if stored is not None else None

    def __set__(self, row: Resource, plain: bytes | None) -> None:
        sealed = keyring.seal(plain, self._bound_to(row)) if plain is not None else None
        setattr(row, self.column, sealed)
