"""An application with a few pages and calls of its own, on two houses."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from pydantic import BaseModel, ConfigDict
from sqlalchemy import func, select

from tests.conftest import Servers, World, fresh
from tests.personas import found
from tests.serving import forget
from voelgoed import create_app
from voelgoed.catalog.venue import Venue, Zone
from voelgoed.foundation.boundary import after_commit
from voelgoed.foundation.database import db
from voelgoed.foundation.resource import uuid7
from voelgoed.foundation.tenancy import has_scope, rows
from voelgoed.foundation.web import PUBLIC, SIGNED_IN, Answer, Json, Later, Page, Pages, Redirect, identity

HEARD: list[str] = []
"""What followed a commit."""
pages = Pages("probe", __name__)


@pages.get("/probe/venues/<uuid:venue_id>", allow="catalog.read")
def show(venue_id: UUID) -> Answer:
    return Json({"name": rows(Venue).get(venue_id).name, "who": identity().actor.label})


@pages.post("/probe/venues/<name>", allow="catalog.write")
def make(name: str) -> Answer:
    venue = Venue(name=name)
    db.session.add(venue)
    after_commit(lambda: HEARD.append(name))
    return Json({"id": str(venue.id)}, 201)


@pages.post("/probe/fails/<name>", allow="catalog.write")
def fails(name: str) -> Answer:
    make(name)
    raise ZeroDivisionError


@pages.post("/probe/unrenderable/<name>", allow="catalog.write")
def unrenderable(name: str) -> Answer:
    make(name)
    return Page("shared/no_such_template.html")


@pages.post("/probe/unflushable", allow="catalog.write")
def unflushable() -> Answer:
    db.session.add(Venue(name=""))
    return Json({})


@pages.post("/probe/followed/<name>", allow="catalog.write")
def followed(name: str) -> Answer:
    def fail() -> None:
        raise ZeroDivisionError

    after_commit(fail)
    return make(name)


@pages.post("/probe/later/<name>", allow="catalog.write")
def later(name: str) -> Answer:
    make(name)

    def then() -> Answer:
        outside = f"scope {has_scope()}, connections {db.engine.pool.checkedout()}"  # type: ignore[attr-defined]
        return Json({"outside": outside})

    return Later(then)


@pages.post("/probe/odd", allow="catalog.write")
def odd() -> Answer:
    db.session.add(Zone(venue_id=uuid7(), name="Floor", capacity=2**40))
    return Json({})


@pages.post("/probe/slow", allow="catalog.write")
def slow() -> Answer:
    db.session.execute(select(func.set_config("statement_timeout", "20ms", True)))
    db.session.execute(select(func.pg_sleep(5)))
    return Json({})


@pages.post("/probe/on", allow=SIGNED_IN)
def on() -> Answer:
    return Redirect("probe.look")


@pages.get("/probe/open", allow=PUBLIC)
def look() -> Answer:
    return Json({"venues": rows(Venue).count(), "inside": has_scope()})


class Said(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str
    rows: list[str] = []


@pytest.fixture(scope="module")
def probed(servers: Servers) -> Iterator[World]:
    """Two organizations on an application with the pages above."""
    with fresh(servers) as database, (app := create_app(database.config())).app_context():
        app.testing = True
        app.register_blueprint(pages)
        forget()
        yield World(database, app, found(app))


@pytest.fixture
def owner(probed: World) -> FlaskClient:
    """Return a client that the owner signed in with."""
    HEARD.clear()
    return probed.personas.client()
