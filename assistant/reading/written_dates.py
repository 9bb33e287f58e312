"""Dates as people write them on paper."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone

from assistant.editions.formats import year_of
from assistant.text import MONTHS

_MONTH_WORDS = {month[:3].casefold(): n for n, month in enumerate(MONTHS, start=1)}
_NUMBERS = re.compile(r"(?<!\d)(\d{1,2})\s?[/.\-]\s?(\d{1,2})\s?[/.\-]\s?(\d{4}|\d{2})(?!\d)")
_ISO = re.compile(r"(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_MONTH_FIRST = re.compile(r"\b([A-Za-z]{3,9})\.?\s*(\d{1,2})(?:st|nd|rd|th)?\s*,?\s*(\d{4})\b")
_DAY_FIRST = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)?\s*(?:day of)?\s*-?([A-Za-z]{3,9})\.?,?\s*-?(\d{4}|\d{2})\b")
STAMP = re.compile(r"(?:Date:?\s*)?(?<!\d)(20\d\d)[./-](\d\d)[./-](\d\d)\s+\d\d?:\d\d", re.IGNORECASE)
_CLOCK = re.compile(
    r"(?P<hour>\d\d?):(?P<minute>\d\d)(?::\d\d)?\s*(?:(?P<utc>Z\b|UTC|GMT)|(?P<sign>[+-])(?P<offset>\d\d)['\u2019:]?\d\d)"
)
US_OFFSETS = frozenset({*range(-11, -3), 10})
"""Hours from Greenwich of the zones of the States and territories, in summer and in winter."""
MAINLAND = range(-8, -3)
SAME_DAY_HOURS = range(8, 20)
"""Hours of a clock in Greenwich or in a State at which the mainland has that day."""
SIGNED_BY = re.compile(r"(?:digitally|electronically)\s+signed|docusigned|adobe\s+acrobat\s+version", re.IGNORECASE)


def read_date(text: str) -> date | None:
    """Return the date a text holds, month before day; None where there is none or it does not exist."""
    parts = find_date(text)
    if parts is None:
        return None
    try:
        return date(*parts)
    except ValueError:
        return None


def read_misread_date(text: str) -> date | None:
    """Return the date in what a program read from a picture, where a slash may have become a 1."""
    match = re.fullmatch(r"\D{0,2}(\d{1,2})[/1lI|](\d{1,2})[/1lI|](20\d\d)\D{0,2}", text.replace(" ", ""))
    try:
        return date(int(match[3]), int(match[1]), int(match[2])) if match else read_date(text)
    except ValueError:
        return None


def find_date(text: str) -> tuple[int, int, int] | None:
    """Return (year, month, day) as written, even if there is no such day; None where no date is written."""
    if match := _ISO.search(text):
        return int(match[1]), int(match[2]), int(match[3])
    if match := _NUMBERS.search(text):
        return year_of(match[3]), int(match[1]), int(match[2])
    if (match := _MONTH_FIRST.search(text)) and (month := _MONTH_WORDS.get(match[1][:3].casefold())):
        return year_of(match[3]), month, int(match[2])
    if (match := _DAY_FIRST.search(text)) and (month := _MONTH_WORDS.get(match[2][:3].casefold())):
        return year_of(match[3]), month, int(match[1])
    return None


def stamp_date(text: str) -> date | None:
    """Return the date in what an electronic signature shows ("Date: 2025.02.26 14:03:11 -05'00'"), or None."""
    match = STAMP.search(text)
    if match is None:
        return None
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


def stamp_days(text: str) -> frozenset[date]:
    """Return the days that an electronic signature's stamp may mean where the agency is; none where it shows none.

    A stamp with an offset ("22:40:11 -05'00'") is one moment: that is the day in its own zone and in the zones of the
    United States' mainland. From another part of the world only the latter count. Without an offset the days before and
    after may be meant as well, except in the hours of the day that are the same day everywhere in the United States.
    """
    day, match = stamp_date(text), STAMP.search(text)
    if day is None or match is None:
        return frozenset()
    clock = _CLOCK.match(text, match.end() - len(match[0].rpartition(" ")[2]))
    if clock is None and int(match[0].rpartition(" ")[2].partition(":")[0]) in SAME_DAY_HOURS:
        return frozenset({day})
    if clock is None or int(clock["hour"]) >= 24 or int(clock["minute"]) >= 60:
        return frozenset({day - timedelta(days=1), day, day + timedelta(days=1)})
    hours = 0 if clock["utc"] else int(clock["sign"] + clock["offset"])
    moment = datetime(
        day.year, day.month, day.day, int(clock["hour"]), int(clock["minute"]), tzinfo=timezone(timedelta(hours=hours))
    )
    own = {day} if hours in US_OFFSETS else set()
    return frozenset(own | {moment.astimezone(timezone(timedelta(hours=zone))).date() for zone in MAINLAND})
