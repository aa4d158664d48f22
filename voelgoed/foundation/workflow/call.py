"""Calling what lies outside: without scope or transaction, and no longer than the deadline."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from contextvars import Context
from threading import Thread
from typing import Any, TypeVar

from flask import Flask, current_app

from voelgoed.foundation.workflow.answers import TimedOut

R = TypeVar("R")

DEADLINE = 2.0  # seconds


def call_outside(work: Callable[[], R], deadline: float | None = None) -> R:
    """Do external work on a thread of its own; raises TimedOut, and then nobody hears how it went.

    The thread has the application but no scope: what needs rows opens its own.
    """
    deadline = deadline or DEADLINE
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    answer: Future[R] = Future()
    Thread(target=Context().run, args=(_answer, app, work, answer), daemon=True).start()
    try:
        return answer.result(deadline)
    except TimeoutError:
        if answer.done():
            raise
        raise TimedOut(f"no answer within {deadline:g} seconds") from None


def _answer(app: Flask, work: Callable[[], Any], answer: Future[Any]) -> None:
    try:
        with app.app_context():
            answer.set_result(work())
    except BaseException as error:
        answer.set_exception(error)
