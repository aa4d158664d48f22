"""The organization's settings: an owner's, with errors at their fields."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.personas import Personas
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy.organization import Organization

SAID = {
    "name": "Maroela Feeste", "address": "12 Kerk Street\nStellenbosch", "timezone": "Africa/Windhoek",
    "vat_vendor": "true", "vat_number": "4012345678", "cash_rounding_cents": "5",
    "box_office_void_limit_cents": "1 000,50",
}  # fmt: skip


def organization() -> Organization:
    return db.session.scalars(select(Organization)).one()


def test_an_owner_changes_the_settings_of_their_own_organization(personas: Personas) -> None:
    assert personas.client().post("/home/settings", data=SAID).status_code == 303
    with personas.home.scope():
        found = organization()
        assert (found.name, found.vat_vendor, found.vat_number) == ("Maroela Feeste", True, "4012345678")
        assert (found.cash_rounding_cents, found.box_office_void_limit_cents) == (5, 100_050)
    with personas.abroad.scope():
        assert organization().name == "Abroad"
    assert "1000.50" in personas.client().get("/home/settings").text


@pytest.mark.parametrize(
    "wrong",
    [{"vat_number": ""}, {"vat_number": "5012345678"}, {"timezone": "Karoo"}, {"cash_rounding_cents": "3"},
     {"cash_rounding_cents": "x"}, {"box_office_void_limit_cents": "-1"}, {"name": ""}, {"slug": "mine"}],
)  # fmt: skip
def test_what_is_wrong_is_refused_and_nothing_is_changed(personas: Personas, wrong: dict[str, str]) -> None:
    assert personas.client().post("/home/settings", data=SAID | wrong).status_code == 422
    with personas.home.scope():
        assert organization().name == "Home"


def test_who_reads_and_who_does_not(personas: Personas) -> None:
    for role, status in (("accountant", 200), ("auditor", 200), ("manager", 403), ("box_office", 403)):
        assert personas.client(role).get("/home/settings").status_code == status
        assert personas.client(role).post("/home/settings", data=SAID).status_code == 403
    assert personas.outsider().get("/home/settings").status_code == 404
