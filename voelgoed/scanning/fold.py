"""The fold: who is inside is a pure function of one ticket's facts, whatever the order in which they came.

Facts are sorted by (effective_at, device, sequence) and applied one by one. A scan that was refused opens nothing
unless an override names it; an undone one opens nothing; an exit is never refused. Who was inside a zone that was
emptied may enter again whatever the re-entry policy.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID, uuid5

from voelgoed.scanning.fact import NIL, Emptied, Fact, Record, Rule, Stay, Tick, Way


def fold(rule: Rule, facts: Iterable[Fact], undone: frozenset[UUID] = frozenset()) -> Record:
    """Fold all facts of one ticket into its record; `undone` are the ids of scans that an undo names."""
    record = Record()
    for fact in sorted({one.id: one for one in facts}.values(), key=lambda one: one.order):
        if fact.id not in undone:
            apply(record, rule, fact)
    return record


def apply(record: Record, rule: Rule, fact: Fact) -> None:
    """Apply one more fact, later than all before it."""
    if fact.kind == "day_end":
        _close(record, [stay for stay in record.open() if stay.day_id == fact.day_id], fact, "day_end", "ended")
    elif fact.kind == "emptied":
        _empty(record, fact)
    elif fact.kind == "out":
        _leave(record, fact)
    else:
        _come(record, rule, fact)


def _come(record: Record, rule: Rule, fact: Fact) -> None:
    if (refused := rule.refuses(fact.at)) is not None:
        _surplus(record, fact, fact.bodies, refused)
        return
    movers = _movers(record, fact)
    if movers:
        _move(record, movers[: fact.bodies], fact)
        return
    free = record.free(rule, fact.at, fact.day_id)[: fact.bodies]
    for number in free:
        entries = [stay.entry_number for stay in record.stays if stay.pass_number == number]
        _open(record, fact, number, max(entries, default=0) + 1, 0, "in")
    if len(free) < fact.bodies:
        _surplus(record, fact, fact.bodies - len(free), "surplus")


def _movers(record: Record, fact: Fact) -> list[Stay]:
    """Return the open stays in the zone that the gate leads out of."""
    if fact.way is None or fact.way.from_id is None:
        return []
    return [stay for stay in record.open() if stay.zone_id == fact.way.from_id]


def _move(record: Record, movers: list[Stay], fact: Fact) -> None:
    _close(record, movers, fact, "moved", "moved_out")
    for stay in movers:
        _open(record, fact, stay.pass_number, stay.entry_number, stay.move_number + 1, "moved_in")


def _leave(record: Record, fact: Fact) -> None:
    """Close the stays in the gate's zone, else any; what nothing explains is counted apart."""
    if fact.way is None:
        return
    there = [stay for stay in record.open() if stay.zone_id == fact.way.into_id] or record.open()
    going = there[: fact.bodies]
    if not going:
        record.ticks.append(_tick(fact, fact.way.into_id, "unexplained", fact.bodies))
        record.loose[fact.day_id, fact.way.gate_id, fact.way.into_id] -= fact.bodies
    elif fact.way.from_id is None:
        _close(record, going, fact, "exited", "out")
    else:
        _close(record, going, fact, "moved", "moved_out")
        back = replace(fact, way=Way(fact.way.gate_id, fact.way.into_id, fact.way.from_id))
        for stay in going:
            _open(record, back, stay.pass_number, stay.entry_number, stay.move_number + 1, "moved_in")


def _empty(record: Record, fact: Fact) -> None:
    """Close the stays in the zones that were emptied, and forget the bodies there that no stay explains."""
    there = [stay for stay in record.open() if stay.day_id == fact.day_id and stay.zone_id in fact.zones]
    _close(record, there, fact, "emptied", "ended")
    record.emptied.append(Emptied(fact.day_id, fact.zones, fact.at))
    for (day_id, gate_id, zone_id), bodies in record.loose.items():
        if bodies and day_id == fact.day_id and zone_id in fact.zones:
            record.ticks.append(Tick(day_id, gate_id, zone_id, "cleared", fact.at, bodies))
            record.loose[day_id, gate_id, zone_id] = 0


def _surplus(record: Record, fact: Fact, bodies: int, kind: str) -> None:
    """Count a body that the record cannot accept; a scan's is a conflict, an override's is a decision."""
    if fact.way is not None:
        record.ticks.append(_tick(fact, fact.way.into_id, "forced", bodies))
        record.loose[fact.day_id, fact.way.gate_id, fact.way.into_id] += bodies
    if fact.kind == "in":
        record.conflicts[fact.id] = kind


def _open(record: Record, fact: Fact, number: int, entry: int, move: int, direction: str) -> None:
    if fact.way is None:
        return
    zone_id = fact.way.into_id
    present = record.open()
    record.ticks.append(
        _tick(
            fact,
            zone_id,
            direction,
            1,
            tickets=int(all(stay.zone_id != zone_id for stay in present)),
            holders=int(not present and direction == "in"),
        )
    )
    record.stays.append(
        Stay(
            id=uuid5(fact.id, f"{number}.{entry}.{move}"),
            scan_id=fact.id,
            device_id=fact.device_id,
            day_id=fact.day_id,
            gate_id=fact.way.gate_id,
            zone_id=zone_id,
            pass_number=number,
            entry_number=entry,
            move_number=move,
            opened_at=fact.at,
        )
    )


def _close(record: Record, going: list[Stay], fact: Fact, cause: str, direction: str) -> None:
    for stay in going:
        gate_id = fact.way.gate_id if fact.way else stay.gate_id
        scan_id = fact.id if fact.way else None
        index = record.stays.index(stay)
        record.stays[index] = replace(
            stay, closed_at=fact.at, cause=cause, closing_gate_id=gate_id, closing_scan_id=scan_id
        )
        left = record.open()
        record.ticks.append(
            Tick(
                stay.day_id,
                gate_id,
                stay.zone_id,
                direction,
                fact.at,
                1,
                tickets=int(all(other.zone_id != stay.zone_id for other in left)),
                holders=int(not left and cause != "moved"),
            )
        )


def _tick(fact: Fact, zone_id: UUID, direction: str, bodies: int, tickets: int = 0, holders: int = 0) -> Tick:
    gate_id = fact.way.gate_id if fact.way else NIL
    return Tick(fact.day_id, gate_id, zone_id, direction, fact.at, bodies, tickets, holders)
