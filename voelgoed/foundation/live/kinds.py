"""Kinds of rooms: what a room shows, who may watch it, and which partials it pushes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any
from uuid import UUID

from flask import render_template
from werkzeug.exceptions import NotFound

Load = Callable[[UUID], object]


@dataclass(frozen=True)
class Part:
    """One partial as it now is: the id of the element that it replaces, a rising version, the HTML."""

    id: str
    version: int
    html: str


Parts = Callable[[UUID], Iterable[Part]]


@dataclass(frozen=True)
class RoomKind:
    """What all rooms of a name have in common; `load` answers the object in the open scope, or 404."""

    name: str
    load: Load
    deed: str
    parts: Parts


_kinds: dict[str, RoomKind] = {}


def room_kind(name: str, load: Load, deed: str, parts: Parts) -> None:
    """Register a kind of room: `occupancy:<uuid>` is loaded by `load`, watched by who may `deed`.

    `parts` renders what is pushed; it runs in a scope of its own, as the system, without a visitor: what it
    shows, everybody in the room sees.
    """
    _kinds[name] = RoomKind(name, load, deed, parts)


def kind_of(name: str) -> RoomKind:
    """Return a kind by name; raises NotFound for one that nobody registered."""
    found = _kinds.get(name)
    if found is None:
        raise NotFound(f"no kind of room is called {name!r}")
    return found


def part(template: str, version: int, **context: Any) -> Part:
    """Render a partial; the stem of its file (`_occupancy.html` → `occupancy`) is the id of its element."""
    stem = PurePosixPath(template).stem.removeprefix("_")
    return Part(stem, version, render_template(template, version=version, **context))
