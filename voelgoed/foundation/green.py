"""Waiting for the database among greenlets: at gevent's own watcher, not through its copy of `select.poll`."""

from __future__ import annotations

from typing import Any, TypeVar

import psycopg
from psycopg.abc import PQGen
from psycopg.waiting import Ready, Wait

T = TypeVar("T")


class GreenConnection(psycopg.Connection[Any]):
    """A connection of a process that gevent has patched; a poll made anew for each wait took longer than the trip."""

    def wait(self, gen: PQGen[T], *given: Any, **more: Any) -> T:
        """Let other greenlets run until the socket is ready; a wait with a limit goes psycopg's way."""
        if given or more:
            return super().wait(gen, *given, **more)
        from gevent.socket import wait_read, wait_readwrite  # type: ignore[import-untyped]

        try:
            wanted = next(gen)
            while True:
                if wanted == Wait.R:
                    wait_read(self.pgconn.socket)
                    wanted = gen.send(Ready.R)
                else:
                    wait_readwrite(self.pgconn.socket)
                    wanted = gen.send(Ready.RW)
        except StopIteration as end:
            result: T = end.value
            return result
        except psycopg.Error:
            raise
        except BaseException:
            self.pgconn.finish()  # a greenlet that was ended amid an answer: nobody can read the rest of it
            raise
