"""`voelgoed up --lan`: one fixed name on the network, a certificate that phones trust, and how they come to do so."""

from __future__ import annotations

import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509

from voelgoed.foundation.embedded.authority import CERT, KEY, authority
from voelgoed.foundation.embedded.failure import StartError
from voelgoed.foundation.embedded.own_address import addresses_of, checked_name, leads_here, on_the_network, only_here
from voelgoed.foundation.embedded.port import is_taken
from voelgoed.foundation.embedded.square import square

EVERYWHERE = "0.0.0.0"  # noqa: S104
LAST_PORT = 65535
OF_ITS_OWN = ".local"
SOON = timedelta(days=14)


@dataclass(frozen=True)
class Lan:
    """The name under which phones find this machine, its certificate, and the plain page that helps to trust it.

    `trust_url` is empty where the certificate is one's own: phones trust that already. `words` are for the terminal.
    An authority of this machine's own is there, and has its `fingerprint`, once it is `prepared`.
    """

    name: str
    port: int
    cert: Path
    key: Path
    trust_port: int = 0
    fingerprint: str = ""
    words: tuple[str, ...] = field(default=())

    @property
    def url(self) -> str:
        """The one address that phones are paired under."""
        return f"https://{self.name}:{self.port}"

    @property
    def trust_url(self) -> str:
        """The address of the page that serves the authority, over plain HTTP: nothing is trusted yet."""
        return f"http://{self.name}:{self.trust_port}/" if self.trust_port else ""

    def prepared(self) -> Lan:
        """Make the authority, or take the one that was made for this name before; the data folder is held by now."""
        if not self.trust_port:
            return self
        made = authority(self.cert.parent, self.name)
        made.give(self.cert.parent)
        return replace(self, fingerprint=made.fingerprint)

    def environ(self) -> dict[str, str]:
        """Return what the application needs to tell phones the same."""
        return {"VOELGOED_TRUST_URL": self.trust_url, "VOELGOED_TRUST_FINGERPRINT": self.fingerprint}

    def options(self) -> list[str]:
        """Return the options of the plain page."""
        return ["--authority", str(self.cert.with_name("authority.pem")), "--port", str(self.trust_port),
                "--url", self.url, "--fingerprint", self.fingerprint]  # fmt: skip

    def told(self, terminal: bool) -> Sequence[str]:
        """Return what the terminal says once all is ready."""
        said = list(self.words)
        if self.trust_url:
            said += [f"phones first trust this machine, once each: {self.trust_url}", square(self.trust_url, terminal),
                     f"the authority's SHA-256 is {self.fingerprint}"]  # fmt: skip
        return [*said, f"then they open {self.url}", square(self.url, terminal)]


def lan(data: Path, name: str | None, port: int, cert: Path | None, key: Path | None) -> Lan:
    """Return what to listen as; `StartError` says what to do when name or certificate do not fit."""
    if (cert is None) != (key is None):
        raise StartError("--cert and --key belong together.")
    said = checked_name(name or _own_address())
    words = _finding(said)
    if cert and key:
        return Lan(said, port, cert, key, words=(*words, *_checked(cert, key, said)))
    beside = port + 1 if port < LAST_PORT else port - 1
    if is_taken(EVERYWHERE, beside):
        raise StartError(f"Port {beside}, for the page that helps phones to trust, is in use: choose another --port.")
    tls = data.absolute() / "tls" / said  # one a name: phones trust it again
    return Lan(said, port, tls / CERT, tls / KEY, beside, words=words)


def _own_address() -> str:
    found = on_the_network()
    if found is None:
        raise StartError("This machine has no address on a network: join the phones' Wi-Fi, then start again.")
    return found


def _finding(name: str) -> tuple[str, ...]:
    """Say how phones find the name; refuse one that leads elsewhere."""
    found, ours = addresses_of(name), on_the_network() or "unknown"
    if not found and name.endswith(OF_ITS_OWN):
        raise StartError(
            f"Nothing answers to {name}. A name that ends in {OF_ITS_OWN} is answered by the machine itself "
            "(Avahi, Bonjour), not by the router, and many Android phones never ask for one: have the router lead "
            f"another name to {ours}, or leave out --name."
        )
    if found and only_here(found):
        return (f"{name} means this machine only to itself: at the router, have it lead to {ours} for the phones",)
    if not found:
        return (f"nobody here knows the name {name} yet: at the router, have it lead to {ours} "
                "(a host name or local DNS entry), or leave out --name",)  # fmt: skip
    if leads_here(found):
        return ()
    raise StartError(
        f"{name} is not this machine's address any more (it has {ours}). Phones that are paired know no other: give "
        f"this machine its old address back (fixed or reserved at the router), or have the name lead to {ours}; "
        "only when no phone holds unsent scans, start with another --name and pair them anew."
    )


def _checked(cert: Path, key: Path, name: str) -> tuple[str, ...]:
    """Refuse a certificate that is not the name's, not the key's, or over; say when it soon will be."""
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(cert, key, password="")
        found = x509.load_pem_x509_certificate(cert.read_bytes())
    except (OSError, ValueError) as error:
        raise StartError(
            f"{cert} and {key} are not a certificate (PEM) with its key, unencrypted, that this user may read."
        ) from error
    if not _covers(found, name):
        raise StartError(f"{cert} is not for {name}: say the --name that it was made for.")
    left = found.not_valid_after_utc - datetime.now(UTC)
    if left <= timedelta(0):
        raise StartError(f"{cert} ended on {found.not_valid_after_utc:%d %b %Y}: phones refuse it. Renew it first.")
    return (f"the certificate ends in {left.days} days: renew it in time",) if left < SOON else ()


def _covers(certificate: x509.Certificate, name: str) -> bool:
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return False
    addresses = {str(one) for one in names.get_values_for_type(x509.IPAddress)}
    listed = {one.lower() for one in names.get_values_for_type(x509.DNSName)}
    return name in addresses or name in listed or "*." + name.partition(".")[2] in listed
