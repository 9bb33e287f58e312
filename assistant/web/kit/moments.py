"""How a page writes a moment, a day, a size and its own title."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from assistant.text import describe_check

if TYPE_CHECKING:
    from datetime import datetime

    from flask import Flask
    from markupsafe import Markup

KB = 1_000
NOON = 12
"""The hour."""
TITLE_DASH = " – "
TITLE_PART = 48
"""Letters of one part of a title."""


def moment(when: datetime) -> str:
    """Return "January 5, 2026, 4:07 pm", in the time of the server."""
    return f"{day(when.astimezone())}, {clock_time(when)}"


def clock_time(when: datetime) -> str:
    """Return "4:07 pm", in the time of the server."""
    there = when.astimezone()
    return f"{there.hour % 12 or 12}:{there:%M} {'pm' if there.hour >= NOON else 'am'}"


def day(when: date) -> str:
    """Return "January 5, 2026"."""
    return f"{when:%B} {when.day}, {when.year}"


ISO_DAY = re.compile(r"(?<![\w/-])(\d{4})-(\d\d)(?:-(\d\d))?(?![\w/-])")


def days_in_words(text: str) -> str:
    """Return a text of a law or a source with its days as a page writes them: "2025-04-01" is "April 1, 2025".

    A month of a year becomes "April 2025"; what is no day stays.
    """
    return ISO_DAY.sub(_in_words, text)


def _in_words(match: re.Match[str]) -> str:
    year, month, number = match.groups()
    try:
        there = date(int(year), int(month), int(number or 1))
    except ValueError:
        return match[0]
    return day(there) if number else f"{there:%B %Y}"


def size(count: int) -> str:
    """Return "14 kB" or "2.3 MB"."""
    if count >= KB * KB:
        return f"{count / KB / KB:.1f} MB"
    return f"{max(1, round(count / KB))} kB"


def short_title(markup: Markup) -> str:
    """Return the title of a page for a tab of the browser: a part too long for one ends in "…".

    The whole name of an agency stands in the page itself.
    """
    parts = markup.unescape().strip().split(TITLE_DASH)
    return TITLE_DASH.join(
        part if len(part) <= TITLE_PART else f"{part[:TITLE_PART].rstrip(' ,.;')}…" for part in parts
    )


def register_template_helpers(app: Flask) -> None:
    """Let every page write them."""
    app.jinja_env.filters.update(
        moment=moment,
        clock_time=clock_time,
        day=day,
        size=size,
        short_title=short_title,
        days_in_words=days_in_words,
        check_phrase=describe_check,
    )
