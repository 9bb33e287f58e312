"""What a PDF is, in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.editions.recognition import InspectedForm


def form_line(inspection: InspectedForm) -> str:
    """Return what a PDF is, as one line, from what ``forms inspect`` finds."""
    if inspection["edition"]:
        revised = f"revised {inspection['revision']}" if inspection["revision"] else "no revision printed"
        return f"{inspection['edition']}: the official {inspection['model'] or 'Letter of Interest'} form, {revised}"
    stamp = f", stamped {inspection['revision']}" if inspection["revision"] else ""
    return f"Unknown: a PDF ({inspection['kind']}){stamp}; it is none of the known editions"
