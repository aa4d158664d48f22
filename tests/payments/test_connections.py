"""Connections to processors stay open, belong to one process, and keep nothing of a call."""

import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from voelgoed.payments.gateways.connections import connections


class Shop(BaseHTTPRequestHandler):
    """Gives every caller a cookie and says which cookie came back, over which connection."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        body = f"{self.client_address[1]} {self.headers.get('Cookie')}".encode()
        self.send_response(200)
        self.send_header("Set-Cookie", "account=first")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Keep the test's output quiet."""


@pytest.fixture
def shop():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Shop)
    server.daemon_threads = True
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def test_the_second_call_goes_over_the_first_ones_connection_without_its_cookie(shop):
    first, second = (connections().get(shop, timeout=5).text.split() for _ in range(2))
    assert first[0] == second[0]
    assert (first[1], second[1]) == ("None", "None")


def test_a_forked_process_makes_its_own(shop):
    mine = connections().get(shop, timeout=5).text.split()[0]
    reading, writing = os.pipe()
    if (child := os.fork()) == 0:
        try:
            os.write(writing, connections().get(shop, timeout=5).text.split()[0].encode())
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    assert os.read(reading, 100).decode() not in ("", mine)
    assert connections().get(shop, timeout=5).text.split()[0] == mine
