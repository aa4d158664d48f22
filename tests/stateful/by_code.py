"""What supervisors do on phones without network in a history at a gate, by the day's code or by guessing it."""

from __future__ import annotations

from uuid import UUID

from tests.scanning.by_code import Code, day_code, deed, key_of
from tests.scanning.evening import Evening
from tests.stateful.gate_play import History
from tests.stateful.pending import GOES
from tests.stateful.phones import Kept
from voelgoed.foundation.clock import now

_codes: dict[UUID, tuple[Code, bytes]] = {}


def _code(evening: Evening) -> tuple[Code, bytes]:
    """Return the evening's code and its key; hashing it takes its time, so it is done once."""
    if evening.event_id not in _codes:
        made = day_code(evening)
        _codes[evening.event_id] = (made, key_of(made))
    return _codes[evening.event_id]


def decide_here(history: History) -> None:
    """Have a supervisor decide about one of the last things that a phone has said, by the code or by a guess."""
    steward = history.chance.choice(history.stewards)
    open_ = [one for one in steward.said[-6:] if one[0]["scan_id"] not in steward.decided]
    if not open_:
        return
    body, verdict, ticket = history.chance.choice(open_)
    code, key = _code(history.evening)
    kind = "undo" if verdict in GOES else "override"
    guessed = history.chance.random() < 0.15
    made = deed(
        b"a guess" if guessed else key, code, kind, body["scan_id"],
        done_at=(now() + steward.skew).isoformat(), clock_offset_ms=steward.offset_ms,
        bodies=history.chance.choice((1, 1, 2)) if kind == "override" else 1,
    )  # fmt: skip
    steward.decided.add(body["scan_id"])
    steward.unsent.append(Kept(made, proven=not guessed))
    if ticket is not None and not guessed:
        steward.inside[ticket.id] = kind == "override"
