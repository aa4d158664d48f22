"""Tables as files for a spreadsheet: CSV and XLSX, written piece by piece, without formulas.

Text stays text whatever it begins with, and numbers stay numbers (https://owasp.org/www-community/attacks/CSV_Injection).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

import xlsxwriter  # type: ignore[import-untyped]

Kind = Literal["text", "money", "day", "moment", "number", "percent"]
Row = Sequence[Any]
Chunks = Iterable[Sequence[Row]]
"""Rows, some at a time: one step of the iterator reads one chunk from the database."""

MIMETYPES = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
LOOKS_LIKE_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
FORMATS = {"money": "#,##0.00;[Red]-#,##0.00", "day": "yyyy-mm-dd", "moment": "yyyy-mm-dd hh:mm:ss", "percent": "0.##%"}
SCALES = {"money": -2, "percent": -4}
MOST_ROWS = 1_048_575
"""Lines below the heads that a sheet can hold."""


@dataclass(frozen=True)
class Column:
    """A head, and what stands below it; money is given in cents, a percentage in basis points, a moment in UTC."""

    head: str
    kind: Kind = "text"


def harmless(cell: Any) -> str:
    """Write text so that no spreadsheet takes it for a formula."""
    said = "" if cell is None else str(cell)
    return f"'{said}" if said.startswith(LOOKS_LIKE_A_FORMULA) else said


def csv_pieces(columns: Sequence[Column], chunks: Chunks) -> Iterator[bytes]:
    """Write CSV in UTF-8 with a mark, one piece a chunk, so that spreadsheets read Afrikaans as it is."""
    yield "\ufeff".encode() + _csv([[one.head for one in columns]])
    kinds = [one.kind for one in columns]
    for chunk in chunks:
        yield _csv([[_plain(kind, cell) for kind, cell in zip(kinds, row, strict=True)] for row in chunk])


def _csv(rows: Iterable[Sequence[str]]) -> bytes:
    written = io.StringIO()
    csv.writer(written).writerows(rows)
    return written.getvalue().encode()


def _plain(kind: Kind, cell: Any) -> str:
    if cell is None:
        return ""
    if kind in ("money", "percent"):
        return str(Decimal(cell).scaleb(-2))
    if kind == "moment":
        return f"{cell:%Y-%m-%d %H:%M:%S}"
    return harmless(cell) if kind == "text" else str(cell)


def xlsx_pieces(columns: Sequence[Column], chunks: Chunks, size: int = 1 << 19) -> Iterator[bytes]:
    """Write an XLSX file aside, row by row, then return it in pieces of `size` bytes."""
    with TemporaryDirectory(prefix="voelgoed-sheet-") as folder:
        path = Path(folder) / "sheet.xlsx"
        write_xlsx(path, columns, chunks)
        with path.open("rb") as written:
            while piece := written.read(size):
                yield piece


def write_xlsx(path: Path, columns: Sequence[Column], chunks: Chunks) -> None:
    """Write an XLSX file, keeping one row in memory; raises ValueError for more rows than a sheet can hold."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
               "tmpdir": str(path.parent)}  # fmt: skip
    with xlsxwriter.Workbook(str(path), options) as book:
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        bold = book.add_format({"bold": True})
        formats = [book.add_format({"num_format": FORMATS[one.kind]} if one.kind in FORMATS else {}) for one in columns]
        for place, column in enumerate(columns):
            sheet.set_column(place, place, 14 if column.kind != "text" else 22)
            sheet.write_string(0, place, column.head, bold)
        number = 0
        for chunk in chunks:
            for row in chunk:
                number += 1
                if number > MOST_ROWS:
                    raise ValueError("more rows than a sheet can hold")
                _write_row(sheet, number, columns, row, formats)


def _write_row(sheet: Any, number: int, columns: Sequence[Column], row: Row, formats: Sequence[Any]) -> None:
    for place, (column, cell) in enumerate(zip(columns, row, strict=True)):
        if cell is None:
            continue
        if column.kind in SCALES:
            sheet.write_number(number, place, Decimal(cell).scaleb(SCALES[column.kind]), formats[place])
        elif column.kind == "number":
            sheet.write_number(number, place, cell)
        elif isinstance(cell, date) and not isinstance(cell, datetime):
            sheet.write_datetime(number, place, cell, formats[place])
        elif isinstance(cell, datetime):
            sheet.write_datetime(number, place, cell.replace(tzinfo=None), formats[place])
        else:
            sheet.write_string(number, place, str(cell)[:32_000])
