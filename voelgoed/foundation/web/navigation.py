"""The navigation: packages say what they have, the visitor sees what the role allows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import g, request, url_for


@dataclass(frozen=True)
class Place:
    """One entry: where it leads, who sees it, and in which order."""

    label: str
    endpoint: str
    icon: str
    deed: str
    order: int


_places: list[Place] = []


def place(label: str, endpoint: str, icon: str, deed: str, order: int) -> None:
    """Add an entry, once."""
    made = Place(label, endpoint, icon, deed, order)
    if made not in _places:
        _places.append(made)
        _places.sort(key=lambda one: one.order)


def navigation() -> list[dict[str, Any]]:
    """Return the entries that the visitor may see, as the layout draws them."""
    who = g.get("identity")
    if who is None or who.device_id is not None:
        return []
    exact = request.endpoint in {one.endpoint for one in _places}
    here = (request.endpoint or "").split(".")[0]
    return [
        {
            "label": one.label,
            "url": url_for(one.endpoint, slug=who.slug),
            "icon": one.icon,
            "room": one.endpoint.split(".")[0],
            "current": request.endpoint == one.endpoint if exact else here == one.endpoint.split(".")[0],
        }
        for one in _places
        if one.deed == "signed in" or who.may(one.deed)
    ]
