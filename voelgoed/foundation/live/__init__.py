"""Push: rooms joined by the server, partials rendered once per room and change, sent after the commit."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from voelgoed.config import Config


def install(app: Flask, config: Config) -> None:
    """Attach the Socket.IO gateway."""
