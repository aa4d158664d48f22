"""`voelgoed up` for real data, under TLS; what the demo says and leaves is in `tests/journeys/test_up.py`."""

from __future__ import annotations

import ssl
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.cli.up import Up
from voelgoed.foundation.embedded.port import free_port

pytestmark = pytest.mark.slow


Start = Callable[..., Up]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    running: list[Up] = []

    def begin(*options: str) -> Up:
        running.append(Up(tmp_path / "var", *options))
        return running[-1]

    yield begin
    for one in running:
        one.process.kill()
        one.process.wait()


def status(url: str, trusting: ssl.SSLContext | None = None) -> int:
    with urllib.request.urlopen(url, timeout=60, context=trusting) as answer:
        return int(answer.status)


def test_real_data_begin_with_a_link_for_the_first_owner(start: Start, tmp_path: Path) -> None:
    cert, key = certificate(tmp_path)
    up = start("--no-demo", "--cert", str(cert), "--key", str(key), "--public-url", f"https://localhost:{free_port()}")
    ready = up.until("ready: ")
    link = up.until("https://").rpartition(" ")[2]
    assert link.startswith(f"{ready.removeprefix('ready: ')}/-/")
    trusting = ssl.create_default_context(cafile=str(cert))
    assert status(f"https://127.0.0.1:{up.port}{link.removeprefix(ready.removeprefix('ready: '))}", trusting) == 200
    assert up.end() == 0


def certificate(folder: Path) -> tuple[Path, Path]:
    """Make a certificate for this machine and its key."""
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder(name, name, private.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(private, hashes.SHA256())
    )
    cert, key = folder / "cert.pem", folder / "key.pem"
    cert.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    key.write_bytes(
        private.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain),
    )
    return cert, key
