"""Handing a table out as a file: small ones at once, large ones made by a job that says how far it is."""

from __future__ import annotations

from collections.abc import Sequence

from voelgoed.foundation.web import Answer, Stream, identity
from voelgoed.reports.sheet import MIMETYPES, Chunks, Column, csv_pieces, xlsx_pieces


def sheet(name: str, format: str, columns: Sequence[Column], chunks: Chunks) -> Answer:
    """Answer with a table as CSV or XLSX: `journal-oewerpark.csv`."""
    pieces = csv_pieces(columns, chunks) if format == "csv" else xlsx_pieces(columns, chunks)
    return Stream(pieces, MIMETYPES[format], f"{name}-{identity().slug}.{format}")
