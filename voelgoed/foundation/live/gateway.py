"""The Socket.IO gateway: who connects is nobody until the server has found them, room by room."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, cast
from uuid import UUID

from flask import Flask, g, request
from flask_socketio import SocketIO  # type: ignore[import-untyped]
from werkzeug.exceptions import NotFound

from voelgoed.foundation.live.coalesce import Coalescer
from voelgoed.foundation.live.kinds import kind_of
from voelgoed.foundation.live.presence import Presence
from voelgoed.foundation.live.push import look, room_name
from voelgoed.foundation.live.queue import Queue
from voelgoed.foundation.live.turns import Turns
from voelgoed.foundation.tenancy.scope import scope
from voelgoed.foundation.web.boundary import visitor_of

PATH = "/socket.io/"
MOST_ROOMS = 20  # of one socket: no page shows more


Key = tuple[UUID, str, UUID]  # organization, kind, what it is about


@dataclass(frozen=True)
class Joined:
    """What a socket watches, under which slug, and the deed that this needs."""

    slug: str
    deed: str
    key: Key


@dataclass
class Socket:
    """One browser's connection, and the rooms it is in by their names."""

    sid: str
    environ: dict[str, Any]
    since: float = field(default_factory=monotonic)
    rooms: dict[str, Joined] = field(default_factory=dict)

    @property
    def cookie(self) -> str:
        """Return the cookies it came with, which hold the sign-in."""
        return str(self.environ.get("HTTP_COOKIE", ""))


class Gateway:
    """The sockets of one process, and the way to those of all others."""

    def __init__(self, app: Flask, redis_url: str | None) -> None:
        self.app = app
        self.sockets: dict[str, Socket] = {}
        self.queue = Queue(redis_url) if redis_url else None
        self.presence = Presence(redis_url) if redis_url else None
        self.turns = Turns(redis_url) if redis_url else None
        self.pushes = Coalescer(self._push)
        self._watching = False
        self.io = SocketIO(app, async_mode=_async_mode(), transports=["websocket"], manage_session=False,
                           ping_interval=10, ping_timeout=5, client_manager=self.queue)  # fmt: skip
        for event, handler in (("connect", self._connect), ("disconnect", self._disconnect), ("join", self._join),
                               ("leave", self._leave)):  # fmt: skip
            self.io.on(event)(handler)
        self._served = app.wsgi_app
        app.wsgi_app = self._guard  # type: ignore[method-assign]

    def _guard(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer 503 to sockets while no push could arrive: pages then poll, and come back by themselves."""
        if self.away and environ.get("PATH_INFO", "").startswith(PATH):
            start_response("503 Service Unavailable", [("Retry-After", "5"), ("Content-Length", "0")])
            return []
        return self._served(environ, start_response)

    @property
    def away(self) -> bool:
        """Whether pushes of other processes would not reach this one."""
        return self.queue is None or self.queue.deaf

    def allowed(self, socket: Socket, slug: str, deeds: Iterable[str]) -> list[bool] | None:
        """Ask anew, as a request would, who the socket's sign-in is and what it may; None when it has ended."""
        with self.app.request_context(socket.environ):
            found = visitor_of(slug)
            return [found.may(deed) for deed in deeds] if found else None

    def close(self, socket: Socket) -> None:
        """End a socket whose sign-in has ended; it does not come back by itself."""
        self.io.server.disconnect(socket.sid)

    def drop(self, socket: Socket) -> None:
        """Cut a connection; the page polls and tries again by itself."""
        server = self.io.server
        beneath = server.eio.sockets.get(server.manager.eio_sid_from_sid(socket.sid, "/"))
        if beneath is not None:
            beneath.close(wait=False, abort=True)  # without a word: a client that was told to go stays away

    def _connect(self, _auth: object = None) -> None:
        sid = cast("Any", request).sid
        self.sockets[sid] = Socket(sid, request.environ)
        if not self._watching:
            from voelgoed.foundation.live.watch import watch_forever

            self._watching = True
            self.io.start_background_task(watch_forever, self)

    def _disconnect(self, _reason: object = None) -> None:
        self.sockets.pop(cast("Any", request).sid, None)

    def _join(self, asked: object = None) -> dict[str, Any]:
        socket = self.sockets.get(cast("Any", request).sid)
        wanted = _wanted(asked)
        if socket is None or wanted is None or len(socket.rooms) >= MOST_ROOMS:
            return {"error": "malformed"}
        slug, kind, ident = wanted
        found = visitor_of(slug)
        try:
            watched = kind_of(kind)
            if found is None or not found.may(watched.deed):
                raise NotFound
            g.identity = found
            with scope(found.organization_id, found.actor):
                watched.load(ident)
        except NotFound:
            return {"error": "not_found"}
        room = room_name(found.organization_id, kind, ident)
        if self.presence is not None:
            self.presence.mark([room])  # before the page reads what it may have missed
        self.io.server.enter_room(socket.sid, room)
        socket.rooms[room] = Joined(slug, watched.deed, (found.organization_id, kind, ident))
        return {"joined": f"{kind}:{ident}"}

    def _leave(self, asked: object = None) -> None:
        socket, wanted = self.sockets.get(cast("Any", request).sid), _wanted(asked)
        if socket is None or wanted is None:
            return
        end = f":{wanted[1]}:{wanted[2]}"
        for room in [one for one in socket.rooms if one.endswith(end)]:
            self.expel(socket, room)

    def expel(self, socket: Socket, room: str) -> None:
        """Take a socket out of one room."""
        socket.rooms.pop(room, None)
        self.io.server.leave_room(socket.sid, room)

    def _push(self, key: Hashable) -> None:
        about = cast("Key", key)
        room = room_name(*about)
        if self.presence is None or self.turns is None:
            self._look(about, room)
        elif self.presence.watched(room):
            self.turns.ask(room)
            self.turns.serve(room, lambda: self._look(about, room))

    def _look(self, key: Key, room: str) -> None:
        _, kind, ident = key
        for part in look(self.app, *key):
            said = {"room": f"{kind}:{ident}", "id": part.id, "version": part.version, "html": part.html}
            self.io.emit("push", said, to=room)


def _wanted(asked: object) -> tuple[str, str, UUID] | None:
    """Read {"room": "kind:uuid", "slug": …}; None when it is anything else."""
    if not isinstance(asked, dict) or not isinstance(slug := asked.get("slug"), str):
        return None
    kind, _, ident = str(asked.get("room", "")).partition(":")
    try:
        return slug, kind, UUID(ident)
    except ValueError:
        return None


def _async_mode() -> str:
    """Return gevent where the worker has patched the process, else threads."""
    import sys

    monkey = sys.modules.get("gevent.monkey")
    return "gevent" if monkey is not None and monkey.is_module_patched("threading") else "threading"
