"""What a workflow must be like, checked while it is imported: a wrong one never starts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from inspect import Parameter
from typing import TYPE_CHECKING, Any

from pydantic.errors import PydanticUserError

from voelgoed.foundation.calling import adapter, hints, parameters
from voelgoed.foundation.workflow import values
from voelgoed.foundation.workflow.answers import Pending, Person

if TYPE_CHECKING:
    from voelgoed.foundation.workflow.declaration import Step, Workflow

NAMED = (Parameter.POSITIONAL_OR_KEYWORD, Parameter.KEYWORD_ONLY)


class WorkflowError(ValueError):
    """A workflow is declared wrongly; the message names workflow, step and fault."""


def _refuse(step: Step[..., Any], fault: str) -> WorkflowError:
    return WorkflowError(f"{step.workflow.name}.{step.name}: {fault}")


def inputs(workflow: Workflow[Any]) -> None:
    """Check the names of the inputs; raises WorkflowError."""
    for name in workflow.fields:
        if name in values.SUPPLIED:
            raise WorkflowError(f"{workflow.name}: the input {name} has a name that the engine supplies")


def declared(step: Step[..., Any]) -> None:
    """Check a step against what stands above it; raises WorkflowError."""
    above = (*step.workflow.fields, *step.workflow.steps)
    if step.name in above or step.name in values.SUPPLIED:
        raise _refuse(step, "the name is taken by an input, another step or the engine")
    if step.item is not None and (step.item in above or step.item in values.SUPPLIED):
        raise _refuse(step, f"the item's name {step.item} is taken: say item=")
    if step.each is not None and step.each not in above:
        raise _refuse(step, f"each={step.each!r} names neither an input nor a step above")
    if stranger := [one.name for one in step.after if one.name not in step.workflow.steps]:
        raise _refuse(step, f"after names {stranger[0]}, which does not stand above")
    if step.retries < 0:
        raise _refuse(step, "retries cannot be negative")
    if callable(step.external):
        _names(step, step.external, _selecting(step), "external")
    _names(step, step.function, _known(step, "idempotency_key", "attempt"), "the step")
    _types(step, step.function)
    _waiting(step)


def _waiting(step: Step[..., Any]) -> None:
    may_wait = values.says(step.function, Pending)
    if may_wait and not step.external:
        raise _refuse(step, "it returns Pending, but only an external step can be waited for")
    if step.patience is None:
        return
    if step.patience <= 0:
        raise _refuse(step, "patience must be positive")
    if not may_wait:
        raise _refuse(step, "it has patience, but nothing says that it may return Pending")


def _known(step: Step[..., Any], *supplied: str) -> list[str]:
    steps = list(step.workflow.steps)
    above = steps[: steps.index(step.name)] if step.name in steps else steps
    return [*step.workflow.fields, *above, *([step.item] if step.item else []), *supplied]


def _selecting(step: Step[..., Any]) -> list[str]:
    """What an external predicate may name: it is asked before the run begins."""
    item = [step.item] if step.item and step.each in step.workflow.fields else []
    return [*step.workflow.fields, *item]


def _names(step: Step[..., Any], function: Callable[..., Any], known: Iterable[str], what: str) -> None:
    for name, parameter in parameters(function).items():
        if parameter.kind not in NAMED:
            raise _refuse(step, f"{what} takes {parameter}, but parameters are names")
        if name not in known:
            raise _refuse(step, f"{what} names {name}, which is not known there (of: {', '.join(known)})")


def _types(step: Step[..., Any], function: Callable[..., Any]) -> None:
    """A journal holds JSON values: an annotation that is none, such as an ORM class, is refused."""
    try:
        said = hints(function)
    except NameError as unknown:
        raise _refuse(step, f"its annotations cannot be read: {unknown}") from None
    if not step.workflow.journal:
        return
    for name, annotation in said.items():
        if name != "error":
            _json(step, name, annotation)


def _json(step: Step[..., Any], name: str, annotation: Any) -> None:
    try:
        adapter(annotation)
    except PydanticUserError:
        raise _refuse(step, f"{name}: {annotation} is no JSON value") from None


def compensation(step: Step[..., Any], function: Callable[..., Any]) -> None:
    """Check the function that answers a step's error; raises WorkflowError."""
    if step.on_error is not None:
        raise _refuse(step, "it has a compensation already")
    _names(step, function, _known(step, *values.SUPPLIED), "its compensation")
    if not step.external and values.says(function, Person):
        raise _refuse(step, "its compensation asks a Person, but of local work none stands: nothing is to be decided")


def undoing(step: Step[..., Any], function: Callable[..., Any]) -> None:
    """Check the function that undoes a step; raises WorkflowError."""
    if step.on_undo is not None:
        raise _refuse(step, "it has an undo already")
    if not step.workflow.journal:
        raise _refuse(step, "it has an undo, but without a journal the caller's rollback is the undo")
    if step.no_undo:
        raise _refuse(step, f"it has an undo, though it says that it needs none: {step.no_undo}")
    own = [] if step.external else [step.name]
    if step.name in parameters(function) and not own:
        raise _refuse(step, "its undo names its result, but a charge that timed out has none: undo by key")
    if values.says(function, Pending):
        raise _refuse(step, "its undo returns Pending, but is not waited for: let it raise until it is done")
    _names(step, function, _known(step, "idempotency_key", "attempt", *own), "its undo")
    _types(step, function)


def whole(workflow: Workflow[Any]) -> None:
    """Check what only the whole shows; raises WorkflowError."""
    steps = list(workflow.steps.values())
    if not steps:
        raise WorkflowError(f"{workflow.name}: it has no steps")
    for number, step in enumerate(steps):
        _external(step, later=steps[number + 1 :])
        if not step.external and any(one.external for one in steps[number + 1 :]):
            _local_before_external(step)


def _external(step: Step[..., Any], later: list[Step[..., Any]]) -> None:
    if step.external and not step.workflow.journal:
        raise _refuse(step, "it is external, but without a journal nothing could be undone")
    if step.external and not step.irreversible and step.on_undo is None:
        raise _refuse(step, "it is external and has no undo (or irreversible=True)")
    if not step.irreversible:
        return
    if not step.external or step.on_undo is not None:
        raise _refuse(step, "irreversible is for an external step that has no undo")
    if step.each is not None:
        raise _refuse(step, "it is irreversible for each of several: the second may fail after the first")
    if later:
        raise _refuse(step, f"it is irreversible, but {later[0].name} may fail after it")


def _local_before_external(step: Step[..., Any]) -> None:
    if step.on_undo is None and not step.no_undo:
        raise _refuse(step, "it commits before an external step: give it an undo, or say no_undo='why'")
