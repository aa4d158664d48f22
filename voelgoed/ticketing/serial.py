"""Serials: short, said over a radio, with two check digits (ISO 7064 MOD 97-10): `A-000123-47`."""

from __future__ import annotations

import re

FORM = re.compile(r"([A-Z]{1,3})([0-9]{6,9})([0-9]{2})")


def letters(index: int) -> str:
    """Return the prefix of an organization's index-th event: 0 → A, 25 → Z, 26 → AA."""
    word = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        word = chr(65 + rest) + word
    return word


def _value(prefix: str, digits: str) -> int:
    # Letters count as 10…35, as ISO 7064 and IBAN have it.
    return int("".join(str(int(sign, 36)) for sign in prefix) + digits)


def check_digits(prefix: str, digits: str) -> str:
    """Return the two digits that make the whole ≡ 1 modulo 97: every single error and swap is seen."""
    return f"{98 - _value(prefix, digits + '00') % 97:02d}"


def serial(prefix: str, number: int) -> str:
    """Write a serial."""
    digits = f"{number:06d}"
    return f"{prefix}-{digits}-{check_digits(prefix, digits)}"


def parse(typed: str) -> str | None:
    """Read what was typed (any case, blanks and hyphens as they come) into the serial, or None if the check fails."""
    found = FORM.fullmatch(re.sub(r"[\s\-–.]", "", typed.upper()))
    if found is None:
        return None
    prefix, digits, check = found.groups()
    return f"{prefix}-{digits}-{check}" if check_digits(prefix, digits) == check else None
