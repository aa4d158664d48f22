"""Phones that know another address stop `voelgoed up --lan`, with what to do."""

from __future__ import annotations

from dataclasses import replace

from flask import Flask

from tests.personas import Personas
from tests.scanning.evening import put_on
from tests.scanning.test_move import beat
from voelgoed.cli.elsewhere import paired_elsewhere
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.tenancy import rows
from voelgoed.scanning.device import Device
from voelgoed.scanning.pair import retire


def test_phones_of_every_house_that_know_another_address_are_counted(app: Flask, personas: Personas) -> None:
    ours, theirs = put_on(app, personas.home), put_on(app, personas.abroad, name="Theirs")
    phones = [ours.phone(), theirs.phone()]
    here = app.config["VOELGOED"]
    moved = replace(here, public_url="https://192.168.1.35:8000")
    assert paired_elsewhere(here) == ""
    said = paired_elsewhere(moved)
    assert said.startswith(f"Paired are 2 phones under {here.public_url}, and this would be {moved.public_url}")
    assert "--new-address" in said
    assert "\n" not in said
    for evening, phone in zip((ours, theirs), phones, strict=True):
        with evening.house.scope():
            device = rows(Device).get(phone.id)
            device.address = moved.public_url
            commit()
    assert paired_elsewhere(moved) == ""
    beat(phones[0])  # it is heard under the first address after all
    assert "1 phone under" in paired_elsewhere(moved)
    with ours.house.scope():
        retire(rows(Device).get(phones[0].id))
        commit()
    assert paired_elsewhere(moved) == ""
