"""What a run has to do: its units of work, one after the other, and what each may know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import NoneType
from typing import Any, TypeVar
from uuid import UUID

from voelgoed.foundation.calling import call_with, hints
from voelgoed.foundation.workflow.declaration import Step, Workflow

I = TypeVar("I")  # noqa: E741
Known = dict[str, Any]


@dataclass(frozen=True)
class Unit:
    """A step, or one item of a step that is done for each of several."""

    step: Step[..., Any]
    item: int | None
    known: Known  # inputs, results above, and the item under its name
    external: bool

    @property
    def name(self) -> str:
        """How people see it: `charge`, or `charge 2` for the second of several."""
        return self.step.name if self.item is None else f"{self.step.name} {self.item + 1}"

    def key(self, run_id: UUID) -> str:
        """The idempotency key under which the other side knows this work, at every attempt."""
        return f"{run_id}:{self.step.name}" + ("" if self.item is None else f":{self.item}")


def units_of(step: Step[..., Any], known: Known) -> Iterator[Unit]:
    """Return the units of a step; all that stands above it must be known."""
    if step.each is None:
        yield Unit(step, None, known, _external(step, known))
        return
    for number, item in enumerate(known[step.each]):
        has = {**known, str(step.item): item}
        yield Unit(step, number, has, _external(step, has))


def ends_before(workflow: Workflow[Any], step: Step[..., Any]) -> bool:
    """Say whether a step that is not journaled is done last of all, after the run's outcome is written.

    A last step without a result is: it may hold rows that everybody wants.
    """
    final = step.name == list(workflow.steps)[-1]
    return final and step.each is None and hints(step.function).get("return") is NoneType


def goes_outside(workflow: Workflow[Any], inputs: Known) -> bool:
    """Say whether these inputs select an external step; if not, the whole run is one transaction."""
    return any(_may_go_outside(step, inputs) for step in workflow.steps.values() if step.external)


def _may_go_outside(step: Step[..., Any], inputs: Known) -> bool:
    if not callable(step.external) or (step.each is not None and step.each not in inputs):
        return True
    return any(unit.external for unit in units_of(step, inputs))


def _external(step: Step[..., Any], known: Mapping[str, Any]) -> bool:
    return bool(call_with(step.external, known)()) if callable(step.external) else step.external
