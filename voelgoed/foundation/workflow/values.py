"""How values travel through a workflow: as JSON when there is a journal, as they are when there is none."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any, Union, get_args

from pydantic import BaseModel

from voelgoed.foundation.calling import hints, parameters, plain
from voelgoed.foundation.points import point
from voelgoed.foundation.workflow.answers import Pending, Undecided

if TYPE_CHECKING:
    from voelgoed.foundation.workflow.declaration import Step

SUPPLIED = ("idempotency_key", "attempt", "error")
"""Names that the engine itself gives; `error` only to compensations."""


def fields(inputs: type[Any]) -> tuple[str, ...]:
    """Return the names of the fields of a dataclass or a pydantic model; raises TypeError for others."""
    if dataclasses.is_dataclass(inputs):
        return tuple(field.name for field in dataclasses.fields(inputs))
    if issubclass(inputs, BaseModel):
        return tuple(inputs.model_fields)
    raise TypeError(f"{inputs!r} is neither a dataclass nor a pydantic model")


def result(function: Callable[..., Any], value: Any) -> Any:
    """Return what a step returned, as its annotation writes it into the journal."""
    if isinstance(value, Pending):
        raise Undecided("it answered Pending, but only work outside can be waited for")
    return plain(value, result_type(function))


@cache
def result_type(function: Callable[..., Any]) -> Any:
    """Return the annotation of a step's result: what it returns when it does not return Pending."""
    said = hints(function).get("return", Any)
    kinds = get_args(said)
    return Union[tuple(kind for kind in kinds if kind is not Pending)] if Pending in kinds else said  # noqa: UP007


def says(function: Callable[..., Any], answer: type[Any]) -> bool:
    """Say whether a function's annotation names this answer among what it returns."""
    said = hints(function).get("return")
    return said is answer or answer in get_args(said)


def perform_here(step: Step[..., Any], known: dict[str, Any]) -> Any:
    """Do a step in the caller's transaction with the very objects; its result becomes known."""
    point(f"{step.workflow.name}.{step.name}")
    wanted = parameters(step.function)
    if step.each is None:
        known[step.name] = step.function(**{name: known[name] for name in wanted})
    else:
        items = [known | {str(step.item): one} for one in known[step.each]]
        known[step.name] = [step.function(**{name: has[name] for name in wanted}) for has in items]
    return known[step.name]
