"""Ctrl-C and SIGTERM as one exception, raised once wherever the main thread is."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

# SIGINT is taken even where a shell's `&` left it ignored; SIGHUP is not, for `nohup` asks for that.
ENDING = (signal.SIGINT, signal.SIGTERM)


class Interrupted(BaseException):
    """Somebody asked this process to end; it is no error."""


@contextmanager
def interruptible() -> Iterator[None]:
    """Raise `Interrupted` at the first signal to end and ignore further ones: the end is under way."""
    numbers = [*ENDING]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        numbers.append(signal.SIGHUP)

    def interrupt(number: int, frame: FrameType | None) -> None:
        for one in numbers:
            signal.signal(one, signal.SIG_IGN)
        raise Interrupted

    before = {number: signal.signal(number, interrupt) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
