"""Say which day a list speaks of, from its file name where that can be true, else from what it holds."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.agencies.published import PublishedList

NAMED = re.compile(
    r"(?<!\d)(?:(?P<m>\d{2})(?P<d>\d{2})(?P<y>20\d{2})|(?P<y2>20\d{2})(?P<m2>\d{2})(?P<d2>\d{2})\d{6})(?!\d)"
)
"""participatingAgencies05162025am.xlsx, and before 2025 ParticipatingEntities-20240131120000.xlsx."""
SIGNED_LATER = 0.01
"""So many rows may be signed after the day of their own list, by a slip of the pen."""


def as_of_day(published: PublishedList, filename: str, today: date) -> date:
    """Return the day of a list, never after today.

    ICE named lists of January 2026 after January 2025, so a name loses against the dates signed in the list.
    """
    signed = sorted(listing.signed for listing in published.listings if listing.signed and listing.signed <= today)
    named = named_day(filename)
    if named and named <= today:
        later = sum(day > named for day in signed)
        if later <= max(2, SIGNED_LATER * len(signed)):
            return named
    return signed[-1] if signed else today


def named_day(filename: str) -> date | None:
    """Return the day in a list's file name, or None."""
    match = NAMED.search(filename)
    if match is None:
        return None
    parts = match.groupdict()
    try:
        return date(*(int(parts[name] or parts[f"{name}2"]) for name in "ymd"))
    except ValueError:
        return None
