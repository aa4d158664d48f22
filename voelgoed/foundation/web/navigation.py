"""The navigation: packages say what they have, the visitor sees what the role allows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import g, request, url_for


@dataclass(frozen=True)
class Place:
    """One entry: where it leads, who sees it, in which order, and what counts what waits there."""

    label: str
    endpoint: str
    icon: str
    deed: str
    order: int
    count: Callable[[], int] | None = None


_places: list[Place] = []


def place(label: str, endpoint: str, icon: str, deed: str, order: int, count: Callable[[], int] | None = None) -> None:
    """Add an entry, once; `count` is asked inside the visitor's scope whenever the bar is drawn."""
    made = Place(label, endpoint, icon, deed, order, count)
    if made not in _places:
        _places.append(made)
        _places.sort(key=lambda one: one.order)


def navigation() -> list[dict[str, Any]]:
    """Return the entries that the visitor may see, as the layout draws them."""
    who = g.get("identity")
    if who is None or who.device_id is not None:
        return []
    return [
        {
            "label": one.label,
            "url": url_for(one.endpoint, slug=who.slug),
            "icon": one.icon,
            "count": one.count,
            "current": _at(url_for(one.endpoint, slug=who.slug)),
        }
        for one in _places
        if one.deed == "signed in" or who.may(one.deed)
    ]


def _at(url: str) -> bool:
    """Say whether the request is for this page or one beneath it."""
    return request.path == url or request.path.startswith(f"{url}/")
