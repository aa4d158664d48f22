"""The simulator as a process or a thread that listens."""

from __future__ import annotations

import io
import threading
import traceback
from collections.abc import Iterable
from http import HTTPStatus
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from voelgoed.simulator.control import pages as control
from voelgoed.simulator.faults import Dropped
from voelgoed.simulator.home import pages as home
from voelgoed.simulator.paystack import paystack
from voelgoed.simulator.paystack.checkout import pages as checkout
from voelgoed.simulator.stripe import stripe
from voelgoed.simulator.stripe.challenge import pages as challenge
from voelgoed.simulator.world import World


def create_app(world: World) -> Flask:
    """Make the web application around a world."""
    app = Flask("voelgoed.simulator", template_folder="pages", static_folder=None)
    app.config["PROPAGATE_EXCEPTIONS"] = True
    app.extensions["simulator"] = world
    stripe.install(app)
    paystack.install(app)
    for pages in (control, home, challenge, checkout):
        app.register_blueprint(pages)
    return app


class Handler(WSGIRequestHandler):
    """Keeps connections open, answers in one write, and can hang up without an answer."""

    protocol_version = "HTTP/1.1"
    # Headers and body leave as one packet.
    wbufsize = 64 * 1024
    # Small answers must not wait for the acknowledgement of what went before.
    disable_nagle_algorithm = True

    def run_wsgi(self) -> None:
        """Answer one request; werkzeug's own way closes every connection."""
        environ = self.make_environ()
        environ["wsgi.input"] = io.BytesIO(self.rfile.read(int(environ.get("CONTENT_LENGTH") or 0)))
        told: list[Any] = []

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            told[:] = [status, headers]

        try:
            body = _whole(self.server.app(environ, start))
            status, headers = told
        except Dropped:
            self.close_connection = True
            return
        except Exception:
            # A slip of ours must not look like a fault that was ordered.
            traceback.print_exc()
            body = b"The payment simulator itself failed; its output says how."
            status, headers = "500 Internal Server Error", [("Content-Length", str(len(body)))]
        self.send_response(HTTPStatus(int(status.split(" ", 1)[0])))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(b"" if self.command == "HEAD" else body)
        self.wfile.flush()

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing: what was called is listed by the control API."""


def _whole(parts: Iterable[bytes]) -> bytes:
    try:
        return b"".join(parts)
    finally:
        if hasattr(parts, "close"):
            parts.close()


class Simulator:
    """A simulator that listens; in a thread of this process after `start`, or here and now with `serve`."""

    def __init__(self, host: str = "127.0.0.1", port: int = 0, folder: Path | None = None) -> None:
        self.world = World(folder)
        self._server = make_server(host, port, create_app(self.world), threaded=True, request_handler=Handler)
        place = f"[{host}]" if ":" in host else host
        self.address = f"http://{place}:{self._server.server_port}"

    def serve(self) -> None:
        """Answer until the process ends."""
        self._server.serve_forever(poll_interval=3600)

    def start(self) -> Simulator:
        """Answer in a thread."""
        threading.Thread(target=self._server.serve_forever, args=(0.02,), name="simulator", daemon=True).start()
        return self

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()
        self.world.close()
