"""The machine's own authority: trusted for its one name by real TLS, and for nothing else."""

from __future__ import annotations

import ssl
import stat
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509

from voelgoed.foundation.embedded import authority as module
from voelgoed.foundation.embedded.authority import Authority, authority, new_authority


def talk(trusted: Authority, given: tuple[Path, Path], name: str) -> None:
    """Shake hands in memory as a client that trusts this authority alone; raises what a browser would warn of."""
    client = ssl.create_default_context(cadata=trusted.der)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(*given)
    up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
    asks = client.wrap_bio(down, up, server_hostname=name)
    answers = server.wrap_bio(up, down, server_side=True)
    for _ in range(4):
        for side in (asks, answers):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
    assert asks.getpeercert()


def other(own: Authority, name: str, folder: Path) -> tuple[Path, Path]:
    """Have the same authority give a certificate for another name, as a thief of its key would."""
    folder.mkdir()
    return replace(own, host=name).give(folder)


@pytest.mark.parametrize("host", ["gate.example", "192.168.1.20", "fd00::20"])
def test_its_own_name_is_trusted(tmp_path: Path, host: str) -> None:
    own = authority(tmp_path / "tls", host)
    talk(own, own.give(tmp_path / "tls"), host)


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("gate.example", "bank.example"),
        ("gate.example", "example"),
        ("gate.example", "192.168.1.20"),
        ("gate.example", "fd00::20"),
        ("192.168.1.20", "192.168.1.21"),
        ("192.168.1.20", "bank.example"),
        ("192.168.1.20", "fd00::20"),
    ],
)
def test_any_other_name_under_it_is_refused(tmp_path: Path, host: str, name: str) -> None:
    own = new_authority(host)
    with pytest.raises(ssl.SSLCertVerificationError, match=r"permitted subtree|excluded subtree"):
        talk(own, other(own, name, tmp_path / "theirs"), name)


def test_it_is_the_constraint_that_refuses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: an authority that may speak for all of `example` is trusted for the bank."""
    wide = x509.NameConstraints([x509.DNSName("example")], None)
    monkeypatch.setattr(module, "_only", lambda _host: wide)
    own = new_authority("gate.example")
    talk(own, other(own, "bank.example", tmp_path / "theirs"), "bank.example")


def test_it_may_sign_no_further_authority_and_says_so_bindingly() -> None:
    found = new_authority("gate.example").certificate.extensions
    basic = found.get_extension_for_class(x509.BasicConstraints)
    assert (basic.critical, basic.value.ca, basic.value.path_length) == (True, True, 0)
    assert found.get_extension_for_class(x509.NameConstraints).critical


def test_its_key_is_private_it_stays_and_its_certificate_is_new_at_each_start(tmp_path: Path) -> None:
    folder = tmp_path / "tls"
    own = authority(folder, "gate.example")
    assert stat.S_IMODE((folder / "authority-key.pem").stat().st_mode) == 0o600
    first = x509.load_pem_x509_certificate(own.give(folder)[0].read_bytes())
    again = authority(folder, "gate.example")
    assert again.fingerprint == own.fingerprint
    second = x509.load_pem_x509_certificate(again.give(folder)[0].read_bytes())
    assert first.serial_number != second.serial_number
    assert stat.S_IMODE((folder / "web-key.pem").stat().st_mode) == 0o600
    assert second.not_valid_after_utc - second.not_valid_before_utc <= timedelta(days=398)


def test_another_name_is_another_authority_and_so_is_one_near_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = authority(tmp_path, "gate.example")
    moved = authority(tmp_path, "192.168.1.20")
    assert moved.fingerprint != own.fingerprint
    monkeypatch.setattr(module, "AUTHORITY_LIFE", timedelta(days=300))
    short = new_authority("192.168.1.20")
    (tmp_path / "authority.pem").write_bytes(ssl.DER_cert_to_PEM_cert(short.der).encode())
    assert authority(tmp_path, "192.168.1.20").fingerprint not in (short.fingerprint, moved.fingerprint)
