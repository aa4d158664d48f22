"""How values travel between steps: as JSON, written by one annotation and read by the next."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Callable, Mapping
from functools import cache
from inspect import Parameter, signature
from typing import TYPE_CHECKING, Any, get_type_hints

from pydantic import BaseModel, TypeAdapter

from voelgoed.foundation.points import point

if TYPE_CHECKING:
    from voelgoed.foundation.workflow.declaration import Step

SUPPLIED = ("idempotency_key", "attempt", "error")
"""Names that the engine itself gives; `error` only to compensations and undos."""


def fields(inputs: type[Any]) -> tuple[str, ...]:
    """Return the names of the fields of a dataclass or a pydantic model; raises TypeError for others."""
    if dataclasses.is_dataclass(inputs):
        return tuple(field.name for field in dataclasses.fields(inputs))
    if issubclass(inputs, BaseModel):
        return tuple(inputs.model_fields)
    raise TypeError(f"{inputs!r} is neither a dataclass nor a pydantic model")


@cache
def hints(function: Callable[..., Any]) -> Mapping[str, Any]:
    """Return the annotations of a function, resolved."""
    return get_type_hints(function)


@cache
def parameters(function: Callable[..., Any]) -> Mapping[str, Parameter]:
    """Return the parameters of a function by name."""
    return signature(function).parameters


@cache
def adapter(annotation: Any) -> TypeAdapter[Any]:
    """Return what writes and reads values of an annotation; raises for what is no JSON value."""
    return TypeAdapter(annotation)


def plain(value: Any, annotation: Any = Any) -> Any:
    """Return a value as JSON holds it; raises for what JSON cannot hold, such as ORM objects."""
    return adapter(annotation).dump_python(value, mode="json")


def fingerprint(value: Any) -> str:
    """Hash a JSON value, whatever the order of its keys."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def result(function: Callable[..., Any], value: Any) -> Any:
    """Return what a step returned, as its annotation writes it into the journal."""
    return plain(value, hints(function).get("return", Any))


def call_with(function: Callable[..., Any], known: Mapping[str, Any]) -> Callable[[], Any]:
    """Bind a function to the JSON values that its parameters name, each read by its annotation."""
    said = hints(function)
    bound = {
        name: known[name] if name == "error" else adapter(said.get(name, Any)).validate_python(known[name])
        for name in parameters(function)
    }
    return lambda: function(**bound)


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
