"""The numbers that ICE's program page printed on a day; they are compared with a list, and never made equal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.program import stored
from assistant.program.amendments import amendments
from assistant.program.imported_facts import fact_cache
from assistant.program.sources import Citation, cite

if TYPE_CHECKING:
    from datetime import date


COUNT = "count."
"""What the id of a printed count begins with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedCount:
    """One number: ``what`` is "agreements", "states", "TFM.agreements", "WSO.pending" ….

    ``reason`` says why the list of that day may have another, "" where no reason is known.
    """

    what: str
    page: int
    reason: str
    citation: Citation


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedCounts:
    """The numbers of one day."""

    as_of: date
    citation: Citation
    rows: tuple[PrintedCount, ...]


@fact_cache
def printed_counts() -> PrintedCounts:
    """Return the last numbers of the page that this program knows."""
    entry = stored.table("facts")["page_counts"]
    as_of, citation = entry["as_of"], cite(entry["source"])
    rows = {
        row["what"]: PrintedCount(what=row["what"], page=row["count"], reason=row.get("reason", ""), citation=citation)
        for row in entry["row"]
    }
    for fact, amendment in amendments().items():
        what = fact.removeprefix(COUNT)
        if fact.startswith(COUNT) and what in rows:
            # Why the list had another number was said of the number before this one.
            number = int(amendment.text.replace(",", ""))
            rows[what] = PrintedCount(what=what, page=number, reason="", citation=amendment.citation)
            as_of, citation = amendment.citation.source.checked_on or as_of, amendment.citation
    return PrintedCounts(as_of=as_of, citation=citation, rows=tuple(rows.values()))
