"""E-mail addresses as they are stored: small letters, one @."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, Field

FORM = re.compile(r"[^\s@,;<>\x00-\x1f]+@[^\s@,;<>\x00-\x1f]+\.[^\s@,;<>\x00-\x1f]{2,}")


def _email(typed: str) -> str:
    if not FORM.fullmatch(typed):
        raise ValueError("An e-mail address like naledi@example.com.")
    return typed.lower()


Email = Annotated[str, Field(max_length=254), AfterValidator(_email)]
"""An address that could be one; whether it is, only a mail can tell."""
