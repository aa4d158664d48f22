"""The plain page beside `voelgoed up --lan` that helps a phone to trust this machine; a program of its own.

It is served over HTTP, since nothing is trusted yet; what it gives is public. It says the fingerprint, and so does the
terminal: whoever wants to be sure compares them.
"""

from __future__ import annotations

from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import click
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from jinja2 import Environment, FileSystemLoader

from voelgoed.config import home
from voelgoed.foundation.embedded.lan import EVERYWHERE

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
CERTIFICATE = "/voelgoed-ca.crt"
SHEETS = ("tokens", "base", "button", "notice", "trust")
POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
Files = dict[str, tuple[str, bytes]]


def files(der: bytes, url: str, fingerprint: str) -> Files:
    """Return all that is served, by path: its type and its bytes."""
    drawn = Environment(loader=FileSystemLoader(home() / "templates"), autoescape=True)
    page = drawn.get_template("scanning/trust.html").render(
        sheets=SHEETS, authority_url=CERTIFICATE, url=url, fingerprint=fingerprint
    )
    sheets = {f"/css/{name}.css": ("text/css", (home() / f"static/css/{name}.css").read_bytes()) for name in SHEETS}
    return {
        "/": ("text/html; charset=utf-8", page.encode()),
        CERTIFICATE: ("application/x-x509-ca-cert", der),
        **sheets,
    }


class Answer(BaseHTTPRequestHandler):
    """Gives what there is, and nothing else."""

    server_version, sys_version = "VoelgoedEvents", ""
    timeout = 10.0

    def __init__(self, served: Files, *arguments: Any) -> None:
        self._served = served
        super().__init__(*arguments)

    def do_GET(self) -> None:
        """Answer with a file, or 404."""
        found = self._served.get(self.path.partition("?")[0])
        kind, body = found or ("text/plain", b"Nothing is here.")
        self.send_response(200 if found else 404)
        for name, value in (("Content-Type", kind), ("Content-Length", str(len(body))), ("Cache-Control", "no-store"),
                            ("Content-Security-Policy", POLICY), ("X-Content-Type-Options", "nosniff")):  # fmt: skip
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


def server(port: int, served: Files) -> ThreadingHTTPServer:
    """Return a server on all addresses; port 0 is any."""
    return ThreadingHTTPServer((EVERYWHERE, port), partial(Answer, served))


@click.command()
@click.option("--authority", type=FILE, required=True)
@click.option("--port", type=int, required=True)
@click.option("--url", required=True)
@click.option("--fingerprint", required=True)
def main(authority: Path, port: int, url: str, fingerprint: str) -> None:
    """Serve the page until SIGTERM."""
    der = x509.load_pem_x509_certificate(authority.read_bytes()).public_bytes(Encoding.DER)
    server(port, files(der, url, fingerprint)).serve_forever()


if __name__ == "__main__":
    main()
