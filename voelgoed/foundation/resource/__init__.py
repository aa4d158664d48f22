"""Resource and the makers of its columns: what every package writes its tables with."""

from voelgoed.foundation.resource.base import Resource
from voelgoed.foundation.resource.columns import (
    big,
    binary,
    calendar_day,
    cents,
    choice,
    flag,
    identifier,
    integer,
    json_value,
    key_of,
    moment,
    small,
    text,
    words,
    written_in,
)
from voelgoed.foundation.resource.declaration import Declaration, Invariant, declared
from voelgoed.foundation.resource.relations import refers, related
from voelgoed.foundation.resource.sealed import Sealed, keyring
from voelgoed.foundation.resource.types import Money, UtcDateTime
from voelgoed.foundation.resource.uuid7 import uuid7

__all__ = [
    "Declaration", "Invariant", "Money", "Resource", "Sealed", "UtcDateTime", "big", "binary", "calendar_day",
    "cents", "choice", "declared", "flag", "identifier", "integer", "json_value", "key_of", "keyring", "moment",
    "refers", "related", "small", "text", "uuid7", "words", "written_in",
]  # fmt: skip
