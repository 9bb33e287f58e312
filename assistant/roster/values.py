"""Read one cell of a roster. What cannot be read raises ``CellError`` with an order; no message repeats the cell."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from assistant.agencies.words import model_of
from assistant.answers import MODELS
from assistant.cache import cached_text
from assistant.program.states_and_counties import fold
from assistant.spreadsheets import serial_date, text_of
from assistant.text import MONTH_KEYS, find_forbidden_character

if TYPE_CHECKING:
    from assistant.answers import Background, Model
    from assistant.spreadsheets import Cell

LONGEST_TEXT = 200
FIRST_YEAR, LAST_YEAR = 1940, 2100
"""The years in which someone now serving can have started, or had a check completed."""
FIRST_SERIAL = 14_611  # 1940-01-01
MOST_YEARS = 99

YES = frozenset({"y", "yes", "true", "t", "1", "x", "✓", "✔", "☑", "☒", "ok", "confirmed"})
NO = frozenset({"n", "no", "false", "f", "0", "✗", "✘", "☐", "not"})
NOTHING = frozenset({"na", "n a", "none", "null", "nil", "unknown", "tbd", "not known", "not applicable"})
CITIZEN = frozenset({"us", "usa", "u s", "u s a", "united states", "american", "citizen", "us citizen", "usc"})
NOT_CITIZEN = frozenset({"non citizen", "noncitizen", "not a citizen", "not a us citizen"})
TRAINED = frozenset({"trained", "completed", "complete", "done", "certified"})
COMPLETED_WORDS = frozenset({"completed", "complete", "done", "passed", "pass", "cleared", "clear", "finished"})
OPEN = frozenset(
    {"pending", "in progress", "in process", "started", "ongoing", "open", "scheduled", "submitted", "awaiting"}
    | {"initiated", "underway", "under way"}
)
MONTH_NAMES = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip

REPLACEMENT_CHARACTER = "\ufffd"
"""The character that a program writes for a letter it could not read."""
FORMULA = re.compile(r"[=@+]|-(?=[\w(+=@])|[\t\r]")
DASHES = re.compile(r"[-\u2010-\u2015?./*]*")

ISO = re.compile(
    r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[AP]M)?)?", re.IGNORECASE
)
NUMBERS = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?:[ ,]+\d{1,2}:\d{2}(?::\d{2})?(?: ?[AP]M)?)?", re.IGNORECASE)
SHORT_YEAR = re.compile(r"\d{1,2}[-/. ](?:\d{1,2}|[A-Za-z]{3,9})[-/. ]'?\d{2}")
MONTH_FIRST = re.compile(r"([A-Za-z]{3,9})\.? ?(\d{1,2})(?:st|nd|rd|th)?,? ?(\d{4})")
DAY_FIRST = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ -](?:of )?([A-Za-z]{3,9})\.?,?[ -](\d{4})")
YEARS = re.compile(
    r"(?:(?P<years>\d{1,2}(?:\.\d{1,2})?)\s*\+?\s*(?:years?|yrs?|y)?)?"
    r"(?:[\s,]*(?:and )?(?P<months>\d{1,2})\s*(?:months?|mos?|m))?\.?(?: of (?:service|experience))?"
)
STATUS_AND_DAY = re.compile(
    rf"([a-z ]*?)[\s:,(-]*(?:\bon )?((?:\d|\b(?:{'|'.join(MONTH_KEYS)})[a-z]*\.? \d).*?)\)?", re.IGNORECASE
)
DATE_HELP = "write it as 2018-06-01 or 6/1/2018 (month first)"


class CellError(ValueError):
    """A cell that cannot be read; the text is an order for whoever filled it in."""


_words = cached_text(8192, personal=True)(fold)


def text_or_nothing(value: Cell) -> str:
    """Return the text of a cell, or nothing where it holds a stand-in for nothing ("N/A", "-", "TBD")."""
    text = text_of(value)
    # With an accent it is a name, and no stand-in: "Nĩl".
    return "" if DASHES.fullmatch(text) or (text.isascii() and _words(text) in NOTHING) else text


def plain_text(value: Cell, *, name: bool = False) -> str | None:
    """Return a name, rank or number as typed, spaces single; as a ``name``, "Na" and "Null" are names.

    Raises:
        CellError: it begins like a formula, is too long, or holds what cannot be printed.
    """
    if isinstance(value, date | time | timedelta):
        raise CellError("Excel turned this into a date. Set the cell’s format to Text and type it again.")
    text = text_of(value) if name and not DASHES.fullmatch(text_of(value)) else text_or_nothing(value)
    if not text:
        return None
    if isinstance(value, str) and (FORMULA.match(value) or FORMULA.match(text)):
        raise CellError("This starts like a formula. Type plain text that starts with a letter or digit.")
    if character := find_forbidden_character(text):
        raise CellError(f"This contains {character}, which documents cannot show. Delete it, or type the text again.")
    if REPLACEMENT_CHARACTER in text:
        raise CellError("Contains \ufffd, which marks a letter that was lost. Type the text again.")
    if len(text) > LONGEST_TEXT:
        raise CellError(f"This is longer than {LONGEST_TEXT} characters. Shorten it.")
    return text


def truth(value: Cell, more: frozenset[str] = frozenset(), less: frozenset[str] = frozenset()) -> bool | None:
    """Return what a cell answers; ``more`` and ``less`` are words that also mean yes and no in this column.

    Raises:
        CellError: it is neither yes nor no.
    """
    if isinstance(value, bool):
        return value
    text = text_or_nothing(value)
    words = _sign(text) or _words(text)
    if not text:
        return None
    if words in YES or words in more:
        return True
    if words in NO or words in less:
        return False
    raise CellError("Write yes or no, or leave it empty.")


def _sign(text: str) -> str:
    return text if len(text) == 1 and not text.isalnum() and not DASHES.fullmatch(text) else ""


def day(value: Cell, *, date1904: bool = False) -> date | None:
    """Return the day a cell holds: Excel's own date, its serial number, or one of many ways to write it.

    Raises:
        CellError: it is no day, could be two, or no such day can be meant.
    """
    if isinstance(value, bool | time | timedelta):
        raise CellError(f"This is not a date; {DATE_HELP}.")
    if isinstance(value, datetime):
        result = value.date()
    elif isinstance(value, date):
        result = value
    elif isinstance(value, float | int):
        counted = serial_date(value, date1904=date1904) if value >= FIRST_SERIAL else None
        if counted is None:
            raise CellError(f"This is a number, not a date; {DATE_HELP}.")
        result = counted
    else:
        text = text_or_nothing(value)
        if not text:
            return None
        result = _written_day(text)
    if not FIRST_YEAR <= result.year <= LAST_YEAR:
        raise CellError(f"Check the year: it must be between {FIRST_YEAR} and {LAST_YEAR}.")
    return result


@cached_text(8192, personal=True)
def _written_day(text: str) -> date:
    if match := ISO.fullmatch(text):
        return _existing(int(match[1]), int(match[2]), int(match[3]))
    if match := NUMBERS.fullmatch(text):
        month, mark, number, year = int(match[1]), match[2], int(match[3]), int(match[4])
        if mark == "." and number <= len(MONTH_KEYS) and month != number:
            raise CellError("With dots, it is not clear which number is the month. Write it as 2018-06-01 or 6/1/2018.")
        if month > len(MONTH_KEYS):
            raise CellError(f"There is no such month; {DATE_HELP}.")
        return _existing(year, month, number)
    if SHORT_YEAR.fullmatch(text):
        raise CellError("Write the year with four digits, for example 6/1/2018.")
    for pattern, month_at, day_at in ((MONTH_FIRST, 1, 2), (DAY_FIRST, 2, 1)):
        if (match := pattern.fullmatch(text)) and (named := _month(match[month_at])):
            return _existing(int(match[3]), named, int(match[day_at]))
    if re.fullmatch(r"(?:[A-Za-z]{3,9}\.?,? ?|\d{1,2}/)?\d{4}", text):
        raise CellError("Write the whole date with the day, for example 2018-06-01.")
    raise CellError(f"This date cannot be read; {DATE_HELP}.")


def _month(word: str) -> int | None:
    word = word.lower()
    word = "sep" if word == "sept" else word
    return next((n for n, name in enumerate(MONTH_NAMES, 1) if word in {name, name[:3]}), None)


def _existing(year: int, month: int, number: int) -> date:
    try:
        return date(year, month, number)
    except ValueError:
        raise CellError(f"There is no such day; {DATE_HELP}.") from None


def service(value: Cell, *, date1904: bool = False) -> tuple[date | None, int | float | None]:
    """Return since when somebody serves, or for how many years; people write either in either column.

    Raises:
        CellError: it is neither a day nor a number of years.
    """
    if isinstance(value, float | int) and not isinstance(value, bool) and 0 <= value <= MOST_YEARS:
        return None, _number(float(value))
    text = text_or_nothing(value) if isinstance(value, str) else ""
    match = YEARS.fullmatch(text.lower())
    if text and match and (match["years"] or match["months"]):
        years = float(match["years"] or 0) + int(match["months"] or 0) / 12
        if years > MOST_YEARS:
            raise CellError("Write years of service below 100, or the date service began.")
        return None, _number(years)
    return day(value, date1904=date1904), None


def _number(years: float) -> int | float:
    rounded = round(years, 2)
    return int(rounded) if rounded.is_integer() else rounded


def background(value: Cell, *, date1904: bool = False) -> tuple[Background | None, date | None]:
    """Return whether the background investigation is completed or pending, and on which day it was completed.

    Raises:
        CellError: it says something else; a result is never kept.
    """
    if isinstance(value, bool):
        return ("completed" if value else None), None
    if not isinstance(value, str):
        return ("completed", completed_on) if (completed_on := day(value, date1904=date1904)) else (None, None)
    text = text_or_nothing(value)
    if not text:
        return None, None
    status = _status(_words(text))
    if status is not None or _words(text) in NO:
        return status, None
    # "passed 11/3/2025", "Completed (Nov 3, 2025)", "11/3/2025": the words before, the day after.
    match = STATUS_AND_DAY.fullmatch(text)
    if match is None:
        raise CellError("Write completed or pending, or leave it empty. The result is never stored.")
    status = _status(_words(match[1])) if match[1].strip() else "completed"
    if status is None:
        raise CellError("Write completed or pending, with a date if you like. The result is never stored.")
    completed_on = day(match[2])
    return status, completed_on if status == "completed" else None


def _status(words: str) -> Background | None:
    if words in COMPLETED_WORDS or words in YES:
        return "completed"
    return "pending" if words in OPEN else None


def models(value: Cell) -> tuple[Model, ...]:
    """Return the models a cell names, in the order of ``MODELS``: "TFM; WSO", "Task Force Model and JEM".

    Raises:
        CellError: a word is the name of no model.
    """
    return _models(text_or_nothing(value))


@cached_text(1024)
def _models(text: str) -> tuple[Model, ...]:
    if not text:
        return ()
    whole = model_of(text)
    names = [text] if whole else re.split(r"[;,/|&+\n]|\band\b", text, flags=re.IGNORECASE)
    if not whole and all(word.upper() in MODELS for word in text.split()):
        names = text.split()
    models = {model_of(name) for name in names if name.strip()}
    if None in models or not models:
        raise CellError(f"Write {', '.join(MODELS[:-1])} or {MODELS[-1]}. Separate two or more with a semicolon.")
    return tuple(model for model in MODELS if model in models)
