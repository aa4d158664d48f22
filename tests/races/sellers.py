"""Processes that sell at the same instant: forks of one that made the application and holds no connection."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import pkgutil
import signal
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from multiprocessing.connection import Connection
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select, true

import voelgoed.checkout.pools
from tests.checkout.programme import Programme, hold, pay
from tests.serving import leading
from voelgoed import tables
from voelgoed.accounts.membership import Membership
from voelgoed.checkout.checkout import Checkout
from voelgoed.checkout.end import expire, give_up
from voelgoed.checkout.open import open_checkout
from voelgoed.config import Config
from voelgoed.foundation import points
from voelgoed.foundation.boundary import commit, rollback
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import Actor, rows, scope
from voelgoed.foundation.waiting import wait_for
from voelgoed.foundation.web import Problem
from voelgoed.foundation.workflow import Done, carry_on
from voelgoed.payments.capture import Tender
from voelgoed.selling.begin import begin_to_pay
from voelgoed.selling.void import void_ticket
from voelgoed.ticketing.ticket import Ticket
from voelgoed.tills.shift import Shift

tables.load()
CLERK = Actor("user", uuid4(), "a clerk of the race")
_server = multiprocessing.get_context("forkserver")
_server.set_forkserver_preload([__name__])

LET_GO = "let go"
Deed = tuple[str, UUID, tuple[Any, ...]]
"""The name of a function here (or `module:function`), the organization, and its arguments."""


def buy(programme: Programme, quantity: int) -> str:
    """Hold and pay; say how it went."""
    try:
        outcome = pay(hold(programme, quantity))
    except Problem as problem:
        rollback()
        return problem.type
    return "paid" if isinstance(outcome, Done) else str(outcome)


def buy_unguarded(programme: Programme, quantity: int) -> str:
    """Buy with the conditional update's condition taken away."""
    voelgoed.checkout.pools.fits = lambda bodies: true()
    try:
        return buy(programme, quantity)
    except Exception as error:
        return type(error).__name__


def complete(checkout_id: UUID) -> str:
    """Complete a checkout that is held, whoever else does so too."""
    found = rows(Checkout).get(checkout_id)
    run_id = begin_to_pay(found, [Tender("cash", found.total_cents)])
    commit()
    outcome = carry_on(run_id) or wait_for(run_id)
    return "paid" if isinstance(outcome, Done) else str(outcome)


def expired(hold_id: UUID) -> str:
    """Do what the hold's job does."""
    expire(hold_id)
    commit()
    return "looked"


def given_up(checkout_id: UUID) -> str:
    """Give a hold back."""
    try:
        give_up(rows(Checkout).get(checkout_id))
    except Problem as problem:
        rollback()
        return problem.type
    commit()
    return "given up"


def sale(programme: Programme, key: UUID) -> str:
    """Sell under a key, as a till does that asks again until it knows."""
    found = rows(Checkout).get(hold(programme, 2, key=key))
    run_id = begin_to_pay(found, [Tender("cash", found.total_cents)])
    commit()
    return "paid" if isinstance(carry_on(run_id), Done) else "not yet"


def replaced(programme: Programme, checkout_id: UUID, key: UUID) -> str:
    """Hold anew in place of another hold."""
    hold(programme, 3, key=key, replaces=checkout_id)
    return "replaced"


def void(ticket_id: UUID) -> str:
    """Void a ticket; say how it went."""
    try:
        void_ticket(rows(Ticket).get(ticket_id), "the race", limited=False)
    except Problem as problem:
        rollback()
        return problem.type
    commit()
    return "void"


@cache
def _mothers_pipe() -> Connection:
    """Start the one mother of this test process: to make an application costs more than most races."""
    pipe, theirs = _server.Pipe()
    _server.Process(target=_mother, args=(theirs,), daemon=True).start()
    return pipe


class Nursery:
    """The mother of the processes, led to a database."""

    def __init__(self, config: Config) -> None:
        self._pipe = _mothers_pipe()
        self._pipe.send(config)

    def race(self, *deeds: Deed) -> list[Any]:
        """Let each deed be done by a process of its own, all at once; returns what they say.

        The scope that is open here gives its transaction up: it would be idle for as long as the race takes.
        """
        rollback()
        self._pipe.send((deeds, None))
        said = self._pipe.recv()
        assert all(status == 0 for status, _ in said), "a child failed"
        return [answer for _, answer in said]

    def killed_at(self, deed: Deed, name: str, passing: int) -> bool:
        """Do a deed until a point is passed for the nth time; False when the child came through alive."""
        rollback()
        self._pipe.send(((deed,), (name, passing)))
        ((status, _),) = self._pipe.recv()
        assert status in (0, -signal.SIGKILL), "the child failed"
        return status == -signal.SIGKILL

    def rehearse(self, deed: Deed) -> Any:
        """Have the mother do a deed herself, so that her children find its statements compiled; return its word."""
        rollback()
        self._pipe.send(deed)
        return self._pipe.recv()

    def close(self) -> None:
        """Have the mother let go of the database; one that died with a test is followed by another."""
        try:
            self._pipe.send(None)
            while self._pipe.recv() != LET_GO:
                pass  # what a failed test did not wait for
        except (EOFError, OSError):
            _mothers_pipe.cache_clear()


def _mother(pipe: Connection) -> None:
    while True:
        with leading(pipe.recv()) as app:
            _serve(pipe, app)
        pipe.send(LET_GO)


def _serve(pipe: Connection, app: Any) -> None:
    while (said := pipe.recv()) is not None:
        if len(said) == 3:
            pipe.send(_alone(app, said))
            continue
        deeds, death = said
        _rehearse(app, deeds[0])
        gate, gun = os.pipe()
        children = [_bear(app, deed, death, (gate, gun)) for deed in deeds]
        os.close(gun)  # all of them read its end at once
        answers = []
        for child, mouth in children:
            with os.fdopen(mouth, "rb") as told:
                answer = told.read()
            status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            answers.append((status, pickle.loads(answer) if answer else None))
        os.close(gate)
        pipe.send(answers)


def _alone(app: Any, deed: Deed) -> Any:
    """Do a deed, and let go of the connections that no child may inherit."""
    with app.app_context():
        said = _do(deed, None)
        db.engine.dispose()
    return said


def _rehearse(app: Any, deed: Deed) -> None:
    """Have the statements of a hold compiled once, here, and not in every child while it holds the pool."""
    name, organization_id, arguments = deed
    if not name.startswith("buy"):
        return
    programme = arguments[0]
    with app.app_context():
        with scope(organization_id, CLERK), suppress(Problem):
            open_checkout(programme.event, [(next(iter(programme.types.values())), 1)], key=uuid4())
        db.engine.dispose()


def _bear(app: Any, deed: Deed, death: tuple[str, int] | None, start: tuple[int, int]) -> tuple[int, int]:
    mouth, voice = os.pipe()
    child = os.fork()
    if child:
        os.close(voice)
        return child, mouth
    gate, gun = start
    os.close(gun)
    os.close(mouth)
    os.read(gate, 1)
    with app.app_context():
        os.write(voice, pickle.dumps(_do(deed, death)))
    os._exit(0)


def _clerk(organization_id: UUID) -> Actor:
    """Return somebody who has a drawer: cash goes into it."""
    with scope(organization_id, CLERK):
        seller = select(Membership.user_id).join(Shift, Shift.membership_id == Membership.id)
        user_id = db.session.scalar(seller.where(Shift.closed_at.is_(None)).order_by(Shift.id).limit(1))
    return Actor("user", user_id, CLERK.label) if user_id else CLERK


def _do(deed: Deed, death: tuple[str, int] | None) -> Any:
    name, organization_id, arguments = deed
    function: Callable[..., Any] = globals().get(name) or pkgutil.resolve_name(name)
    with scope(organization_id, _clerk(organization_id)):
        if death is None:
            return function(*arguments)
        with points.armed(death[0], points.at_passing(death[1], points.kill)):
            return function(*arguments)
