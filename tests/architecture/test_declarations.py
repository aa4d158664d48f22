"""What opts out of a pillar says why, and is listed."""

from __future__ import annotations

from sqlalchemy.orm import class_mapper

from voelgoed import tables
from voelgoed.foundation.database import db
from voelgoed.foundation.resource import Resource
from voelgoed.foundation.resource.declaration import declared

tables.load()
UNAUDITED = {
    "attempt_count", "audit_entry", "checkout_series", "comp_count", "gate_pass_count", "idempotency_key",
    "ledger_file",
    "ledger_file_part", "minute_count", "number_series", "outbox_row", "paper_file", "ticket_series",
}  # fmt: skip
"""Rows whose changes leave no entry; each says why in its class."""
WORDS = 4


def test_every_mapped_class_is_a_resource() -> None:
    assert [mapper.class_ for mapper in db.Model.registry.mappers if not issubclass(mapper.class_, Resource)] == []


def test_every_mapped_class_is_declared() -> None:
    mapped = {mapper.local_table.name for mapper in db.Model.registry.mappers}
    assert mapped == {one.table for one in declared()}


def test_every_class_is_audited_its_own_record_or_listed() -> None:
    assert {one.table for one in declared() if one.unaudited} == UNAUDITED


def test_every_opt_out_says_why() -> None:
    for one in declared():
        for reason in (one.shared, one.unaudited, one.append_only):
            assert reason is None or len(reason.split()) >= WORDS, f"{one.table}: {reason!r}"


def test_what_is_excluded_or_masked_exists() -> None:
    for one in declared():
        columns = set(class_mapper(one.cls).columns.keys())
        assert {*one.exclude, *one.redact} <= columns, one.table
        assert one.actor_column is None or one.actor_column in columns, one.table


def test_what_is_sealed_is_kept_from_the_trail() -> None:
    for one in declared():
        sealed = {name for name in class_mapper(one.cls).columns.keys() if name.endswith(("_sealed", "_hash"))}  # noqa: SIM118
        if not one.append_only and not one.unaudited:
            assert {name for name in sealed if name.endswith("_hash")} <= set(one.exclude), one.table
