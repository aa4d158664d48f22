"""Negative controls of the histories at the gate: each guard that is off turns one of a few histories red."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from flask import Flask

from tests.conftest import Database, World
from tests.personas import Personas
from tests.stateful.gate_play import History
from tests.stateful.phones import Steward
from tests.stateful.test_gate import an_evening, play
from voelgoed.foundation.boundary import commit, rollback
from voelgoed.scanning import desk, offline_sync, phone_deeds, process_scan
from voelgoed.scanning.asked import Asked, Judged
from voelgoed.ticketing.code import Read

pytestmark = pytest.mark.deep

HISTORIES = [f"control.{number}.40" for number in range(8)]


@pytest.fixture
def own(database: Database, app: Flask, personas: Personas) -> Iterator[tuple[World, psycopg.Connection]]:
    """A world that nobody else uses, and a superuser in it."""
    with psycopg.connect(database.url("postgres"), autocommit=True) as admin:
        yield World(database, app, personas), admin


Own = tuple[World, psycopg.Connection]


def agree(own: Own, seeds: list[str]) -> None:
    """Play, and compare each with its model."""
    for seed in seeds:
        play(an_evening(*own), own[1], seed)


def turns_red(own: Own) -> None:
    """Play until a history disagrees with its model."""
    with pytest.raises(AssertionError):
        agree(own, HISTORIES)


def test_with_all_guards_on_they_agree(own: Own) -> None:
    agree(own, HISTORIES[:2])


def test_answers_before_the_commit_are_seen(own: Own, monkeypatch: pytest.MonkeyPatch) -> None:
    answered = []

    def commit_sometimes() -> None:
        """Be a process that answered, and is gone before it commits, one time in four."""
        answered.append(1)
        (rollback if len(answered) % 4 == 0 else commit)()

    monkeypatch.setattr(desk, "commit", commit_sometimes)
    turns_red(own)


def test_a_phone_that_forgets_before_the_answer_is_seen(own: Own, monkeypatch: pytest.MonkeyPatch) -> None:
    handing = History.hand_in

    def forgetting(self: History, steward: Steward, fate: str) -> None:
        handing(self, steward, fate)
        if fate in ("lost", "late"):
            steward.unsent.clear()

    monkeypatch.setattr(History, "hand_in", forgetting)
    turns_red(own)


def test_a_number_that_may_be_used_twice_is_seen(own: Own, monkeypatch: pytest.MonkeyPatch) -> None:
    comparing = process_scan._repeat

    def by_name_only(asked: Asked, device_id: str, stored: dict[str, Any]) -> Judged | None:
        return comparing(asked, device_id, stored) if stored["id"] == str(asked.scan_id) else None

    monkeypatch.setattr(process_scan, "_repeat", by_name_only)
    numbers = "SELECT conname FROM pg_constraint WHERE conrelid = 'scan'::regclass AND conname LIKE '%sequence%'"
    for (name,) in own[1].execute(numbers).fetchall():
        own[1].execute(f'ALTER TABLE scan DROP CONSTRAINT "{name}"')
    turns_red(own)


def test_signatures_that_nobody_checks_are_seen(own: Own, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Read, "genuine", lambda _self, _key: True)
    turns_red(own)


def test_a_deed_that_nobody_proved_is_seen(own: Own, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(phone_deeds, "proves", lambda *_said: True)
    turns_red(own)


def test_deeds_that_are_kept_and_never_counted_are_seen(own: Own, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(offline_sync, "let_count", lambda _device: None)
    turns_red(own)
