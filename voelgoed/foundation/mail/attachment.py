"""What is attached to a mail: drawn when it is sent, by the package that knows the subject."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class Attachment:
    """A file in a mail."""

    name: str
    mimetype: str
    content: bytes


Maker = Callable[[UUID], Attachment]
_makers: dict[str, Maker] = {}


def attach_by(papers: str, maker: Maker) -> None:
    """Register who draws the papers of a kind from the id of their subject."""
    _makers[papers] = maker


def attachment_of(papers: str, about_id: UUID) -> Attachment:
    """Draw what is attached; raises KeyError for a kind that nobody registered."""
    return _makers[papers](about_id)
