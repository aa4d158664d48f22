"""What a workflow leaves behind: the run, its steps, its outcome, and its call for a person."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from sqlalchemy.orm import Mapped

from voelgoed.foundation import schema
from voelgoed.foundation.resource import Resource, choice, identifier, integer, json_value, refers, related, text


class WorkflowRun(
    Resource,
    append_only="states who asked for what and when; how it went is rows of its own",
    unique=(("workflow", "key"),),
):
    """One run of a workflow, asked for once under its key."""

    workflow: Mapped[str] = text(80)
    version: Mapped[int] = integer()
    key: Mapped[str] = text(200)
    inputs: Mapped[dict[str, object]] = json_value(nullable=False)
    inputs_hash: Mapped[str] = text(64)
    actor_kind: Mapped[str] = text(20)
    actor_id: Mapped[UUID | None] = identifier()
    actor_label: Mapped[str] = text(200)


class WorkflowStep(
    Resource,
    append_only="each row names its run, step and attempt; the next thing that happens is the next row",
    unique=(("run_id", "position"),),
):
    """One line of a run's journal. Two engines at one run collide on `position`."""

    run_id: Mapped[UUID] = refers("workflow_run")
    run: Mapped[WorkflowRun] = related("run_id", "WorkflowRun")
    position: Mapped[int] = integer()
    step: Mapped[str] = text(80)
    item: Mapped[int | None] = integer(nullable=True)  # index in what `each` names
    kind: Mapped[str] = choice(
        "intent", "pending", "done", "retry", "asked", "failed", "refused", "undone", "undo_failed"
    )
    attempt: Mapped[int] = integer(default=1)
    result: Mapped[object] = json_value()
    reason: Mapped[str | None] = text(500, nullable=True)


class WorkflowOutcome(Resource, append_only="a run ends once", unique=(("run_id",),)):
    """How a run ended: done with results, or failed with step and reason."""

    run_id: Mapped[UUID] = refers("workflow_run")
    run: Mapped[WorkflowRun] = related("run_id", "WorkflowRun")
    kind: Mapped[str] = choice("done", "failed")
    results: Mapped[dict[str, object] | None] = json_value()
    step: Mapped[str | None] = text(80, nullable=True)
    reason: Mapped[str | None] = text(500, nullable=True)


class RunStuck(Resource, unique=(("run_id",),)):
    """A run that needs a person: forward to say a step's result, back because its undo keeps failing.

    The person's deed deletes this row.
    """

    run_id: Mapped[UUID] = refers("workflow_run")
    run: Mapped[WorkflowRun] = related("run_id", "WorkflowRun")
    direction: Mapped[str] = choice("forward", "back", default="back")
    step: Mapped[str] = text(80)
    item: Mapped[int | None] = integer(nullable=True)  # index in what `each` names
    reason: Mapped[str] = text(500)


schema.also(Path(__file__).parent / "door.sql")
