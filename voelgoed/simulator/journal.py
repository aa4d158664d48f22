"""What the simulator keeps on disk: an append-only file of JSON lines, read back when it starts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Change = tuple[str, str, dict[str, Any]]
"""Whose (an account's id), of what kind, and the whole row as it now is."""


class Journal:
    """One line is all that one deed changed, so that a killed process leaves whole deeds or nothing.

    Written before the deed is answered, without fsync: it outlives the process, not the machine. Without a folder
    nothing is kept.
    """

    def __init__(self, folder: Path | None) -> None:
        self.path = folder / "simulator.jsonl" if folder else None
        if folder:
            folder.mkdir(parents=True, exist_ok=True)
        self._file = self.path.open("ab", buffering=0) if self.path else None

    def read(self) -> Iterator[Change]:
        """Yield every change that was written, oldest first; a last line without its end was never answered."""
        if self.path is None:
            return
        whole = self.path.read_bytes()
        end = whole.rfind(b"\n") + 1
        if end < len(whole):
            self.path.open("r+b").truncate(end)
        for line in whole[:end].splitlines():
            yield from json.loads(line)

    def write(self, changes: list[Change]) -> None:
        """Append one deed's changes as one line."""
        if self._file and changes:
            self._file.write(json.dumps(changes, separators=(",", ":")).encode() + b"\n")

    def clear(self) -> None:
        """Forget everything."""
        if self._file:
            self._file.truncate(0)

    def close(self) -> None:
        """Close the file."""
        if self._file:
            self._file.close()
