"""What a PDF is, in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.editions.formats import revision_date

if TYPE_CHECKING:
    from assistant.editions.recognition import InspectedForm


def form_line(inspection: InspectedForm) -> str:
    """Return what a PDF is, as one line, from what ``forms inspect`` finds."""
    if inspection["edition"]:
        revised = (
            f"revised {revision_date(inspection['revision'])}" if inspection["revision"] else "no revision printed"
        )
        return f"{inspection['edition']}: the official {inspection['model'] or 'Letter of Interest'} form, {revised}"
    stamp = f", stamped {revision_date(inspection['revision'])}" if inspection["revision"] else ""
    return f"Unknown: a PDF ({inspection['kind']}){stamp}; it is not one of the known editions"
