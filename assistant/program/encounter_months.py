"""The months for which ICE's page lists an encounter report, under the page's own headings."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from assistant.program import stored
from assistant.program.sources import Citation, cite


@dataclass(frozen=True, slots=True, kw_only=True)
class EncounterMonth:
    """A month ("2025-11") and the heading under which the page lists it."""

    month: str
    heading: str


@cache
def encounter_months() -> tuple[EncounterMonth, ...]:
    """Return the months in the order of the page, the newest first."""
    return tuple(
        EncounterMonth(month=month, heading=row["name"])
        for row in stored.table("encounter_reports")["heading"]
        for month in row["months"]
    )


def encounter_source() -> Citation:
    """Return where the list of months is from."""
    return cite(stored.table("encounter_reports")["source"])
