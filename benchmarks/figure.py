"""A figure and its ceiling, printed as one row."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.load import Outcome


@dataclass(frozen=True)
class Figure:
    """What was measured, in its unit; `ceiling` is what the same machine does at most, in the same run."""

    name: str
    value: float
    unit: str
    ceiling: float | None = None
    ceiling_is: str = ""
    more: str = ""

    @property
    def ratio(self) -> float | None:
        """Return how much of the ceiling was reached (for times: how much longer than the ceiling)."""
        return self.value / self.ceiling if self.ceiling else None

    def row(self) -> str:
        """Write the figure as a row of the report."""
        ceiling = f"{self.ceiling:,.1f} {self.ceiling_is}" if self.ceiling is not None else "–"
        ratio = f"{self.ratio:.2f}" if self.ratio is not None else "–"
        return f"| {self.name} | {self.value:,.1f} {self.unit} | {ceiling} | {ratio} | {self.more} |"


HEAD = "| figure | measured | ceiling of the same run | ratio | more |\n| --- | --- | --- | --- | --- |"


def rate(name: str, met: Outcome, ceiling: Outcome | None = None, ceiling_is: str = "") -> Figure:
    """Make a figure of a load's rate, with its percentiles and any answers that were not 2xx."""
    strange = {status: count for status, count in met.statuses.items() if not 200 <= status < 300}
    more = f"p50 {met.percentile(50):.1f} ms, p95 {met.percentile(95):.1f} ms, p99 {met.percentile(99):.1f} ms"
    more += f", not 2xx: {strange}" if strange else ""
    return Figure(name, met.rate, "/s", ceiling.rate if ceiling else None, ceiling_is, more)
