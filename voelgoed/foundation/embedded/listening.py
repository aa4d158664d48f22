"""Where the web listens, and the address that people are told."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from pathlib import Path

from voelgoed.foundation.embedded.failure import StartError
from voelgoed.foundation.embedded.own_address import on_the_network
from voelgoed.foundation.embedded.port import LOOPBACK, is_taken


@dataclass(frozen=True)
class Listening:
    """A host, a port, and a certificate with its key or neither."""

    host: str
    port: int
    cert: Path | None = None
    key: Path | None = None
    said_url: str | None = None

    def refuse(self) -> None:
        """Raise `StartError` for a port in use or half a certificate."""
        if (self.cert is None) != (self.key is None):
            raise StartError("--cert and --key belong together.")
        if is_taken(self.host, self.port):
            raise StartError(
                f"Port {self.port} of {self.host} is in use or not ours to open: choose another with --port."
            )

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach it."""
        return _is_loopback(self.host)

    @property
    def is_private(self) -> bool:
        """Whether it is loopback and no public address was said that leads there from outside."""
        return self.is_loopback and (self.said_url is None or _is_loopback(_host_of(self.said_url)))

    @property
    def public_url(self) -> str:
        """The address for people, codes and links, without a slash at its end."""
        return (self.said_url or self._url(_reachable(self.host))).rstrip("/")

    @property
    def local_url(self) -> str:
        """The address for a question from this machine."""
        return self._url(LOOPBACK if self.host in ("0.0.0.0", "::") else self.host)  # noqa: S104

    def options(self) -> list[str]:
        """Return the options of `voelgoed web` that say the same."""
        said = ["--host", self.host, "--port", str(self.port)]
        if self.cert and self.key:
            said += ["--cert", str(self.cert), "--key", str(self.key)]
        return said

    def _url(self, host: str) -> str:
        scheme = "https" if self.cert else "http"
        return f"{scheme}://{f'[{host}]' if ':' in host else host}:{self.port}"


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _host_of(url: str) -> str:
    place = url.partition("://")[2].partition("/")[0]
    return place[1:].partition("]")[0] if place.startswith("[") else place.partition(":")[0]


def _reachable(host: str) -> str:
    """Return this machine's address on its network in place of "everywhere"."""
    if host not in ("0.0.0.0", "::"):  # noqa: S104
        return host
    return on_the_network() or LOOPBACK
