"""The policy's table and an independent reading of the rules agree on every case; the table has no dead row."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.vectors.model import FILE, cases, steward
from voelgoed.scanning.policy import FACTS, TABLE, verdict_of
from voelgoed.scanning.verdict import VERDICTS

VECTORS: list[dict[str, Any]] = json.loads(FILE.read_text())


def test_the_file_is_what_the_model_says() -> None:
    assert [one["facts"] for one in VECTORS] == cases()
    assert len(VECTORS) >= 500
    assert all(one["verdict"] == steward(one["facts"]) for one in VECTORS)


def test_the_table_agrees_with_the_model() -> None:
    wrong = [one for one in VECTORS if verdict_of(one["facts"]) != one["verdict"]]
    assert wrong == []


def test_every_row_decides_something_and_names_a_verdict() -> None:
    deciding = set()
    for one in VECTORS:
        rows = (index for index, row in enumerate(TABLE["rows"])
                if all(one["facts"].get(name) == value for name, value in row["if"].items()))  # fmt: skip
        deciding.add(next(rows))
    assert deciding == set(range(len(TABLE["rows"])))
    assert {row["then"] for row in TABLE["rows"]} <= set(VERDICTS)
    assert set(VECTORS[0]["facts"]) >= FACTS


@pytest.mark.parametrize("row", range(len(TABLE["rows"]) - 1))
def test_a_row_taken_out_is_noticed(row: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: without any one row some vector fails."""
    monkeypatch.setitem(TABLE, "rows", [one for index, one in enumerate(TABLE["rows"]) if index != row])
    assert any(verdict_of(one["facts"]) != one["verdict"] for one in VECTORS)
