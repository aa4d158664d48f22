"""A certificate authority of this machine's own, good for one name and nothing else, and the certificate that it gives.

Phones are asked to trust it, so it must be unable to speak for any other place: RFC 5280's name constraints permit the
one name (or the one address), exclude every other, and it may sign no further authority. Its key stays
in the data folder.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from voelgoed.foundation.embedded.secret import write_private

AUTHORITY_LIFE = timedelta(days=3650)
LEAF_LIFE = timedelta(days=397)
"""Browsers refuse a certificate of more than 398 days; this one is made anew at each start."""
BEFORE = timedelta(days=1)
"""A phone whose clock is a little behind trusts it too."""
NOWHERE = "invalid"
"""A domain that can never be (RFC 2606): where only an address is permitted, no name is."""
USAGES = (
    "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
    "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
)  # fmt: skip
CERT, KEY = "web.pem", "web-key.pem"
EVERY_ADDRESS = ("0.0.0.0/0", "::/0")
Key = ec.EllipticCurvePrivateKey


@dataclass(frozen=True)
class Authority:
    """An authority for one host: its certificate with its key."""

    host: str
    certificate: x509.Certificate
    key: Key

    @property
    def fingerprint(self) -> str:
        """Return the SHA-256 that people compare, in pairs of digits."""
        return self.certificate.fingerprint(hashes.SHA256()).hex(":").upper()

    @property
    def der(self) -> bytes:
        """Return the certificate as phones install it."""
        return self.certificate.public_bytes(Encoding.DER)

    def give(self, folder: Path, now: datetime | None = None) -> tuple[Path, Path]:
        """Make a new key and certificate of the host; returns their files, certificate first."""
        key, at = ec.generate_private_key(ec.SECP256R1()), now or datetime.now(UTC)
        # Not the host: a name here that looks like a domain would be held against the constraints too.
        made = _begun(_name("VoelgoedEvents web"), self.certificate.subject, key, at, LEAF_LIFE)
        made = made.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        made = made.add_extension(_usage("digital_signature"), critical=True)
        made = made.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        made = made.add_extension(x509.SubjectAlternativeName([_general(self.host)]), critical=False)
        made = made.add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False
        )
        chain = made.sign(self.key, hashes.SHA256()).public_bytes(Encoding.PEM)
        cert, private = folder / CERT, folder / KEY
        write_private(private, _pem(key))
        write_private(cert, (chain + self.certificate.public_bytes(Encoding.PEM)).decode())
        return cert, private


def authority(folder: Path, host: str) -> Authority:
    """Return the folder's authority for a host; made on the first call, and anew for another host or near its end."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    cert, private = folder / "authority.pem", folder / "authority-key.pem"
    if cert.exists() and private.exists():
        kept = x509.load_pem_x509_certificate(cert.read_bytes())
        key = load_pem_private_key(private.read_bytes(), None)
        if kept.subject == _title(host) and isinstance(key, Key) and _lasts(kept) and _fits(kept, key):
            return Authority(host, kept, key)
    made = new_authority(host)
    write_private(private, _pem(made.key))
    write_private(cert, made.certificate.public_bytes(Encoding.PEM).decode())
    return made


def _fits(certificate: x509.Certificate, key: Key) -> bool:
    """Say whether both are of one making: a power cut may have come between the two files."""
    return certificate.public_key() == key.public_key()


def new_authority(host: str) -> Authority:
    """Make an authority that can speak for the host alone."""
    key, title = ec.generate_private_key(ec.SECP256R1()), _title(host)
    made = _begun(title, title, key, datetime.now(UTC), AUTHORITY_LIFE)
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    made = made.add_extension(_usage("key_cert_sign"), critical=True)
    made = made.add_extension(_only(host), critical=True)
    return Authority(host, made.sign(key, hashes.SHA256()), key)


def _only(host: str) -> x509.NameConstraints:
    """Permit the host alone; a kind of name that is not mentioned would be free, so each is."""
    if _address(host) is None:
        every = [x509.IPAddress(ipaddress.ip_network(one)) for one in EVERY_ADDRESS]
        return x509.NameConstraints(permitted_subtrees=[x509.DNSName(host)], excluded_subtrees=every)
    one = x509.IPAddress(ipaddress.ip_network(host))
    return x509.NameConstraints(permitted_subtrees=[one, x509.DNSName(NOWHERE)], excluded_subtrees=None)


def _begun(subject: x509.Name, issuer: x509.Name, key: Key, at: datetime, life: timedelta) -> x509.CertificateBuilder:
    begins = at - BEFORE
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + life)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _title(host: str) -> x509.Name:
    """Return what a phone's list of authorities shows."""
    return _name(f"VoelgoedEvents at {host} only"[:64])


def _name(words: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, words[:64])])


def _general(host: str) -> x509.GeneralName:
    address = _address(host)
    return x509.DNSName(host) if address is None else x509.IPAddress(address)


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _usage(*allowed: str) -> x509.KeyUsage:
    return x509.KeyUsage(**{usage: usage in allowed for usage in USAGES})


def _lasts(certificate: x509.Certificate) -> bool:
    return certificate.not_valid_after_utc - datetime.now(UTC) > LEAF_LIFE


def _pem(key: Key) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
