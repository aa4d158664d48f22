"""Calling a function with JSON values: each is read by the annotation of the parameter it is for."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from functools import cache
from inspect import Parameter, signature
from typing import Any, get_type_hints

from pydantic import TypeAdapter


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
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def call_with(function: Callable[..., Any], known: Mapping[str, Any], **given: Any) -> Callable[[], Any]:
    """Bind a function to those of the known JSON values that its parameters name; `given` as they are."""
    said = hints(function)
    bound = {
        name: given[name] if name in given else adapter(said.get(name, Any)).validate_python(known[name])
        for name, parameter in parameters(function).items()
        if name in given or name in known or parameter.default is Parameter.empty
    }
    return lambda: function(**bound)
