"""The watch over open sockets: every three seconds each sign-in is asked for again (S3: gone within five)."""

from __future__ import annotations

import logging
from collections import defaultdict
from itertools import count
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from voelgoed.foundation.live.gateway import Gateway, Socket

EVERY = 3.0  # seconds
LOOK_AFTER = 4  # rounds
IDLE_AFTER = 10.0  # seconds that a socket may stay without a room

log = logging.getLogger(__name__)


def watch_forever(gateway: Gateway) -> None:
    """Look at all sockets of this process, again and again."""
    for tick in count(1):
        gateway.io.sleep(EVERY)
        watch_once(gateway)
        if tick % LOOK_AFTER == 0:
            look_again(gateway)


def look_again(gateway: Gateway) -> None:
    """Push every room that is watched here once more: what only time changes (silence, rates) is said by nobody."""
    for key in {joined.key for socket in list(gateway.sockets.values()) for joined in socket.rooms.values()}:
        gateway.pushes.ask(key)


def watch_once(gateway: Gateway) -> None:
    """End the sockets whose sign-in has ended, take from rooms who may no longer watch, drop the idle."""
    sockets = list(gateway.sockets.values())
    if gateway.away:
        for socket in sockets:
            gateway.drop(socket)
        return
    if gateway.presence is not None:
        gateway.presence.mark({room for socket in sockets for room in socket.rooms})
    asked: dict[tuple[str, str], list[Socket]] = defaultdict(list)
    for socket in sockets:
        if not socket.rooms and monotonic() - socket.since > IDLE_AFTER:
            gateway.close(socket)
        for slug in {joined.slug for joined in socket.rooms.values()}:
            asked[socket.cookie, slug].append(socket)
    for (_, slug), same in asked.items():
        _ask(gateway, slug, same)


def _ask(gateway: Gateway, slug: str, sockets: list[Socket]) -> None:
    """Ask once for all sockets of one browser; when nobody can answer they are cut, to come back later."""
    deeds = sorted({joined.deed for one in sockets for joined in one.rooms.values() if joined.slug == slug})
    try:
        allowed = gateway.allowed(sockets[0], slug, deeds)
    except Exception:  # fail closed: who cannot be checked does not stay
        log.exception("a sign-in could not be checked")
        for socket in sockets:
            gateway.drop(socket)
        return
    for socket in sockets:
        if allowed is None:
            gateway.close(socket)
            continue
        lost = {deed for deed, may in zip(deeds, allowed, strict=True) if not may}
        for room in [room for room, its in socket.rooms.items() if its.slug == slug and its.deed in lost]:
            gateway.expel(socket, room)
