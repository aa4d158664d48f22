"""Forms: what a person typed, checked by a pydantic model, with its errors at the fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError
from werkzeug.datastructures import MultiDict

M = TypeVar("M", bound=BaseModel)

NULL = "This cannot hold a null character."
WORDS = {
    "missing": "This is needed.",
    "string_too_short": "This is needed.",
    "too_short": "This is needed.",
    "literal_error": "Choose one of the list.",
    "string_too_long": "At most {max_length} characters.",
    "int_parsing": "A whole number.",
    "int_type": "A whole number.",
    "int_from_float": "A whole number.",
    "greater_than_equal": "At least {ge}.",
    "greater_than": "More than {gt}.",
    "less_than_equal": "At most {le}.",
    "less_than": "Less than {lt}.",
    "uuid_parsing": "Choose one of the list.",
    "date_from_datetime_parsing": "A date, like 2026-11-24.",
    "date_parsing": "A date, like 2026-11-24.",
    "time_parsing": "A time, like 17:00.",
    "datetime_from_date_parsing": "A date and time.",
    "extra_forbidden": "This field is not known.",
}


class Form(Generic[M]):
    """Values as typed, errors by field, and the parsed model when there are none.

    A template reads `form.values[name]` and `form.errors[name]` (a list of messages); a view tests `form.ok`.
    """

    def __init__(self, values: Mapping[str, Any], model: M | None, errors: dict[str, list[str]]) -> None:
        self.values, self._model, self.errors = dict(values), model, errors

    @property
    def ok(self) -> bool:
        """Say whether everything that was typed is right."""
        return self._model is not None and not self.errors

    @property
    def model(self) -> M:
        """Return the parsed model; only when `ok`."""
        if self._model is None:
            raise LookupError("the form has errors")
        return self._model

    def refuse(self, field: str, message: str) -> None:
        """Add an error that only the database or another row could tell."""
        self.errors.setdefault(field, []).append(message)


def blank(**values: Any) -> Form[Any]:
    """Return a form as it stands before anything was typed, with the present values."""
    return Form(values, None, {})


def read(model: type[M], sent: MultiDict[str, str], lists: tuple[str, ...] = ()) -> Form[M]:
    """Read a form: surrounding blanks are cut, empty fields are absent, fields named in `lists` are lists."""
    values: dict[str, Any] = {key: sent.get(key, "").strip() for key in sent if key not in lists}
    values |= {key: [value for value in sent.getlist(key) if value] for key in lists}
    odd = {key: [NULL] for key, value in values.items() if any("\0" in part for part in value)}
    if odd:
        return Form(values, None, odd)
    given = {key: value for key, value in values.items() if value != "" and key != "csrf_token"}
    try:
        return Form(values, model.model_validate(given), {})
    except ValidationError as error:
        return Form(values, None, messages_of(error))


def messages_of(error: ValidationError) -> dict[str, list[str]]:
    """Turn pydantic's errors into short sentences by field (`lines.0.quantity`)."""
    said: dict[str, list[str]] = {}
    for one in error.errors(include_url=False, include_input=False):
        field = ".".join(str(part) for part in one["loc"]) or "body"
        words = WORDS.get(one["type"])
        message = words.format(**one.get("ctx", {})) if words else one["msg"].removeprefix("Value error, ")
        said.setdefault(field, []).append(message)
    return said
