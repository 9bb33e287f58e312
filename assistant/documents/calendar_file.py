"""Write the days after an agreement is signed as an iCalendar file (RFC 5545), which every calendar program opens."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from icalendar import Calendar, Event

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from assistant.program.calendar_entries import CalendarEntry

PLACE = uuid.UUID("4bfa7d3c-7f6e-5d3f-9d5e-287287287287")
"""The namespace of the ids: the same entry of the same agency has the same id, so that it is not there twice."""


def calendar_file(agency: str, entries: Iterable[CalendarEntry], *, signed_on: date) -> bytes:
    """Return the entries as whole-day events, each with its source; the same entries give the same bytes."""
    calendar = Calendar()
    calendar.add("prodid", "-//287(g) application assistant//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    stamp = datetime.combine(signed_on, time(), tzinfo=UTC)
    for entry in entries:
        event = Event()
        event.add("uid", f"{uuid.uuid5(PLACE, f'{agency} {signed_on.isoformat()} {entry.key}')}")
        event.add("dtstamp", stamp)
        event.add("dtstart", entry.day)
        event.add("dtend", entry.day + timedelta(days=1))
        event.add("summary", f"287(g) {entry.title}")
        event.add("description", f"{entry.text} Source: {entry.source}. Counted from {signed_on.isoformat()}.")
        event.add("transp", "TRANSPARENT")
        if entry.every:
            event.add("rrule", {"freq": "yearly", "interval": entry.every})
        calendar.add_component(event)
    return bytes(calendar.to_ical())
