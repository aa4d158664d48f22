"""Connections to processors, kept open between calls: to greet one anew costs more than to ask it."""

from __future__ import annotations

import os
from functools import cache
from http.cookiejar import DefaultCookiePolicy
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from requests import Session

AT_ONCE = 32
"""Calls of one process to one processor whose connections are kept; more are made, and closed after."""


@cache
def connections() -> Session:
    """Return this process's connections, which keep nothing of a call: no cookie goes from one account to another."""
    from requests import Session
    from requests.adapters import HTTPAdapter

    session = Session()
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    for scheme in ("https://", "http://"):
        session.mount(scheme, HTTPAdapter(pool_maxsize=AT_ONCE))
    return session


# Two processes on one connection would read each other's answers: a fork makes its own.
os.register_at_fork(after_in_child=connections.cache_clear)
