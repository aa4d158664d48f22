"""However one comes in (page, call, socket, job, command, shell), one is in one organization's scope."""

from __future__ import annotations

from base64 import urlsafe_b64decode

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from tests.contracts.calls import token_of
from tests.foundation.tenancy.conftest import Houses
from voelgoed import cli
from voelgoed.catalog.event import Event
from voelgoed.catalog.venue import Venue
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.database import db
from voelgoed.foundation.outbox import dispatch, enqueue, task
from voelgoed.foundation.tenancy import current_scope, has_scope, rows
from voelgoed.foundation.web.identity import make_token

SEEN: list[tuple[str, list[str]]] = []


def look() -> None:
    """A job that says who it is and what it sees."""
    SEEN.append((str(current_scope().organization_id), sorted(venue.name for venue in rows(Venue))))


def test_a_call_sees_its_tokens_organization_only(houses: Houses) -> None:
    personas = houses.world.personas
    for site, house in ((houses.home, personas.home), (houses.abroad, personas.abroad)):
        with house.scope():
            db.session.add(Event(venue_id=site.venue_id, name=f"{house.slug} evening"))
            commit()
    client: FlaskClient = houses.world.app.test_client()
    for house in (personas.home, personas.abroad):
        token = token_of(house, "owner")
        answer = client.get("/api/v1/events", headers={"Authorization": f"Bearer {token}"})
        assert [one["name"] for one in answer.json["items"]] == [f"{house.slug} evening"]  # type: ignore[index]
    assert not has_scope()


def test_a_token_that_claims_another_organization_opens_nothing(houses: Houses) -> None:
    personas = houses.world.personas
    token = token_of(personas.home, "owner")
    raw = urlsafe_b64decode(token[4:] + "=" * (-len(token[4:]) % 4))
    forged = make_token("vgu_", personas.abroad.organization_id, raw[16:])
    client = houses.world.app.test_client()
    assert client.get("/api/v1/events", headers={"Authorization": f"Bearer {token}"}).status_code == 200
    assert client.get("/api/v1/events", headers={"Authorization": f"Bearer {forged}"}).status_code == 401


def test_a_job_runs_in_the_organization_of_its_row(houses: Houses, monkeypatch: pytest.MonkeyPatch) -> None:
    SEEN.clear()
    monkeypatch.setattr(task, "PACKAGES", {"voelgoed", "tests"})
    home, abroad = houses.world.personas.home, houses.world.personas.abroad
    asked = []
    for house in (home, abroad):
        with house.scope():
            asked.append(enqueue("maintenance", f"{__name__}.look", send=False).id)
            commit()
    assert not dispatch(abroad.organization_id, asked[0]), "a row was taken in another organization's scope"
    assert dispatch(home.organization_id, asked[0])
    assert dispatch(abroad.organization_id, asked[1])
    assert [(str(home.organization_id), ["home hall"]), (str(abroad.organization_id), ["abroad hall"])] == SEEN


@pytest.mark.parametrize("slug", ["home", "abroad"])
def test_the_shell_is_inside_one_organization(houses: Houses, slug: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", houses.database.url())
    monkeypatch.setenv("SECRET_KEY", "s" * 40)
    typed = "from voelgoed.catalog.venue import Venue\nprint([one.name for one in rows(Venue)])\n"
    said = CliRunner().invoke(cli.main, ["shell", "--organization", slug], input=typed)
    assert f"['{slug} hall']" in said.output
    nobody = CliRunner().invoke(cli.main, ["shell", "--organization", "nobody"], input="")
    assert nobody.exit_code == 1
