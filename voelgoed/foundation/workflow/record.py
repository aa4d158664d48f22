"""The journal of one run: what is written, what is still to be committed, and what it says."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from voelgoed.foundation.clock import now
from voelgoed.foundation.database import db
from voelgoed.foundation.workflow.answers import Done, Failed, Outcome
from voelgoed.foundation.workflow.journal import WorkflowOutcome, WorkflowRun, WorkflowStep
from voelgoed.foundation.workflow.plan import Unit

Place = tuple[str, int | None]


@dataclass(frozen=True)
class Line:
    """One line of the journal."""

    place: Place
    kind: str
    attempt: int
    result: Any
    reason: str | None
    at: datetime


@dataclass
class Journal:
    """A run's lines, those of the open transaction included; read again after a rollback."""

    run: WorkflowRun
    lines: list[Line] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.run_id = self.run.id  # known without a look at the database, whatever was rolled back

    @classmethod
    def read(cls, run_id: UUID, fresh: bool = False) -> Journal:
        """Read a run with its lines, of which a fresh one has none; raises NoResultFound."""
        run = db.session.scalars(select(WorkflowRun).where(WorkflowRun.id == run_id)).one()
        if fresh:
            return cls(run)
        steps = select(WorkflowStep).where(WorkflowStep.run_id == run_id).order_by(WorkflowStep.position)
        found = db.session.scalars(steps)
        return cls(run, [_line(row) for row in found])

    def write(self, unit: Unit, kind: str, *, attempt: int = 1, result: Any = None, reason: str | None = None) -> None:
        """Add a line to the open transaction."""
        self.add((unit.step.name, unit.item), kind, attempt, result, reason)

    def add(self, place: Place, kind: str, attempt: int = 1, result: Any = None, reason: str | None = None) -> None:
        """Add a line about a place to the open transaction."""
        row = WorkflowStep(
            run_id=self.run_id, position=len(self.lines) + 1, step=place[0], item=place[1],
            kind=kind, attempt=attempt, result=result, reason=reason, created_at=now(),
        )  # fmt: skip
        self.lines.append(_line(row))
        db.session.add(row)

    def of(self, unit: Unit) -> list[Line]:
        """Return the lines of a unit."""
        return self.at((unit.step.name, unit.item))

    def at(self, place: Place) -> list[Line]:
        """Return the lines of a place."""
        return [line for line in self.lines if line.place == place]

    def since_asked(self, unit: Unit) -> list[Line]:
        """Return the lines of a unit since a person last sent it on its way."""
        lines = self.of(unit)
        asked = [number for number, line in enumerate(lines, 1) if line.kind == "asked"]
        return lines[asked[-1] :] if asked else lines

    def done(self, unit: Unit) -> Line | None:
        """Return the line with a unit's result."""
        return next((line for line in self.of(unit) if line.kind == "done"), None)

    def failure(self) -> Line | None:
        """Return the line that turned the run round: from there on it only undoes."""
        return next((line for line in self.lines if line.kind in ("failed", "refused")), None)

    def may_have_happened(self, unit: Unit) -> bool:
        """Say whether a unit's work stands, or could: whoever refused every attempt did nothing."""
        kinds = [line.kind for line in self.of(unit)]
        if "undone" in kinds or "intent" not in kinds:
            return "done" in kinds and "undone" not in kinds
        refused = kinds[-1] == "refused" and kinds.count("intent") == 1
        return not refused


def _line(row: WorkflowStep) -> Line:
    return Line((row.step, row.item), row.kind, row.attempt, row.result, row.reason, row.created_at)


def outcome_of(run_id: UUID) -> Outcome | None:
    """Return how a run ended, or None while it has not."""
    row = db.session.scalars(select(WorkflowOutcome).where(WorkflowOutcome.run_id == run_id)).one_or_none()
    if row is None:
        return None
    return Done(row.results or {}) if row.kind == "done" else Failed(str(row.step), str(row.reason))


def write_outcome(run_id: UUID, outcome: Outcome) -> None:
    """Write how a run ends with the open transaction."""
    if isinstance(outcome, Done):
        row = WorkflowOutcome(run_id=run_id, kind="done", results=dict(outcome.results))
    else:
        row = WorkflowOutcome(run_id=run_id, kind="failed", step=outcome.step, reason=outcome.reason)
    db.session.add(row)
