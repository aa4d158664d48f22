"""A card machine that stands by itself: the clerk charges it by hand and keys what its slip says."""

from __future__ import annotations

import re

DIGITS = re.compile(r"[ -]")
DIGITS_ALONE = re.compile(r"[ 0-9-]{13,23}")
SHORTEST, LONGEST = 13, 19
NOT_SURE = "The clerk could not say whether the card machine took the money."


def looks_like_a_card(reference: str) -> bool:
    """Say whether a reference could be a card's number: 13 to 19 digits that pass Luhn's check (ISO/IEC 7812-1)."""
    digits = DIGITS.sub("", reference)
    return digits.isascii() and digits.isdigit() and SHORTEST <= len(digits) <= LONGEST and _luhn(digits)


def may_be_kept(reference: str) -> bool:
    """Say whether a reference may be stored: the database refuses digits alone that are as many as a card's."""
    return not looks_like_a_card(reference) and not DIGITS_ALONE.fullmatch(reference)


def _luhn(digits: str) -> bool:
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return sum(one - 9 if one > 9 else one for one in doubled) % 10 == 0
