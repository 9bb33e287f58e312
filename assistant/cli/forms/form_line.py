"""What a PDF is, in one line."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.editions.recognition import InspectedForm


def form_line(inspection: InspectedForm) -> str:
    """Return what a PDF is, as one line, from what ``forms inspect`` finds."""
    if inspection["edition"]:
        revised = f"revised {_us_date(inspection['revision'])}" if inspection["revision"] else "no revision printed"
        return f"{inspection['edition']}: the official {inspection['model'] or 'Letter of Interest'} form, {revised}"
    stamp = f", stamped {_us_date(inspection['revision'])}" if inspection["revision"] else ""
    return f"Unknown: a PDF ({inspection['kind']}){stamp}; it is not one of the known editions"


def _us_date(iso: str) -> str:
    """Return "02/14/2025" for "2025-02-14", as it is printed on the form; anything else as it is."""
    try:
        return f"{date.fromisoformat(iso):%m/%d/%Y}"
    except ValueError:
        return iso
