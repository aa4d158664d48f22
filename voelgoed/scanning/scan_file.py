"""The file that a phone writes of its unsent scans when it gets no network any more: opened, and taken in as a batch.

It is sealed with AES-GCM under a key from the hash of the phone's token, which only that phone and this server know;
who it is from and its number stand outside, and the seal holds them too. Whoever carries it can neither read nor change
it, and the same file taken in twice is the same batch.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import Base64Bytes, BaseModel, ConfigDict, ValidationError

from voelgoed.catalog.event import Event
from voelgoed.foundation.clock import now
from voelgoed.foundation.tenancy import children
from voelgoed.foundation.web.problem import Problem
from voelgoed.scanning.batch import ScanBatch
from voelgoed.scanning.device import Device
from voelgoed.scanning.receive_batch import LATE, receive

KIND = "voelgoed-scans"
MOST_SCANS = 10_000


class ScanFile(BaseModel):
    """What stands in the file."""

    model_config = ConfigDict(extra="forbid")
    kind: Literal["voelgoed-scans"]
    version: Literal[1]
    device: UUID
    batch_id: UUID
    salt: Base64Bytes
    iv: Base64Bytes
    sealed: Base64Bytes

    def scans(self, token_hash: bytes) -> list[Any] | None:
        """Open it with the hash of the phone's token; None for another phone's, or one that was changed."""
        key = HKDF(algorithm=SHA256(), length=32, salt=self.salt, info=KIND.encode()).derive(token_hash)
        bound = f"{self.kind}.{self.version}.{self.device}.{self.batch_id}".encode()
        try:
            found = json.loads(AESGCM(key).decrypt(self.iv, self.sealed, bound))
        except (InvalidTag, ValueError):
            return None
        return found if isinstance(found, list) and len(found) <= MOST_SCANS else None


@dataclass(frozen=True)
class NotTaken:
    """Why nothing was taken in."""

    reason: str


def take_in(event: Event, content: bytes) -> ScanBatch | NotTaken:
    """Take a file in as if its phone had sent it: once, and into quarantine when the phone is out of service."""
    try:
        file = ScanFile.model_validate_json(content)
    except ValidationError:
        return NotTaken("That is not a file that a phone of ours has written.")
    device = children(event, Device).filter(Device.id == file.device).one_or_none()
    if device is None:
        return NotTaken("No phone of this event has written that file. Take it in at the event where the phone stands.")
    scans = file.scans(device.token_hash)
    if scans is None:
        return NotTaken("The file was changed or is damaged: nothing was taken in. Take the scans out once more.")
    if device.retired_at is not None and now() - device.retired_at > LATE:
        return NotTaken("That phone was taken out of service more than 72 hours ago: nothing was taken in.")
    try:
        return receive(device, file.batch_id, scans, heard=False)
    except Problem as problem:
        return NotTaken(f"{problem.title}. {problem.detail}")
