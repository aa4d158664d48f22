"""Which addresses are this machine's, and whether a name leads here."""

from __future__ import annotations

import ipaddress
import re
import socket
import time
from collections.abc import Callable
from contextlib import suppress

from voelgoed.foundation.embedded.failure import StartError

IPV4 = 4
LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
MOST_CHARACTERS = 253
# Sends nothing: it only asks which of our addresses would be used (RFC 5737 documentation network).
SOMEWHERE = ("192.0.2.1", 9)


def on_the_network() -> str | None:
    """Return this machine's address on its network, None without one."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(SOMEWHERE)
        except OSError:
            return None
        return str(probe.getsockname()[0])


def is_ours(address: str) -> bool:
    """Say whether an address is one of this machine's: only those can be bound."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind((address, 0))
        except OSError:
            return False
        return True


class AddressWatch:
    """Looks now and then whether this machine still has its address, and says once what has changed."""

    EVERY = 5.0  # seconds

    def __init__(self, address: str, url: str, say: Callable[[str], None]) -> None:
        self._address, self._url, self._say = address, url, say
        self._had, self._next = True, 0.0

    def look(self) -> None:
        """Say that the address was lost, or that it is back."""
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + self.EVERY
        has = is_ours(self._address)
        if has != self._had:
            self._had = has
            self._say(self._words(has))

    def _words(self, has: bool) -> str:
        if has:
            return f"this machine has its address {self._address} again: phones find it under {self._url}"
        return (
            f"this machine lost its address {self._address} (it has {on_the_network() or 'none'}): no phone finds it "
            f"under {self._url}, so they judge by themselves. Give it back, fixed or reserved at the router"
        )


def checked_name(name: str) -> str:
    """Return a host's name or address as certificates and browsers write it; `StartError` for what is none."""
    plain = name.strip().lower().rstrip(".")
    with suppress(ValueError):
        if ipaddress.ip_address(plain).version == IPV4:
            return plain
        raise StartError(f"{name} is an IPv6 address, and phones are listened to on IPv4: say that address, or a name.")
    if not plain or len(plain) > MOST_CHARACTERS or not all(LABEL.fullmatch(part) for part in plain.split(".")):
        raise StartError(f"--name is a name like gate.example or an address like 192.168.1.20, not {name!r}.")
    return plain


def addresses_of(name: str) -> frozenset[str]:
    """Return the IPv4 addresses that a name or address has here; none when nobody here knows the name."""
    try:
        found = socket.getaddrinfo(name, None, family=socket.AF_INET, type=socket.SOCK_STREAM)
    except OSError:
        return frozenset()
    return frozenset(str(one[4][0]) for one in found)


def leads_here(addresses: frozenset[str]) -> bool:
    """Say whether one of some addresses is this machine's, by which others find it."""
    return any(is_ours(address) for address in addresses if not _is_loopback(address))


def only_here(addresses: frozenset[str]) -> bool:
    """Say whether addresses are such as every machine means itself by: nobody else finds this one under them."""
    return all(map(_is_loopback, addresses))


def _is_loopback(address: str) -> bool:
    return ipaddress.ip_address(address).is_loopback
