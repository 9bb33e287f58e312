"""What stands in one cell, as text or as a date."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import TypeAlias

Cell: TypeAlias = str | float | bool | date | time | timedelta

# Excel counts days from 1899-12-30 (so that its false 29 February 1900 falls out), old Mac files from 1904-01-01.
EPOCH = date(1899, 12, 30)
EPOCH_1904 = date(1904, 1, 1)
# Left by copying out of mails and web pages; they print nothing and would keep two equal names apart.
UNSEEN = re.compile("[\u200b\u2060\ufeff]")
MAX_SERIAL = 2_958_465
"""31 December 9999 counted from 1899-12-30, the last day Excel knows."""


def text_of(value: Cell) -> str:
    """Return the text of a cell as a person reads it: trimmed, spaces and line breaks single, whole numbers whole."""
    if isinstance(value, str):
        return " ".join((value if value.isascii() else UNSEEN.sub("", value)).split())
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time.min:
        return value.date().isoformat()
    return str(value)


def is_blank(value: Cell) -> bool:
    """Say whether nothing is to be seen in a cell."""
    return isinstance(value, str) and (not value or not text_of(value))


def serial_date(number: float, *, date1904: bool = False) -> date | None:
    """Return the day that an Excel serial number stands for, or None where it stands for no day."""
    if not 1 <= number <= MAX_SERIAL - (1462 if date1904 else 0):
        return None
    return (EPOCH_1904 if date1904 else EPOCH) + timedelta(days=int(number))


def column_letters(index: int) -> str:
    """Return the letters over a column, counted from 0: "A", "B", … "AA"."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
