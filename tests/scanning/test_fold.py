"""The fold: whatever the order, the splitting or the repetition of facts, the record is the same."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

from hypothesis import given, settings
from hypothesis import strategies as st

from voelgoed.catalog.ticket_type import REENTRY
from voelgoed.scanning.fact import Fact, Record, Rule, Tick, Way
from voelgoed.scanning.fold import fold

START = datetime(2026, 11, 24, 17, tzinfo=UTC)
SPACE = UUID(int=1)
LAWN, CIRCLE, DAY = (uuid5(SPACE, name) for name in ("lawn", "circle", "day"))
WAYS = (Way(uuid5(SPACE, "south"), None, LAWN), Way(uuid5(SPACE, "rope"), LAWN, CIRCLE))
TICKET = uuid5(SPACE, "ticket")

facts = st.lists(
    st.builds(
        lambda kind, minute, device, sequence, way, bodies: Fact(
            kind=kind,
            at=START + timedelta(minutes=minute),
            id=uuid5(SPACE, f"{kind}{minute}.{device}.{sequence}"),
            device_id=uuid5(SPACE, f"device {device}"),
            sequence=sequence,
            day_id=DAY,
            way=None if kind in ("day_end", "emptied") else WAYS[way],
            zones=frozenset((LAWN, CIRCLE)[way:]) if kind == "emptied" else frozenset(),
            bodies=bodies,
        ),
        kind=st.sampled_from(("in", "in", "in", "out", "out", "override", "day_end", "emptied")),
        minute=st.integers(0, 30),
        device=st.integers(0, 2),
        sequence=st.integers(1, 9),
        way=st.integers(0, 1),
        bodies=st.integers(1, 3),
    ),
    max_size=14,
    unique_by=lambda fact: (fact.id, fact.order),
)
rules = st.builds(
    Rule,
    ticket_id=st.just(TICKET),
    bodies=st.integers(1, 4),
    reentry=st.sampled_from(REENTRY),
    entries=st.integers(1, 3),
    until=st.one_of(st.just({}), st.integers(0, 30).map(lambda minute: {DAY: START + timedelta(minutes=minute)})),
    blocked=st.one_of(st.just(()), st.integers(0, 30).map(lambda minute: ((START + timedelta(minutes=minute), None),))),
    void_at=st.one_of(st.none(), st.integers(0, 30).map(lambda minute: START + timedelta(minutes=minute))),
)


def inside(ticks: list[Tick], what: str) -> int:
    """Count what the ticks leave inside."""
    sign = {"in": 1, "moved_in": 1, "out": -1, "moved_out": -1, "ended": -1}
    return sum(sign.get(tick.direction, 0) * getattr(tick, what) for tick in ticks)


def same(one: Record, other: Record) -> bool:
    """Compare two records, whatever the order in which their stays stand."""
    key = lambda stay: stay.id  # noqa: E731
    return (
        sorted(one.stays, key=key) == sorted(other.stays, key=key)
        and one.conflicts == other.conflicts
        and sorted(map(repr, one.ticks)) == sorted(map(repr, other.ticks))
    )


@settings(max_examples=400, deadline=None)
@given(rules, facts, st.randoms(use_true_random=False))
def test_order_and_repetition_change_nothing(rule: Rule, said: list[Fact], chance: object) -> None:
    shuffled = [*said, *said[: len(said) // 2]]
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert same(fold(rule, said), fold(rule, shuffled))


@settings(max_examples=400, deadline=None)
@given(rules, facts)
def test_the_record_keeps_what_must_hold(rule: Rule, said: list[Fact]) -> None:
    record = fold(rule, said)
    open_passes = [stay.pass_number for stay in record.open()]
    assert len(open_passes) == len(set(open_passes)) <= rule.bodies
    keys = [(stay.pass_number, stay.entry_number, stay.move_number) for stay in record.stays]
    assert len(keys) == len(set(keys))
    if rule.reentry == "none" and all(fact.kind != "emptied" for fact in said):
        assert all(stay.entry_number == 1 for stay in record.stays)
    if rule.void_at is not None:
        assert all(stay.opened_at < rule.void_at for stay in record.stays if stay.move_number == 0)


@settings(max_examples=400, deadline=None)
@given(rules, facts)
def test_the_ticks_count_what_is_open(rule: Rule, said: list[Fact]) -> None:
    record = fold(rule, said)
    present = record.open()
    assert inside(record.ticks, "bodies") == len(present)
    assert inside(record.ticks, "tickets") == len({stay.zone_id for stay in present})
    assert inside(record.ticks, "holders") == bool(present)


@settings(max_examples=200, deadline=None)
@given(rules, facts)
def test_an_undone_scan_is_as_if_it_never_was(rule: Rule, said: list[Fact]) -> None:
    scans = [fact.id for fact in said if fact.kind == "in"][:2]
    assert same(fold(rule, said, frozenset(scans)), fold(rule, [fact for fact in said if fact.id not in scans]))
