"""The numbers that ICE's program page printed on a day; they are compared with a list, and never made equal."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from assistant.program import stored
from assistant.program.sources import Citation, cite

if TYPE_CHECKING:
    from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedCount:
    """One number: ``what`` is "agreements", "states", "TFM.agreements", "WSO.pending" ….

    ``reason`` says why the list of that day may have another, "" where no reason is known.
    """

    what: str
    page: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedCounts:
    """The numbers of one day."""

    as_of: date
    citation: Citation
    rows: tuple[PrintedCount, ...]


@cache
def printed_counts() -> PrintedCounts:
    """Return the last numbers of the page that this program knows."""
    entry = stored.table("facts")["page_counts"]
    return PrintedCounts(
        as_of=entry["as_of"],
        citation=cite(entry["source"]),
        rows=tuple(
            PrintedCount(what=row["what"], page=row["count"], reason=row.get("reason", "")) for row in entry["row"]
        ),
    )
