"""What a PDF is, in one line."""

from __future__ import annotations

from typing import Any


def form_line(found: dict[str, Any]) -> str:
    """Return what a PDF is, as one line, from what ``forms inspect`` finds."""
    if found["edition"]:
        revised = f"revised {found['revision']}" if found["revision"] else "no revision printed"
        return f"{found['edition']}: the official {found['model'] or 'Letter of Interest'} form, {revised}"
    stamp = f", stamped {found['revision']}" if found["revision"] else ""
    return f"Unknown: a PDF ({found['kind']}){stamp}; it is none of the known editions"
