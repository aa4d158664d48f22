"""Checkers of the gate: G1, G3 to G7."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import text
from sqlalchemy.orm import Session

from voelgoed.foundation.checks import checker
from voelgoed.scanning.fold_again import differing

SQL = Path(__file__).parent / "sql"
SAID = {
    "G1": "A pass enters once per entry and move, and has one open admission at most",
    "G3": "Each device's sequence stands once, and no answered scan lacks its device",
    "G4": "Admissions and conflicts are the fold of the facts, in whatever order these came",
    "G5": "Bodies, tickets and holders inside are the recount of the admissions, per day and zone",
    "G6": "A scan of a void or blocked ticket is one conflict, never an admission",
    "G7": "No scan of a batch is effective before its device was paired or after it came",
}


def _count(code: str) -> None:
    statement = text((SQL / f"check_{code.lower()}.sql").read_text())

    @checker(code, SAID[code])
    def count(session: Session) -> int:
        found = int(session.execute(statement).scalar_one())
        return found + differing(session) if code == "G4" else found


def register() -> None:
    """Register all of them; again changes nothing."""
    for code in SAID:
        _count(code)
