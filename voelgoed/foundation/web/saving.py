"""Saving what a form said: what only the database can refuse becomes an error at its field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from pydantic import BaseModel
from sqlalchemy.exc import IntegrityError

from voelgoed.foundation.database import db
from voelgoed.foundation.resource import Resource
from voelgoed.foundation.web.form import Form

Refusals = Mapping[str, tuple[str, str | None]]
"""Name of a constraint, or an SQLSTATE → the field that it is about, and the words; None: the database's own."""


def fill(row: Resource, model: BaseModel, *without: str) -> None:
    """Set a row's fields from those of a form's model."""
    for name, value in model.model_dump(exclude=set(without)).items():
        setattr(row, name, value)


@contextmanager
def saving(form: Form[Any], refusals: Refusals) -> Iterator[None]:
    """Write what is done inside; when a named constraint refuses it, all of it is undone and the form says why.

    Raises what no entry of `refusals` names: that is a fault of the code, not of the person.
    """
    try:
        with db.session.begin_nested():
            yield
            db.session.flush()
    except IntegrityError as error:
        told = getattr(error.orig, "diag", None)
        refusal = refusals.get(getattr(told, "constraint_name", "")) or refusals.get(getattr(told, "sqlstate", ""))
        if refusal is None:
            raise
        field, words = refusal
        form.refuse(field, words or str(getattr(told, "message_primary", "")))
