"""A workflow as a drawing (Mermaid): what needs what, what leaves the house, what is undone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from voelgoed.foundation.calling import parameters
from voelgoed.foundation.workflow.answers import Pending, Person
from voelgoed.foundation.workflow.values import says

if TYPE_CHECKING:
    from voelgoed.foundation.workflow.declaration import Step, Workflow


def mermaid(workflow: Workflow[Any]) -> str:
    """Draw a workflow as a Mermaid flowchart: rounded steps are external, dotted arrows lead to undos.

    What cannot be undone has a double frame.
    """
    workflow.verify()
    lines = [f"%% {workflow.name}, version {workflow.version}", "flowchart TD"]
    lines += [f"  inputs[/{', '.join(workflow.fields)}/]"]
    for step in workflow.steps.values():
        lines += [f"  {step.name}{_shape(step)}", *_edges(step), *_undo(step)]
    return "\n".join(lines) + "\n"


def _shape(step: Step[..., Any]) -> str:
    label = "<br>".join([step.name, *_said(step)])
    if step.irreversible:
        return f'[["{label}"]]'
    return f'(["{label}"])' if step.external else f'["{label}"]'


def _said(step: Step[..., Any]) -> Iterator[str]:
    if step.each:
        yield f"each of {step.each}"
    if step.external:
        yield f"external if {step.external.__name__.strip('<>')}" if callable(step.external) else "external"
    if step.irreversible:
        yield "irreversible"
    if step.retries:
        yield f"up to {step.retries} retries"
    if says(step.function, Pending):
        yield f"waits, at most {step.patience:g} s" if step.patience else "waits"
    if step.on_error is not None and says(step.on_error, Person):
        yield "may ask a person"


def _edges(step: Step[..., Any]) -> Iterator[str]:
    wanted = [*parameters(step.function), *([step.each] if step.each else [])]
    above = [name for name in step.workflow.steps if name in wanted]
    given = [name for name in step.workflow.fields if name in wanted]
    if given or not (above or step.after):
        yield f"  inputs -->|{', '.join(given)}| {step.name}" if given else f"  inputs --> {step.name}"
    yield from (f"  {name} --> {step.name}" for name in above)
    yield from (f"  {one.name} -.->|then| {step.name}" for one in step.after if one.name not in above)


def _undo(step: Step[..., Any]) -> Iterator[str]:
    if step.on_undo is not None:
        yield f"  {step.name} -.-o {step.name}_undo[\\{step.on_undo.__name__}\\]"
