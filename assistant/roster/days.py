"""Read a day that a person wrote: many ways, one rule for years of two digits, an order where it can be two days."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple

from assistant.cache import cached_text
from assistant.roster.cell_words import CellError, text_or_nothing
from assistant.spreadsheets import serial_date
from assistant.text import MONTH_KEYS, MONTHS

if TYPE_CHECKING:
    from assistant.spreadsheets import Cell

FIRST_YEAR, LAST_YEAR = 1940, 2100
"""The years in which someone now serving can have started, or had a check completed."""
FIRST_SERIAL = 14_611  # 1940-01-01
FIRST_COMPACT, LAST_COMPACT = FIRST_YEAR * 10_000, LAST_YEAR * 10_000
"""Bounds of days written as one number, 20150601."""
PIVOT = 50
SHORT_YEARS = "A year of two digits was read by this rule: 00 to 49 as 2000 to 2049, 50 to 99 as 1950 to 1999."
DATE_HELP = "write it as 2018-06-01 or 6/1/2018 (month first)"
WHOLE = "Write the whole date with the day, for example 2018-06-01."

_CLOCK = r"(?:[T ,]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[AP]M)?(?:Z|[+-]\d{2}:?\d{2})?)?"
_YEAR = r"(\d{4}|'?\d{2})"
_MONTH = r"([A-Za-z]{3,9})\.?"
ISO = re.compile(rf"(\d{{4}})[-/.](\d{{1,2}})[-/.](\d{{1,2}}){_CLOCK}", re.IGNORECASE)
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
NUMBERS = re.compile(rf"(\d{{1,2}}) ?([-/.]) ?(\d{{1,2}}) ?\2 ?{_YEAR}{_CLOCK}", re.IGNORECASE)
MONTH_FIRST = re.compile(rf"{_MONTH}[ -]?(\d{{1,2}})(?:st|nd|rd|th)?(?:, ?|[ -]){_YEAR}{_CLOCK}", re.IGNORECASE)
DAY_FIRST = re.compile(rf"(\d{{1,2}})(?:st|nd|rd|th)?[ -]?(?:of )?{_MONTH},?[ -]?{_YEAR}{_CLOCK}", re.IGNORECASE)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
WEEKDAY = re.compile(
    r"(mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)\b"
    r"[.,]* *",
    re.IGNORECASE,
)
LEAD = re.compile(
    r"^(?:since|on|from|effective|eff\.?|as of|hired(?: on)?|sworn(?: in)?(?: on)?|started)[ :]+", re.IGNORECASE
)
TAIL = re.compile(r" *(?:-|\u2013|\u2014|to|until|thru|through) *(?:present|current|now|today)\.?$", re.IGNORECASE)
BRACKET = re.compile(r" *\(([^()]*)\)$")
PARTIAL = re.compile(
    rf"(?:{_MONTH},? ?|\d{{1,2}}[/-])'?(?:\d{{4}})|{_MONTH}[ -]'?\d{{2}}|\d{{4}}(?:[/-]\d{{1,2}})?", re.IGNORECASE
)


class DayReading(NamedTuple):
    """A day, and by which rule it was read where that needs saying ("" where not)."""

    day: date
    note: str


def day(value: Cell, *, date1904: bool = False) -> DayReading | None:
    """Return the day a cell holds: Excel's own date, its serial number, or one of many ways to write it.

    Raises:
        CellError: it is no day, could be two, or no such day can be meant.
    """
    note = ""
    if isinstance(value, bool | time | timedelta):
        raise CellError(f"This is not a date; {DATE_HELP}.")
    if isinstance(value, datetime):
        result = value.date()
    elif isinstance(value, date):
        result = value
    elif isinstance(value, float | int):
        result = _counted_day(value, date1904=date1904)
    else:
        text = text_or_nothing(value)
        if not text:
            return None
        result, note = written_day(text)
    if not FIRST_YEAR <= result.year <= LAST_YEAR:
        raise CellError(f"Check the year: it must be between {FIRST_YEAR} and {LAST_YEAR}.")
    return DayReading(result, note)


def _counted_day(value: float, *, date1904: bool) -> date:
    if FIRST_COMPACT < value < LAST_COMPACT and float(value).is_integer():
        digits = str(int(value))
        return _existing(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    if FIRST_YEAR <= value <= LAST_YEAR:
        raise CellError(WHOLE)
    counted = serial_date(value, date1904=date1904) if value >= FIRST_SERIAL else None
    if counted is None:
        raise CellError(f"This is a number, not a date; {DATE_HELP}.")
    return counted


@cached_text(8192, personal=True)
def written_day(text: str) -> DayReading:
    """Return the day that a text names.

    Raises:
        CellError: it names none, or more than one.
    """
    # Excel's mark for text, an apostrophe at the front, stays in some exports.
    text = TAIL.sub("", LEAD.sub("", text.lstrip("'\u2018\u2019"), count=1))
    if bracket := BRACKET.search(text):
        if re.search(r"\d", bracket[1]):
            raise CellError(f"There is more than one date here. Write only the first day; {DATE_HELP}.")
        text = text[: bracket.start()]
    weekday = WEEKDAY.match(text)
    if weekday and re.search(r"\d", text):
        text = text[weekday.end() :]
    reading = _plain_day(text.strip(" ,"))
    if weekday and not WEEKDAYS[reading.day.weekday()].startswith(weekday[1].lower()[:3]):
        raise CellError(f"The day of the week does not fit the date. Check it; {DATE_HELP}.")
    return reading


def _plain_day(text: str) -> DayReading:
    if match := ISO.fullmatch(text) or COMPACT.fullmatch(text):
        return DayReading(_existing(int(match[1]), int(match[2]), int(match[3])), "")
    if match := NUMBERS.fullmatch(text):
        month, mark, number = int(match[1]), match[2], int(match[3])
        year, note = _year(match[4])
        if mark == "." and number <= len(MONTH_KEYS) and month <= len(MONTH_KEYS) and month != number:
            raise CellError("With dots, it is not clear which number is the month. Write it as 2018-06-01 or 6/1/2018.")
        if month > len(MONTH_KEYS):
            raise CellError(f"There is no such month; {DATE_HELP}.")
        return DayReading(_existing(year, month, number), note)
    for pattern, month_at, day_at in ((MONTH_FIRST, 1, 2), (DAY_FIRST, 2, 1)):
        if (match := pattern.fullmatch(text)) and (named := _month(match[month_at])):
            year, note = _year(match[3])
            return DayReading(_existing(year, named, int(match[day_at])), note)
    if PARTIAL.fullmatch(text):
        raise CellError(WHOLE)
    raise CellError(f"This date cannot be read; {DATE_HELP}.")


def _year(digits: str) -> tuple[int, str]:
    """Return a year; of two digits by a rule that holds until the 2040s for everybody who serves."""
    year = int(digits.strip("'"))
    if year >= FIRST_YEAR or len(digits) == len("2018"):
        return year, ""
    return year + (2000 if year < PIVOT else 1900), SHORT_YEARS


def _month(word: str) -> int | None:
    word = word.lower()
    word = "sep" if word == "sept" else word
    return next((n for n, name in enumerate(MONTHS, 1) if word in {name.lower(), name[:3].lower()}), None)


def _existing(year: int, month: int, number: int) -> date:
    try:
        return date(year, month, number)
    except ValueError:
        raise CellError(f"There is no such day; {DATE_HELP}.") from None
