"""A kept encounter report that is a table: its numbers by month, where it has a column of months."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING

from assistant.agencies.line_chart import MOST_LINES
from assistant.errors import SpreadsheetError
from assistant.spreadsheets import read
from assistant.spreadsheets.cells import text_of
from assistant.text import MONTH_KEYS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from assistant.spreadsheets.cells import Cell

LEAST_MONTHS = 2
ROWS_LOOKED_AT = 2_000
_WORDS = re.compile(r"([A-Za-z]{3,9})\.?[ \-/,]*(\d{4}|\d{2})")
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})(?:[-/.]\d{1,2})?")
_YEAR_LAST = re.compile(r"(\d{1,2})[-/.](\d{4})")
_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")
CENTURY = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportTable:
    """Numbers by month ("2025-11") under the headings of their columns; ``more`` columns are left out."""

    series: Mapping[str, Mapping[str, float]]
    months: tuple[str, ...]
    more: int


def read_report_table(data: bytes) -> ReportTable | None:
    """Return the numbers by month of a spreadsheet; None for a PDF, and for a sheet without such a table.

    Of several rows of one month the numbers are added up.
    """
    if data.startswith(b"%PDF-"):
        return None
    try:
        sheets = read(data)
    except SpreadsheetError:
        return None
    tables = (_table([list(row) for row in islice(sheet.rows, ROWS_LOOKED_AT)]) for sheet in sheets if not sheet.hidden)
    return next((table for table in tables if table is not None), None)


def _table(rows: Sequence[Sequence[Cell]]) -> ReportTable | None:
    width = max((len(row) for row in rows), default=0)
    by_column = [{n: month for n, row in enumerate(rows) if (month := _month_in(row, at))} for at in range(width)]
    best = max(range(width), key=lambda at: len(by_column[at]), default=0)
    months = by_column[best] if width else {}
    if len(set(months.values())) < LEAST_MONTHS:
        return None
    series: dict[str, dict[str, float]] = {}
    for at in range(width):
        values = {n: number for n in months if (number := _number_in(rows[n], at)) is not None}
        if at == best or len(values) * 2 <= len(months):
            continue
        name = _heading(rows[: min(months)], at) or f"Column {at + 1}"
        name = name if name not in series else f"{name} ({at + 1})"
        series[name] = {}
        for n, number in values.items():
            series[name][months[n]] = series[name].get(months[n], 0) + number
    if not series:
        return None
    return ReportTable(
        series=dict(islice(series.items(), MOST_LINES)),
        months=tuple(sorted(set(months.values()))),
        more=max(0, len(series) - MOST_LINES),
    )


def _heading(rows: Sequence[Sequence[Cell]], at: int) -> str:
    """Return the words above a column, those of the nearest row that has any."""
    texts: Iterator[str] = (text_of(row[at]) for row in reversed(rows) if at < len(row))
    return next((text[:40] for text in texts if text), "")


def _month_in(row: Sequence[Cell], at: int) -> str | None:
    """Return the month that a cell names, as "2025-11"."""
    if at >= len(row):
        return None
    value = row[at]
    if isinstance(value, date):
        return f"{value.year}-{value.month:02}"
    if not isinstance(value, str):
        return None
    text = text_of(value)
    if match := _WORDS.fullmatch(text):
        key, year = match[1][:3].lower(), int(match[2])
        year = year if len(match[2]) > len("25") else CENTURY + year
        return _month(year, MONTH_KEYS.index(key) + 1) if key in MONTH_KEYS else None
    if match := _YEAR_FIRST.fullmatch(text):
        return _month(int(match[1]), int(match[2]))
    if match := _YEAR_LAST.fullmatch(text):
        return _month(int(match[2]), int(match[1]))
    return None


def _month(year: int, number: int) -> str | None:
    return f"{year}-{number:02}" if 1 <= number <= len(MONTH_KEYS) else None


def _number_in(row: Sequence[Cell], at: int) -> float | None:
    if at >= len(row) or isinstance(row[at], bool):
        return None
    value = row[at]
    if isinstance(value, int | float):
        return float(value) if value >= 0 else None
    text = text_of(value) if isinstance(value, str) else ""
    return float(text.replace(",", "")) if _NUMBER.fullmatch(text) else None
