"""Push: rooms joined by the server, partials rendered once per room and change, sent after the commit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voelgoed.foundation.live.kinds import Part, kind_of, part, room_kind
from voelgoed.foundation.live.push import publish

if TYPE_CHECKING:
    from flask import Flask

    from voelgoed.config import Config

__all__ = ["Part", "install", "kind_of", "part", "publish", "room_kind"]


def install(app: Flask, config: Config) -> None:
    """Attach the Socket.IO gateway; without a cache nothing is pushed and pages poll."""
    from voelgoed.foundation.live.gateway import Gateway

    app.extensions["live"] = Gateway(app, config.redis_url)
