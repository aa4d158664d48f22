"""A real SMTP server in a thread: it keeps what it takes, and refuses or breaks off as it is told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from socket import socket
from typing import Any

from aiosmtpd.controller import Controller


@dataclass
class Post:
    """What arrived, in order; `answers` are given to the next messages instead of taking them."""

    arrived: list[EmailMessage] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    url: str = ""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """Take a message, or answer as told."""
        if self.answers:
            return self.answers.pop(0)
        self.arrived.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


@contextmanager
def post_office() -> Iterator[Post]:
    """Run a server on a free port of this machine."""
    post = Post()
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Controller(post, hostname="127.0.0.1", port=port)
    server.start()
    try:
        post.url = f"smtp://127.0.0.1:{port}?from=tickets@voelgoed.test"
        yield post
    finally:
        server.stop()
