"""Every route declares who may call it; every template lies with its package."""

from __future__ import annotations

import ast
import re

from flask import Flask

from tests.architecture.tree import ROOT, modules
from tests.conftest import World
from voelgoed.accounts.roles import deeds
from voelgoed.foundation.web import PUBLIC, SELF, SIGNED_IN
from voelgoed.foundation.web.safety import csrf

FRAMEWORKS = {"static"}
"""Routes of Flask itself: files that anybody may read."""
SHARED_FOLDERS = {"layouts", "shared"}
PUBLIC_ROUTES = {
    "health.alive": "a load balancer asks it",
    "health.ready": "a load balancer asks it",
    "health.metrics": "it looks at a token of its own, or at the caller's address",
    "start": "leads a visitor to the sign-in, or home",
    "invitations.look": "whoever is invited has no sign-in yet; the link is the proof",
    "invitations.knock": "whoever is invited has no sign-in yet; the link is the proof",
    "invitations.accept": "whoever is invited has no sign-in yet; the link is the proof",
    "scan_page.shell": "the page of a phone that is yet to be paired; it holds nobody's rows",
    "scan_page.worker": "a browser fetches it without a cookie; it lists files that are open source",
    "scan_page.manifest": "a browser fetches it without a cookie; it holds the organization's address and nothing else",
    "boxoffice.pair_form": "a browser that becomes a till has nobody signed in; the code is the proof",
    "boxoffice.pair_this": "a browser that becomes a till has nobody signed in; the code is the proof",
    "boxoffice.stand": "whoever signs in at a till is not known yet",
    "boxoffice.sign_in_here": "staff number and PIN are the proof, and the till's own cookie",
    "boxoffice.locked": "whoever is locked out is nobody until the PIN",
    "boxoffice.unlock": "the PIN is the proof, and the sign-in's own cookie",
    "boxoffice.leave": "whoever is locked out may leave",
    "openapi.document": "it describes what is open source",
    "payment_return.returned": "a payer comes back from their bank; it tells how the sale stands and nothing else",
    "check_page.show": "a phone is checked before anybody has paired it; the page knows nothing",
    "phones.pair_device": "a phone has no token before it is paired; the code is its proof",
}
"""Calls and pages outside an organization that anybody may reach, and why. Those of `/-` look after themselves."""


def _allowed(app: Flask) -> dict[str, str | None]:
    return {
        rule.endpoint: getattr(app.view_functions[rule.endpoint], "allow", None)
        for rule in app.url_map.iter_rules()
        if rule.endpoint not in FRAMEWORKS
    }


def test_every_route_declares_its_rule(world: World) -> None:
    known = {*deeds(), PUBLIC, SIGNED_IN, SELF}
    assert {endpoint: rule for endpoint, rule in _allowed(world.app).items() if rule not in known} == {}


def test_the_rule_sees_a_route_that_declares_nothing(world: World) -> None:
    bare = Flask("bare")
    bare.add_url_rule("/open", "open", lambda: "")
    assert _allowed(bare) == {"open": None}


def test_what_is_public_is_listed_or_at_the_door(world: World) -> None:
    public = {
        rule.endpoint
        for rule in world.app.url_map.iter_rules()
        if rule.endpoint not in FRAMEWORKS
        and world.app.view_functions[rule.endpoint].allow == PUBLIC  # type: ignore[attr-defined]
        and not rule.rule.startswith("/-")
    }
    assert public == set(PUBLIC_ROUTES)


def test_state_is_changed_with_a_proof_or_a_token(world: World) -> None:
    exempt = set(csrf._exempt_blueprints)
    for rule in world.app.url_map.iter_rules():
        changes = {"POST", "PUT", "PATCH", "DELETE"} & (rule.methods or set())
        if changes and rule.endpoint.split(".")[0] in exempt:
            signed = rule.rule.startswith("/-/hooks/")  # a processor's signature is its proof
            assert signed or rule.rule.startswith("/api/v1/"), f"{rule.rule} takes cookies without a proof"
    assert not csrf._exempt_views


def test_templates_mirror_packages() -> None:
    packages = {module.package for module in modules("voelgoed")}
    folders = {path.name for path in (ROOT / "templates").iterdir() if path.is_dir()}
    assert folders - SHARED_FOLDERS <= packages


def _rendered() -> list[tuple[str, str]]:
    """Return (module, template) of every template that the code names."""
    return [
        (module.path, node.value)
        for module in modules("voelgoed")
        for node in module.walk()
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        and re.fullmatch(r"[a-z_]+/[a-z0-9_]+\.(html|svg|txt)", node.value)
    ]  # fmt: skip


def test_every_template_that_is_named_exists_and_belongs_to_who_names_it() -> None:
    rendered = _rendered()
    assert rendered
    for path, template in rendered:
        assert (ROOT / "templates" / template).is_file(), f"{path} names {template}"
        folder = template.split("/")[0]
        assert folder in SHARED_FOLDERS or folder == path.split("/")[1], f"{path} renders {template}"


def test_every_template_is_used() -> None:
    said = {template for _, template in _rendered()}
    begun = {
        part.value
        for module in modules("voelgoed")
        for node in module.walk()
        if isinstance(node, ast.JoinedStr) and isinstance(part := node.values[0], ast.Constant)
    }
    sources = {path: path.read_text() for path in (ROOT / "templates").rglob("*.html")}
    for text in sources.values():
        said |= set(re.findall(r"[\"']([a-z_]+/[a-z0-9_]+\.html)[\"']", text))
    unused = {path.relative_to(ROOT / "templates").as_posix() for path in sources} - said
    composed = {name for name in unused for start in begun if len(start) > len("x/") and name.startswith(start)}
    assert unused - composed == set()
