"""Where calls of a processor's API arrive: whose they are, the faults that were ordered, the answer."""

from __future__ import annotations

import json
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, Response, current_app, request

from voelgoed.simulator.books import Row, Table
from voelgoed.simulator.faults import Fault, Trouble
from voelgoed.simulator.world import World, shown, token

Answer = tuple[int, Row]
"""HTTP status and body."""
View = Callable[..., Row]


class Refusal(Exception):
    """An answer that is no success; `body` is in the processor's own shape, `kept` if a repeated key gets it again."""

    def __init__(self, status: int, body: Row, *, kept: bool = False) -> None:
        super().__init__(body)
        self.status, self.body, self.kept = status, body, kept


@dataclass
class Call:
    """One call: whose account, with what key, asking what."""

    world: World
    account: Row
    key: str | None
    body: Row
    query: Row
    root: str
    number: str = field(default_factory=lambda: token("req_", 14))

    @property
    def owner(self) -> str:
        """The account's id."""
        return str(self.account["id"])

    def table(self, kind: str) -> Table:
        """Return the account's rows of a kind."""
        return self.world.books(self.owner)[kind]

    def put(self, kind: str, row: Row) -> Row:
        """Keep a row as it now is."""
        return self.world.put(self.owner, kind, row)

    def tell(self, event: str, body: Row) -> None:
        """Send a webhook when the deed is done."""
        self.world.couriers.send(self.account, event, body)

    def now(self) -> int:
        """Return the simulator's time in whole seconds."""
        return int(self.world.now())


class Desk(ABC):
    """One processor's counter; its own manners are in the methods that a subclass gives."""

    provider = ""

    def __init__(self) -> None:
        self._views: list[tuple[str, str, View]] = []

    def get(self, rule: str) -> Callable[[View], View]:
        """Answer GETs of a path."""
        return self._on("GET", rule)

    def post(self, rule: str) -> Callable[[View], View]:
        """Answer POSTs to a path."""
        return self._on("POST", rule)

    def _on(self, method: str, rule: str) -> Callable[[View], View]:
        def register(view: View) -> View:
            self._views.append((method, rule, view))
            return view

        return register

    def install(self, app: Flask) -> None:
        """Add the calls to an application."""
        for method, rule, view in self._views:
            app.add_url_rule(rule, f"{method} {rule}", self._served(view), methods=[method])

    def _served(self, view: View) -> Callable[..., Response]:
        def serve(**parts: Any) -> Response:
            world: World = current_app.extensions["simulator"]
            note: Row = dict.fromkeys(("account", "key", "at", "fault", "status"))
            note |= {"provider": self.provider, "method": request.method, "path": request.path}
            with world.lock:
                world.calls.append(note)
            try:
                status, body, headers = self._answer(world, note, view, parts)
            except Refusal as refusal:
                status, body, headers = refusal.status, refusal.body, {}
            except Trouble as trouble:
                status, body = trouble.status, self.trouble(trouble)
                headers = {"Retry-After": str(trouble.retry_after)} if trouble.retry_after else {}
            note["status"] = status
            return Response(json.dumps(body), status, headers, mimetype="application/json")

        return serve

    def _answer(self, world: World, note: Row, view: View, parts: Row) -> tuple[int, Row, dict[str, str]]:
        call = self._call(world)
        note |= {"account": call.owner, "key": call.key, "at": world.now()}
        with world.deed():
            earlier = self.claim(call)
            fault = world.faults.take_call(self.provider, call.owner, request.method, request.path)
            freed = world.faults.freed
        try:
            _strike(fault, "before", note, freed)
            status, body = earlier or self._work(call, view, parts)
        finally:
            self.release(call)
        _strike(fault, "after", note, freed)
        return status, body, self.headers(call, replayed=earlier is not None)

    def _work(self, call: Call, view: View, parts: Row) -> Answer:
        with call.world.deed():
            try:
                # As they are now: once the deed is over, others change the rows.
                answer, kept = (200, shown(view(call, **parts))), True
            except Refusal as refusal:
                answer, kept = (refusal.status, shown(refusal.body)), refusal.kept
            if kept:
                self.keep(call, answer)
            return answer

    def _call(self, world: World) -> Call:
        secret = request.authorization.token if request.authorization and request.authorization.token else ""
        if not secret and request.authorization and request.authorization.username:
            secret = request.authorization.username
        if "_live_" in secret:
            raise self.unknown("This is a simulator and moves no money: it takes no live key. Use one of sk_test_…")
        if not secret.startswith(("sk_test_", "rk_test_")):
            raise self.unknown("No valid test secret key was given: Authorization: Bearer sk_test_…")
        with world.deed():
            account = world.account(self.provider, secret)
        body, query = self.read()
        return Call(world, account, self.key(), body, query, request.host_url.rstrip("/"))

    @abstractmethod
    def read(self) -> tuple[Row, Row]:
        """Return what the call says in its body and in its query."""

    @abstractmethod
    def unknown(self, message: str) -> Refusal:
        """Make the answer to a key that opens nothing."""

    @abstractmethod
    def trouble(self, trouble: Trouble) -> Row:
        """Put a fault into the processor's shape."""

    def key(self) -> str | None:
        """Return the key by which a repeated call is known."""
        return None

    def claim(self, call: Call) -> Answer | None:
        """Take the call's key, or return what it was answered before."""
        return None

    def release(self, call: Call) -> None:
        """Give the call's key back; a processor without such keys has nothing to give."""
        return

    def keep(self, call: Call, answer: Answer) -> None:
        """Remember the answer for the call's key; a processor without such keys remembers none."""
        return

    def headers(self, call: Call, *, replayed: bool) -> dict[str, str]:
        """Return the headers of an answer."""
        return {}


def _strike(fault: Fault | None, when: str, note: Row, freed: threading.Event) -> None:
    if fault and fault.when == when:
        note["fault"] = f"{fault.do} {when}"
        fault.strike(freed)
