"""`voelgoed up --lan`: real data, under an authority of its own; the demo is in `tests/journeys/test_up.py`."""

from __future__ import annotations

import ssl
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import URLError

import pytest

from tests.cli.up import Up

pytestmark = [pytest.mark.slow, pytest.mark.deep]


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
    up = start("--lan", "--name", "localhost")
    address = up.until("ready: ").removeprefix("ready: ")
    plain = up.until("first trust this machine").rpartition(" ")[2]
    link = up.until("/-/").rpartition(" ")[2]
    assert link.startswith(f"{address}/-/")
    assert (tmp_path / "var/kind").read_text() == "real"  # no demo on a network
    with urllib.request.urlopen(f"{plain}voelgoed-ca.crt", timeout=60) as answer:
        trusting = ssl.create_default_context(cadata=answer.read())
    assert status(link, trusting) == 200
    with pytest.raises(URLError, match=r"IP address mismatch"):
        status(link.replace("localhost", "127.0.0.1"), trusting)
    assert up.end() == 0
