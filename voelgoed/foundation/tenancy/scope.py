"""The scope: whose rows, who acts, and why. Without one there are no rows at all."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

ActorKind = Literal["user", "device", "system", "anonymous", "database"]


class NoScope(RuntimeError):
    """Rows were asked for outside any `scope()`: an error, never all rows."""


class OtherScope(RuntimeError):
    """A session was used while the scope of another organization is open."""


@dataclass(frozen=True)
class Actor:
    """Who acts: stored in the trail as kind, id and label, without a foreign key."""

    kind: ActorKind
    id: UUID | None
    label: str


@dataclass(eq=False)
class Scope:
    """One organization, one actor; its identity is the key of its own session."""

    organization_id: UUID
    actor: Actor
    reason: str | None = None
    request: str | None = None
    job: str | None = None
    run: str | None = None
    step: str | None = None
    allowed_by: str | None = None  # who approved by PIN what the actor may not do alone
    after_commit: list[Any] = field(default_factory=list)
    unsaid: str | None = None  # announced, and not heard by the database yet
    told: str | None = None  # what the database has heard last in this transaction
    travels: bool = False  # the transaction that begins is announced by the trip that begins it

    def context(self) -> str:
        """Say as JSON what the trail's triggers read from `app.context`."""
        said = {
            "kind": self.actor.kind,
            "id": str(self.actor.id) if self.actor.id else None,
            "label": self.actor.label,
            "reason": self._why(),
            "request": self.request,
            "job": self.job,
            "run": self.run,
            "step": self.step,
        }
        return json.dumps({key: value for key, value in said.items() if value is not None})

    def _why(self) -> str | None:
        if self.allowed_by is None:
            return self.reason
        return f"{self.reason}, approved by {self.allowed_by}" if self.reason else f"Approved by {self.allowed_by}"


_current: ContextVar[Scope | None] = ContextVar("voelgoed_scope", default=None)


def current_scope() -> Scope:
    """Return the scope that is open here; raises NoScope when there is none."""
    found = _current.get()
    if found is None:
        raise NoScope("no scope is open: enter `with scope(organization_id, actor):` first")
    return found


def has_scope() -> bool:
    """Say whether a scope is open here."""
    return _current.get() is not None


@contextmanager
def scope(
    organization_id: UUID,
    actor: Actor,
    *,
    reason: str | None = None,
    request: str | None = None,
    job: str | None = None,
    run: str | None = None,
    step: str | None = None,
) -> Iterator[Scope]:
    """Open a scope with a session of its own; what nobody committed is rolled back at its end.

    Greenlets and threads do not inherit it: each enters its own.
    """
    from voelgoed.foundation.database import db

    opened = Scope(organization_id, actor, reason, request, job, run, step)
    token = _current.set(opened)
    try:
        yield opened
    finally:
        db.session.remove()
        _current.reset(token)


@contextmanager
def because(reason: str) -> Iterator[None]:
    """Give the changes made inside a reason, which the trail records beside them."""
    from voelgoed.foundation.tenancy.announce import say_again

    opened = current_scope()
    _flush()
    before, opened.reason = opened.reason, reason
    say_again()
    try:
        yield
        _flush()
    finally:
        opened.reason = before
        say_again()


def _flush() -> None:
    from voelgoed.foundation.database import db

    db.session.flush()


@contextmanager
def no_scope() -> Iterator[None]:
    """Step outside the scope for a moment, as the door and the waiting request do."""
    token = _current.set(None)
    try:
        yield
    finally:
        _current.reset(token)
