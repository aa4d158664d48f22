"""Every route of set-up, staff and trail: who may call it, and that no change goes without proof."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

from flask import Flask
from werkzeug.routing import Rule

from tests.conftest import World
from voelgoed.accounts.roles import deeds
from voelgoed.foundation.web import PUBLIC, SIGNED_IN

ROOMS = ("door", "accounts", "founding", "invitations", "staff", "tokens", "settings", "catalog", "trail")
OPEN = {
    "door.sign_in", "door.enter", "door.sign_out", "founding.knock", "founding.begin", "founding.create",
    "invitations.knock", "invitations.look", "invitations.accept",
}  # fmt: skip
"""What anybody may call: the ways in."""


def routes(app: Flask) -> Iterator[tuple[Rule, str]]:
    """Return each rule of these rooms with an address that fits it."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if rule.endpoint.split(".")[0] in ROOMS:
            ids = {name: "home" if name == "slug" else uuid4() for name in rule.arguments}
            method = next(iter((rule.methods or set()) - {"HEAD", "OPTIONS"}))
            yield rule, adapter.build(rule.endpoint, ids, method=method)


def test_each_declares_who_may_call_it_and_only_the_ways_in_are_open(world: World) -> None:
    allowed = {rule.endpoint: getattr(world.app.view_functions[rule.endpoint], "allow", None)
               for rule, _ in routes(world.app)}  # fmt: skip
    assert len(allowed) > 60
    assert {name for name, allow in allowed.items() if allow == PUBLIC} == OPEN
    assert set(allowed.values()) - {PUBLIC, SIGNED_IN} <= set(deeds())


def test_strangers_are_led_to_the_door_and_outsiders_find_nothing(world: World) -> None:
    world.app.config["WTF_CSRF_ENABLED"] = False
    stranger, outsider = world.app.test_client(), world.personas.outsider()
    for rule, path in routes(world.app):
        if rule.endpoint in OPEN:
            continue
        method = "POST" if "POST" in (rule.methods or ()) else "GET"
        asked = stranger.open(path, method=method)
        assert asked.status_code in (303, 401), path
        if path.startswith("/home/"):
            assert outsider.open(path, method=method).status_code == 404, path


def test_nothing_changes_without_the_forms_proof(world: World) -> None:
    owner = world.personas.client()
    world.app.config["WTF_CSRF_ENABLED"] = True
    for rule, path in routes(world.app):
        if "POST" in (rule.methods or ()):
            refused = owner.post(path)
            assert (refused.status_code, "open too long" in refused.text) == (400, True), path
    world.app.config["WTF_CSRF_ENABLED"] = False
    refused = owner.post("/home/staff/invitations", data={"name": ""})
    assert refused.status_code == 422, "without the proof's guard the form itself answers"
