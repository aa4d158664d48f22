"""gunicorn's response, sent in one piece where it can be: head and body apart cost a call and a wake-up more each."""

from __future__ import annotations

from typing import Any

from gunicorn.http import wsgi  # type: ignore[import-untyped]


class Pieces:
    """Stands for a socket while one piece is put together."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []

    def sendall(self, piece: bytes) -> None:
        """Keep a piece."""
        self.sent.append(piece)


class InOnePiece(wsgi.Response):  # type: ignore[misc]
    """Sends the head together with the first piece of the body."""

    def write(self, arg: bytes) -> None:
        """Send a piece of the body, and what must go before it."""
        if self.headers_sent:
            super().write(arg)
            return
        socket: Any = self.sock
        self.sock: Any = Pieces()
        try:
            super().write(arg)
        finally:
            pieces, self.sock = self.sock.sent, socket
        socket.sendall(b"".join(pieces))


def use() -> None:
    """Have gunicorn answer so in this process."""
    wsgi.Response = InOnePiece
