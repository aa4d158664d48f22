"""The way in: each place in the bar stands there with what it is for."""

from __future__ import annotations

import re

from tests.personas import Personas


def test_every_place_says_what_it_is_for(personas: Personas) -> None:
    page = personas.client().get("/home/").text
    said = dict(re.findall(r"<b>([^<]+)</b><small>([^<]*)</small>", page))
    assert {"Till", "Shift", "Ledger"} <= said.keys()
    assert [place for place, words in said.items() if not words] == []
    assert len(set(said.values())) == len(said), "two places that say the same are told apart by nobody"
