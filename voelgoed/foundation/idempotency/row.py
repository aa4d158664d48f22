"""The row that remembers a key: what was asked under it, and where its answer lies."""

from sqlalchemy.orm import Mapped

from voelgoed.foundation.resource import Resource, json_value, text


class IdempotencyKey(
    Resource,
    unaudited="derived: says that a request was seen; what it did is audited",
    unique=(("fingerprint",),),
):
    """A key that was used, as a hash of actor, method, path and key, never the key itself."""

    fingerprint: Mapped[str] = text(64)
    body_hash: Mapped[str] = text(64)
    reference: Mapped[dict[str, object]] = json_value(nullable=False)
