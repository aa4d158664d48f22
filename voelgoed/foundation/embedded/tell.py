"""A line for whoever watches `voelgoed up`, from any process below it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping

# The number of a descriptor that leads to the supervisor's terminal, while a program's own output goes to its log.
VARIABLE = "VOELGOED_SAY_FD"


def teller(environ: Mapping[str, str] = os.environ) -> Callable[[str], None]:
    """Return what says a line on the supervisor's terminal, or on stderr where there is no supervisor."""
    number = environ.get(VARIABLE, "")
    target = int(number) if number.isdecimal() else sys.stderr.fileno()

    def tell(line: str) -> None:
        os.write(target, f"- {line}\n".encode())

    return tell
