"""gunicorn's answers leave in one piece."""

from __future__ import annotations

import socket
from types import SimpleNamespace
from typing import Any

import pytest
from gunicorn.config import Config  # type: ignore[import-untyped]
from gunicorn.http import wsgi  # type: ignore[import-untyped]

from voelgoed.foundation.embedded.response import InOnePiece


class Counted:
    """A socket that counts what is sent at once."""

    def __init__(self, through: socket.socket) -> None:
        self.through, self.sends = through, 0

    def sendall(self, piece: bytes) -> None:
        self.sends += 1
        self.through.sendall(piece)


def answer(kind: Any, headers: list[tuple[str, str]], *pieces: bytes, method: str = "GET") -> tuple[int, bytes]:
    """Answer a request over a real pair of sockets; returns how often was sent, and what arrived."""
    here, there = socket.socketpair()
    asked = SimpleNamespace(version=(1, 1), method=method, headers=[], should_close=lambda: True)
    with here, there:
        counted = Counted(here)
        response = kind(asked, counted, Config())
        response.start_response("200 OK", headers)
        for piece in pieces:
            response.write(piece)
        response.close()
        here.shutdown(socket.SHUT_WR)
        arrived = b"".join(iter(lambda: there.recv(65_536), b""))
        return counted.sends, b"\r\n".join(line for line in arrived.split(b"\r\n") if not line.startswith(b"Date"))


@pytest.mark.parametrize(
    ("headers", "pieces", "method", "sends"),
    [
        ([("Content-Length", "5")], [b"hello"], "GET", 1),
        ([("Content-Length", "10")], [b"hello", b"world"], "GET", 2),
        ([], [b"hello", b"world"], "GET", 3),
        ([("Content-Length", "5")], [b"hello"], "HEAD", 1),
        ([("Content-Length", "0")], [], "GET", 1),
        ([("Content-Length", "0")], [b""], "GET", 1),
    ],
)
def test_the_same_arrives_in_fewer_pieces(
    headers: list[tuple[str, str]], pieces: list[bytes], method: str, sends: int
) -> None:
    once, arrived = answer(InOnePiece, headers, *pieces, method=method)
    apart, plain = answer(wsgi.Response, headers, *pieces, method=method)
    assert arrived == plain
    assert once == sends <= apart
