"""The OpenAPI 3.1 document of the JSON API, made from what the calls declare."""

from __future__ import annotations

import re
from functools import cache
from http import HTTPStatus
from importlib.metadata import version
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from voelgoed.foundation.web import PUBLIC, Answer, Api, Json
from voelgoed.foundation.web.api import Operation, operations

REF = "#/components/schemas/{model}"
PROBLEM = {
    "description": "Refused (RFC 9457)",
    "content": {"application/problem+json": {"schema": {"$ref": REF.format(model="Problem")}}},
}
PROBLEM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string", "description": "A short stable word"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}},
    },
}
KINDS = {"uuid": {"type": "string", "format": "uuid"}, "int": {"type": "integer"}}

api = Api("openapi", __name__)
Schemas = dict[Any, Any]


@api.call("GET", "/openapi.json", allow=PUBLIC, answers={200: None})
def document() -> Answer:
    """Describe every call of this API."""
    return Json(described())


@cache
def described() -> dict[str, Any]:
    """Return the document."""
    schemas, definitions = _schemas()
    paths: dict[str, dict[str, Any]] = {}
    for one in operations:
        path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", one.rule)
        paths.setdefault(path, {})[one.method.lower()] = _operation(one, schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": "VoelgoedEvents", "version": version("voelgoed")},
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": {"Problem": PROBLEM_SCHEMA, **definitions},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _schemas() -> tuple[Schemas, dict[str, Any]]:
    wanted: list[tuple[type[BaseModel], JsonSchemaMode]] = []
    for one in operations:
        wanted += [(model, "validation") for model in (one.body, one.query) if model]
        wanted += [(model, "serialization") for model in one.answers.values() if model]
    schemas, definitions = models_json_schema(list(dict.fromkeys(wanted)), ref_template=REF)
    return schemas, definitions.get("$defs", {})


def _operation(one: Operation, schemas: Schemas) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": one.name,
        "summary": one.summary,
        "parameters": [*_path_parameters(one.rule), *_query_parameters(one.query)],
        "responses": {**_answers(one, schemas), **_refusals(one)},
    }
    if one.body:
        schema = schemas[one.body, "validation"]
        described["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    if one.allow != PUBLIC:
        described["security"] = [{"token": []}]
    return described


def _path_parameters(rule: str) -> list[dict[str, Any]]:
    found = re.findall(r"<(?:(\w+):)?(\w+)>", rule)
    return [
        {"name": name, "in": "path", "required": True, "schema": KINDS.get(kind, {"type": "string"})}
        for kind, name in found
    ]


def _query_parameters(model: type[BaseModel] | None) -> list[dict[str, Any]]:
    if model is None:
        return []
    schema = model.model_json_schema(ref_template=REF)
    required = schema.get("required", ())
    return [
        {"name": name, "in": "query", "required": name in required, "schema": said}
        for name, said in schema["properties"].items()
    ]


def _answers(one: Operation, schemas: Schemas) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    for status, model in one.answers.items():
        answers[str(status)] = {"description": HTTPStatus(status).phrase}
        if status != HTTPStatus.NO_CONTENT:
            schema = schemas[model, "serialization"] if model else {}
            answers[str(status)]["content"] = {"application/json": {"schema": schema}}
    return answers


def _refusals(one: Operation) -> dict[str, Any]:
    statuses = [401, 403] if one.allow != PUBLIC else []
    statuses += [404] if "<" in one.rule else []
    statuses += [400, 413, 415, 422] if one.body else [422] if one.query else []
    declared = {str(status) for status in one.answers}
    return {str(status): PROBLEM for status in sorted(statuses) if str(status) not in declared} | {"default": PROBLEM}
