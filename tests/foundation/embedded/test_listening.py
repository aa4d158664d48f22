"""Where the web listens, and what people are told."""

from __future__ import annotations

import pytest

from voelgoed.foundation.embedded.listening import Listening


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_loopback_is_known(host: str) -> None:
    assert Listening(host, 8000).is_loopback


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.7", "tickets.example"])
def test_all_else_is_open_to_others(host: str) -> None:
    assert not Listening(host, 8000).is_loopback
    assert not Listening(host, 8000).is_private


def test_a_public_address_makes_loopback_less_private() -> None:
    assert Listening("127.0.0.1", 8000).is_private
    assert Listening("127.0.0.1", 8000, said_url="http://localhost:9000").is_private
    assert not Listening("127.0.0.1", 8000, said_url="https://tickets.example").is_private


def test_the_address_said_is_the_address_given() -> None:
    assert Listening("127.0.0.1", 8000).public_url == "http://127.0.0.1:8000"
    assert Listening("::1", 8000).public_url == "http://[::1]:8000"
    assert Listening("0.0.0.0", 8000, said_url="https://tickets.example/").public_url == "https://tickets.example"


def test_everywhere_is_told_as_an_address_that_others_can_use() -> None:
    listening = Listening("0.0.0.0", 8000)
    assert "0.0.0.0" not in listening.public_url
    assert listening.local_url == "http://127.0.0.1:8000"
