"""Saying that something changed: after the commit, coalesced, rendered once for everybody who watches."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from flask import Flask, current_app

from voelgoed.foundation.boundary import after_commit
from voelgoed.foundation.database import db
from voelgoed.foundation.live.kinds import Part, kind_of
from voelgoed.foundation.tenancy.scope import Actor, current_scope, scope

if TYPE_CHECKING:
    from voelgoed.foundation.live.gateway import Gateway

LIVE = Actor("system", None, "live")


def room_name(organization_id: UUID, kind: str, ident: UUID) -> str:
    """Return the name under which the server keeps a room; no client can say it."""
    return f"org:{organization_id}:{kind}:{ident}"


def publish(kind: str, ident: UUID) -> None:
    """Push the room `kind:ident` once the scope's transaction has committed; never raises into the deed."""
    gateway: Gateway = current_app.extensions["live"]
    key = (current_scope().organization_id, kind, ident)
    after_commit(lambda: gateway.pushes.ask(key))
    if not db.session().in_transaction():  # a follower of a commit says it: nothing further may be committed here
        gateway.pushes.ask(key)


def look(app: Flask, organization_id: UUID, kind: str, ident: UUID) -> list[Part]:
    """Render a room's partials in a fresh scope, as the system, without a visitor."""
    # A request context without a request: templates make addresses and ask who is there (nobody).
    with app.test_request_context(base_url=app.config["PUBLIC_URL"]), scope(organization_id, LIVE):
        return list(kind_of(kind).parts(ident))
