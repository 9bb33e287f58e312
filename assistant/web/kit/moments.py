"""How a page writes a moment, a day and a size."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.text import describe_check

if TYPE_CHECKING:
    from datetime import date, datetime

    from flask import Flask

KB = 1_000
NOON = 12
"""The hour."""


def moment(when: datetime) -> str:
    """Return "January 5, 2026, 4:07 pm", in the time of the server."""
    there = when.astimezone()
    hour = there.hour % 12 or 12
    return f"{day(there)}, {hour}:{there:%M} {'pm' if there.hour >= NOON else 'am'}"


def day(when: date) -> str:
    """Return "January 5, 2026"."""
    return f"{when:%B} {when.day}, {when.year}"


def size(count: int) -> str:
    """Return "14 kB" or "2.3 MB"."""
    if count >= KB * KB:
        return f"{count / KB / KB:.1f} MB"
    return f"{max(1, round(count / KB))} kB"


def register_template_helpers(app: Flask) -> None:
    """Let every page write them."""
    app.jinja_env.filters.update(moment=moment, day=day, size=size, check_phrase=describe_check)
