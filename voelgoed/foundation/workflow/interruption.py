"""Where a run can be interrupted: each place passes a named point, and a declaration tells them all.

A step's points begin with its name, as in `complete_checkout.charge.called`; those of the run itself with
`complete_checkout.run`. The bare `complete_checkout.charge` stands right before its work.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from voelgoed.foundation.points import point
from voelgoed.foundation.workflow import values
from voelgoed.foundation.workflow.answers import Pending, Person

if TYPE_CHECKING:
    from voelgoed.foundation.workflow.declaration import Step, Workflow
    from voelgoed.foundation.workflow.plan import Unit

COMMIT = ("before_commit", "after_commit")


def mark(unit: Unit, what: str) -> None:
    """Pass a point of a unit's step."""
    point(f"{unit.step.workflow.name}.{unit.step.name}.{what}")


def points_of(workflow: Workflow[Any]) -> list[str]:
    """Name every point at which a run of this workflow can be interrupted: forward in order, then back.

    A run passes those on its way, a step's once for each item and attempt; besides, each commit passes
    `boundary.before_commit` and `boundary.after_commit`, and each claim `outbox.claimed`.
    """
    steps = list(workflow.steps.values())
    if not workflow.journal:
        return [f"{workflow.name}.{step.name}" for step in steps]
    forward = [name for step in steps for name in _forward(step)]
    back = [name for step in reversed(steps) for name in _back(step)] if _goes_outside(steps) else []
    turn = ["run.turning", "run.turned"] if _may_turn(steps) else []
    names = ["run.read", *forward, *turn, *back, "run.ending", "run.ended"]
    return [f"{workflow.name}.{name}" for name in names]


def _forward(step: Step[..., Any]) -> Iterator[str]:
    if not step.external:
        yield step.name
        return
    yield from _committed(step, "intent")
    yield step.name
    yield f"{step.name}.called"
    if values.says(step.function, Pending):
        yield from _committed(step, "pending")
    yield from _committed(step, "judgement")
    if step.on_error is not None and values.says(step.on_error, Person):
        yield from _committed(step, "asked")
    yield from _committed(step, "result")


def _back(step: Step[..., Any]) -> Iterator[str]:
    if step.on_undo is not None:
        yield f"{step.name}.undo.before"
        yield f"{step.name}.undo.called"
        yield from _committed(step, "undo")
        yield from _committed(step, "undo_failed")


def _committed(step: Step[..., Any], what: str) -> Iterator[str]:
    return (f"{step.name}.{what}.{side}" for side in COMMIT)


def _goes_outside(steps: list[Step[..., Any]]) -> bool:
    return any(step.external for step in steps)


def _may_turn(steps: list[Step[..., Any]]) -> bool:
    """Whether local work may fail after something was committed: an external failure turns by its judgement."""
    outside = [number for number, step in enumerate(steps) if step.external]
    if not outside:
        return False
    first = steps[outside[0]]
    mixed = callable(first.external) and first.each is not None
    later = steps[outside[0] + 1 :]
    return mixed or any(not step.external or callable(step.external) for step in later)
