"""A QR code in a terminal."""

from __future__ import annotations

import segno

HALVES = {(True, True): " ", (True, False): "▄", (False, True): "▀", (False, False): "█"}
WHITE_ON_BLACK, PLAIN = "\x1b[97;40m", "\x1b[0m"


def square(words: str, terminal: bool) -> str:
    """Draw words as a QR code of half blocks; light is drawn, so that it stands right on a terminal of any colour.

    A `terminal` is also told which colours these are.
    """
    lines = [[bool(module) for module in line] for line in segno.make(words, error="m").matrix_iter(border=2)]
    lines += [[False] * len(lines[0])] * (len(lines) % 2)
    drawn = [
        "".join(HALVES[upper, lower] for upper, lower in zip(above, below, strict=True))
        for above, below in zip(lines[::2], lines[1::2], strict=True)
    ]
    return "\n".join(f"{WHITE_ON_BLACK}{line}{PLAIN}" if terminal else line for line in drawn)
