"""Talk upward by event: a package announces, who stands above it subscribes; all in the same transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

Subscriber = Callable[..., None]
_subscribers: dict[str, list[Subscriber]] = defaultdict(list)


def subscribe(name: str, subscriber: Subscriber) -> None:
    """Call `subscriber(**said)` whenever `name` is announced; subscribing again changes nothing."""
    if subscriber not in _subscribers[name]:
        _subscribers[name].append(subscriber)


def announce(name: str, **said: Any) -> None:
    """Tell whoever subscribed, in the order of subscription, inside the running transaction."""
    for subscriber in _subscribers[name]:
        subscriber(**said)
