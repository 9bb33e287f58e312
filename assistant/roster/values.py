"""Read one cell of a roster. What cannot be read raises ``CellError`` with an order; no message repeats the cell."""

from __future__ import annotations

import re
from datetime import date, time, timedelta
from math import floor
from typing import TYPE_CHECKING, NamedTuple

from assistant.agencies.words import MODEL_WORDS
from assistant.answers import MODELS
from assistant.cache import cached_text
from assistant.roster.cell_words import DASHES, NO, YES, CellError, text_or_nothing, words_of
from assistant.roster.days import FIRST_YEAR, LAST_YEAR, PARTIAL, DayReading, day
from assistant.spreadsheets import text_of
from assistant.text import MONTH_KEYS, find_forbidden_character

if TYPE_CHECKING:
    from assistant.answers import Background, Model
    from assistant.spreadsheets import Cell

LONGEST_TEXT = 200
MOST_YEARS = 99

COMPLETED_WORDS = frozenset(
    {"completed", "complete", "done", "passed", "pass", "cleared", "clear", "finished", "approved", "favorable"}
    | {"favorably adjudicated", "on file", "completed on", "background completed", "bi completed"}
    | {"completed and passed", "completed passed", "passed bi", "bi passed", "comp", "successful", "satisfactory"}
    | {"investigation completed", "yes completed", "yes on file", "cleared on", "passed on"}
)
OPEN_WORDS = frozenset(
    {"pending", "in progress", "in process", "started", "ongoing", "open", "scheduled", "submitted", "awaiting"}
    | {"initiated", "underway", "under way", "pending results", "awaiting results", "processing", "sent", "requested"}
    | {"ordered", "waiting", "in review", "under review", "begun", "active", "pend", "not completed", "incomplete"}
    | {"not yet completed", "not complete", "due", "started on", "initiated on", "submitted on", "to be completed"}
)
NOT_DONE = frozenset({"not started", "not yet", "needed", "needs", "required"})

REPLACEMENT_CHARACTER = "\ufffd"
"""The character that a program writes for a letter it could not read."""
FORMULA = re.compile(r"[=@+]|-(?=[\w(+=@])|[\t\r]")

ONES = (
    "", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
NUMBER_WORDS = {word: number for number, word in enumerate(ONES) if word} | {
    f"{ten} {one}".strip(): ten_at * 10 + one_at
    for ten_at, ten in enumerate(TENS)
    if ten
    for one_at, one in enumerate(ONES[:10])
}
HALVES = {"1/2": 0.5, "½": 0.5, "1/4": 0.25, "¼": 0.25, "3/4": 0.75, "¾": 0.75, "and a half": 0.5}
_UNIT = r"(?:years?|yrs?\.?|y)(?:\(s\))?"
YEARS = re.compile(
    rf"(?:(?P<years>\d{{1,2}}(?:\.\d{{1,2}})?)\s*(?P<part>1/2|½|1/4|¼|3/4|¾|and a half)?\s*\+?\s*(?:{_UNIT})?\s*\+?)?"
    r"(?:[\s,]*(?:and |& ?)?(?P<months>\d{1,2})\s*(?:months?|mons?\.?|mos?\.?|m)(?:\(s\))?)?"
    r"(?:[\s,]*(?:and |& ?)?(?P<days>\d{1,2})\s*(?:days?|d)(?:\(s\))?)?\.?"
)
ABOUT = re.compile(r"^(?:~|≈|about|approx(?:imately|\.)?|around|roughly|circa|ca\.?|almost|nearly)\s*|(?<=\d)ish$")
MORE_THAN = re.compile(r"^(?:>=?|≥|over|more than|at least|min(?:imum)?\.?|greater than|more then)\s*")
BEHIND_YEARS = re.compile(r"\s*(?:of )?(?:total )?(?:service|experience|exp\.?|le|leo|law enforcement|total)\.?$")
NOTE_ABOUT = "The number is given as about; it was read as written."
NOTE_MORE = "The cell says more than this number; the number itself was read."
STATUS_AND_DAY = re.compile(
    rf"([a-z &]*?)[\s:,(-]*(?:\b(?:on|in) )?((?:'?\d|\b(?:{'|'.join(MONTH_KEYS)})[a-z]*\.?,? '?\d).*?)\)?",
    re.IGNORECASE,
)
BACKGROUND_HELP = "Write completed or pending, or leave it empty. The result is never stored."
YEAR_ONLY = "Completed was read, without the day: only a month or a year is written here."


class ServiceReading(NamedTuple):
    """Since when somebody serves, or for how many years; and by which rule it was read ("" where that is plain)."""

    since: date | None
    years: int | float | None
    note: str


class BackgroundReading(NamedTuple):
    """Whether the investigation is completed or pending, on which day, and by which rule it was read."""

    status: Background | None
    day: date | None
    note: str


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


def service(value: Cell, *, date1904: bool = False) -> ServiceReading:
    """Return since when somebody serves, or for how many years; people write either in either column.

    Raises:
        CellError: it is neither a day nor a number of years.
    """
    if isinstance(value, float | int) and not isinstance(value, bool) and 0 <= value <= MOST_YEARS:
        return ServiceReading(None, _number(float(value)), "")
    text = text_or_nothing(value) if isinstance(value, str) else ""
    if text and (reading := _written_years(text)):
        return reading
    day_reading = day(value, date1904=date1904)
    return ServiceReading(day_reading.day, None, day_reading.note) if day_reading else ServiceReading(None, None, "")


@cached_text(4096)
def _written_years(text: str) -> ServiceReading | None:
    plain = " ".join(text.lower().replace("-", " ").split()) if not re.search(r"\d", text) else text.lower()
    bare = MORE_THAN.sub("", ABOUT.sub("", plain))
    note = NOTE_ABOUT if ABOUT.search(plain) else NOTE_MORE if bare != plain or "+" in plain else ""
    bare = BEHIND_YEARS.sub("", bare).strip()
    words = re.sub(r"\s*\b(?:years?|yrs?)\b\.?.*", "", bare)
    if words in NUMBER_WORDS and re.fullmatch(r"\s*(?:\b(?:years?|yrs?)\b\.?)?", bare[len(words) :]):
        return ServiceReading(None, NUMBER_WORDS[words], note)
    match = YEARS.fullmatch(bare)
    if not match or not (match["years"] or match["months"] or match["days"]):
        return None
    years = float(match["years"] or 0) + HALVES.get(match["part"] or "", 0)
    years += int(match["months"] or 0) / 12 + int(match["days"] or 0) / 365.25
    if years > MOST_YEARS:
        raise CellError("Write years of service below 100, or the date service began.")
    return ServiceReading(None, _number(years), note)


def _number(years: float) -> int | float:
    """Return years with two places, never more than they are: 1 year, 11 months and 30 days are not two years."""
    lower = floor(years * 100 + 1e-6) / 100
    return int(lower) if lower.is_integer() else lower


def background(value: Cell, *, date1904: bool = False) -> BackgroundReading:
    """Return whether the background investigation is completed or pending, and on which day it was completed.

    Raises:
        CellError: it says something else; a result is never kept.
    """
    if isinstance(value, bool):
        return BackgroundReading("completed" if value else None, None, "")
    if not isinstance(value, str):
        if isinstance(value, float | int) and FIRST_YEAR <= value <= LAST_YEAR:
            return BackgroundReading("completed", None, YEAR_ONLY)
        reading = day(value, date1904=date1904)
        return BackgroundReading("completed", reading.day, "") if reading else BackgroundReading(None, None, "")
    text = text_or_nothing(value)
    words = words_of(text)
    if not text or words in NO or words in NOT_DONE:
        return BackgroundReading(None, None, "")
    if status := _status(words) if "?" not in text else None:
        return BackgroundReading(status, None, "")
    if "?" not in text and (whole := _whole_day(text)):
        return BackgroundReading("completed", whole.day, whole.note)
    # "passed 11/3/2025", "Completed (Nov 3, 2025)", "11/3/2025": the words before, the day after.
    match = STATUS_AND_DAY.fullmatch(text)
    if match is None or "?" in text:
        raise CellError(BACKGROUND_HELP)
    status = _status(words_of(match[1])) if match[1].strip() else "completed"
    if status is None:
        raise CellError("Write completed or pending, with a date if you like. The result is never stored.")
    if PARTIAL.fullmatch(match[2]):
        return BackgroundReading(status, None, YEAR_ONLY if status == "completed" else "")
    day_reading = day(match[2])
    if status == "pending" or day_reading is None:
        return BackgroundReading(status, None, "")
    return BackgroundReading(status, day_reading.day, day_reading.note)


def _whole_day(text: str) -> DayReading | None:
    try:
        return day(text)
    except CellError:
        return None


def _status(words: str) -> Background | None:
    if words in COMPLETED_WORDS or words in YES:
        return "completed"
    return "pending" if words in OPEN_WORDS else None


def models(value: Cell) -> tuple[Model, ...]:
    """Return the models a cell names, in the order of ``MODELS``: "TFM; WSO", "Task Force Model and JEM".

    Nothing is guessed: "ALL", "JEM?" and a slip such as "Task Farce" are asked.

    Raises:
        CellError: a word is the name of no model.
    """
    return _models(text_or_nothing(value))


@cached_text(1024)
def _models(text: str) -> tuple[Model, ...]:
    if not text:
        return ()
    whole = _model(text)
    names = [text] if whole else re.split(r"[;,/|&+\n]|\band\b", text, flags=re.IGNORECASE)
    if not whole and all(word.upper() in MODELS for word in text.split()):
        names = text.split()
    models = {_model(name) for name in names if name.strip()}
    if None in models or not models or "?" in text:
        raise CellError(f"Write {', '.join(MODELS[:-1])} or {MODELS[-1]}. Separate two or more with a semicolon.")
    return tuple(model for model in MODELS if model in models)


def _model(text: str) -> Model | None:
    """Return the model that a text names, word for word."""
    plain = re.sub(r"287\s*\(?g\)?", " ", text, flags=re.IGNORECASE)
    words = words_of(re.sub(r"^\s*model\s*:", " ", plain, flags=re.IGNORECASE))
    name, bracket = words_of(plain.partition("(")[0]), words_of(plain.partition("(")[2])
    if words in MODEL_WORDS:
        return MODEL_WORDS[words]
    named, short = MODEL_WORDS.get(name), MODEL_WORDS.get(bracket)
    if named and short:
        return named if named == short else None
    return MODEL_WORDS.get(words.removesuffix(" program").removesuffix(" model")) if not bracket else None
