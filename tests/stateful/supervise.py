"""What a supervisor does in a history at a gate, told to its model: voids, decisions, phones moved and taken away."""

from __future__ import annotations

from uuid import UUID, uuid4

from tests.stateful.gate import Fact, Ticket
from tests.stateful.gate_play import History
from tests.stateful.phones import Steward
from voelgoed.catalog.event import Day
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.clock import now
from voelgoed.foundation.tenancy import rows
from voelgoed.scanning.batch import ScanBatch
from voelgoed.scanning.block import block
from voelgoed.scanning.decide import end_day, override, undo
from voelgoed.scanning.device import Device
from voelgoed.scanning.pair import retire
from voelgoed.scanning.receive_batch import decide
from voelgoed.scanning.scan import Scan
from voelgoed.selling.void import void_ticket
from voelgoed.ticketing.ticket import Ticket as TicketRow
from voelgoed.ticketing.ticket import TicketVoid


def void(history: History) -> None:
    """Void a ticket that is not."""
    ticket = history.chance.choice(history.tickets)
    if ticket.void_at is not None:
        return
    with history.evening.house.scope("manager"):
        void_ticket(rows(TicketRow).get(ticket.id), "the history says so", limited=False)
        commit()
        ticket.void_at = rows(TicketVoid).filter_by(ticket_id=ticket.id).one().created_at


def shut_out(history: History) -> None:
    """Block a ticket that is not."""
    ticket = history.chance.choice(history.tickets)
    if ticket.blocked_at is not None:
        return
    with history.evening.house.scope("gate_supervisor"):
        ticket.blocked_at = block(rows(TicketRow).get(ticket.id), "the history says so").blocked_at
        commit()


def _scans(history: History, verdicts: tuple[str, ...], way: str) -> list[tuple[Ticket, UUID]]:
    """Return what was written down with such a verdict, and the ticket of each."""
    by_code = history.book.tickets
    return [
        (by_code[entry.said[0]], key) for key, entry in history.book.scans.items()
        if entry.verdict in verdicts and entry.said[0] in by_code and entry.said[1] == way
    ]  # fmt: skip


def take_back(history: History) -> None:
    """Undo an admission, once."""
    found = _scans(history, ("admitted", "offline_admitted"), "in")
    found = [(ticket, key) for ticket, key in found if key not in ticket.undone]
    if not found:
        return
    ticket, key = history.chance.choice(found)
    with history.evening.house.scope("gate_supervisor"):
        undo(rows(Scan).get(key), "the history says so")
        commit()
    ticket.undone.add(key)


def let_in(history: History) -> None:
    """Let in after a refusal, once."""
    refused = ("duplicate", "already_inside", "no_reentry", "void", "wrong_zone", "blocked", "too_late")
    known = {fact.source for ticket in history.tickets for fact in ticket.facts if fact.kind == "over"}
    found = [one for one in _scans(history, refused, "in") if one[1] not in known]
    if not found:
        return
    ticket, key = history.chance.choice(found)
    before = now()
    with history.evening.house.scope("gate_supervisor"):
        scan = rows(Scan).get(key)
        made, place = override(scan, "the history says so"), scan.gate_id
        device, number, name = scan.device_id, scan.sequence, made.id
        commit()
    gate = next(one for one in history.gates if one.id == place)
    ticket.facts.append(Fact(name, "over", device, number, gate, 1, key, before, now()))


def move(history: History) -> None:
    """Give a phone another gate; it hears of it, or goes on with the old one."""
    steward = history.chance.choice(history.stewards)
    gate = history.chance.choice(history.gates)
    with history.evening.house.scope("gate_supervisor"):
        rows(Device).get(steward.phone.id).gate_id = gate.id
        commit()
    if steward.online:
        steward.gate = gate


def revoke(history: History) -> None:
    """Take a phone out of service, lost or not, and pair another in its place."""
    place = history.chance.randrange(len(history.stewards))
    steward = history.stewards[place]
    with history.evening.house.scope("gate_supervisor"):
        retire(rows(Device).get(steward.phone.id), lost=history.chance.random() < 0.5)
        commit()
    steward.retired = True
    history.gone.append(steward)
    history.stewards[place] = history.pair()


def settle(history: History, refuses: bool = True) -> None:
    """Decide about the batches that wait in quarantine."""
    with history.evening.house.scope("gate_supervisor"):
        for batch in rows(ScanBatch).filter_by(event_id=history.evening.event_id, state="quarantined"):
            decide(batch, not refuses or history.chance.random() < 0.6, "the history says so")
        commit()


def lie(history: History) -> None:
    """Have a phone send something else under the number of a scan that it has sent: refused, and nothing changes."""
    steward: Steward = history.chance.choice(history.stewards)
    mine = [entry for entry in history.book.scans.values() if entry.device == steward.phone.id]
    if not mine:
        return
    number = history.chance.choice(mine).number
    body = {**steward.scan(history.chance.choice(history.tickets).code, "in", None, True), "sequence": max(number, 0)}
    if (steward.phone.id, body["sequence"]) in history.book.places:
        assert history.ask(steward, {**body, "scan_id": str(uuid4())}) == "sequence_conflict"


def end(history: History) -> None:
    """End the day, before its time."""
    with history.evening.house.scope("manager"):
        made = end_day(rows(Day).get(history.evening.day_id))
        commit()
        if made is not None:
            history.book.ends.append(made.effective_at)
