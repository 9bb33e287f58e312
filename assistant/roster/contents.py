"""What stands in a column, whatever its heading: days, years, yes and no, names, ranks, models and the rest."""

from __future__ import annotations

import re
from datetime import date, time, timedelta
from typing import TYPE_CHECKING

from assistant.cache import cached_text
from assistant.roster import values
from assistant.roster.cell_words import (
    CITIZEN,
    NO,
    NOT_CITIZEN,
    TRAINED,
    YES,
    CellError,
    text_or_nothing,
    truth,
    words_of,
)  # fmt: skip
from assistant.roster.days import PARTIAL, day
from assistant.roster.names import holds_rank, read_name
from assistant.roster.values import COMPLETED_WORDS, OPEN_WORDS
from assistant.spreadsheets import text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from assistant.spreadsheets import Cell

SAMPLE = 120
"""Cells of a column that are looked at, spread over the sheet."""
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}")
PHONE = re.compile(r"(?:\+?1[-. ]?)?(?:\(\d{3}\) ?|\d{3}[-. ])?\d{3}[-. ]\d{4}(?: ?x\d+)?|\d{3}-\d{3}-\d{4}")
ID = re.compile(r"#?[A-Za-z]{0,4}[- ]?\d{1,8}[A-Za-z]?|[A-Za-z]{1,2}\d[\w-]{1,8}")
LETTERS = re.compile(r"[^\W\d_][^\d_]*")
DAY_LIKE = re.compile(r"\d{1,2}[-/. ](?:\d{1,2}|[A-Za-z]{3})[-/. ]'?\d{2,4}|[A-Za-z]{3,9}\.? \d{1,2},? '?\d{2,4}")
MOST_PLAUSIBLE_YEARS = 60
FEWEST_WORDS, MOST_WORDS = 2, 6
"""Words in the name of a person."""
COMPACT_DAY = 8
KINDS = (
    "day", "part of a day", "years", "truth", "status", "model", "email", "phone", "rank", "name", "word", "id", "text",
    "citizen", "trained",
)  # fmt: skip

FITS: dict[str, frozenset[str]] = {
    "full_name": frozenset({"name"}),
    "first_name": frozenset({"word", "name"}),
    "middle_name": frozenset({"word", "name"}),
    "last_name": frozenset({"word", "name"}),
    "suffix": frozenset({"word"}),
    "rank": frozenset({"rank", "word", "name", "text"}),
    "badge_number": frozenset({"id", "years"}),
    "models": frozenset({"model"}),
    "us_citizen": frozenset({"truth", "citizen"}),
    "background_investigation": frozenset({"status", "truth", "day", "part of a day"}),
    "background_completed_on": frozenset({"day", "part of a day", "status", "truth"}),
    "law_enforcement_since": frozenset({"day", "part of a day", "years"}),
    "law_enforcement_years": frozenset({"years", "day"}),
    "enforced_laws": frozenset({"truth"}),
    "facility_security_trained": frozenset({"truth", "trained", "day", "part of a day"}),
    "enforced_inmate_rules": frozenset({"truth"}),
    "inmate_rules_authority": frozenset({"truth"}),
}
"""Kinds of cells that each answer takes; a column of ticks for a model takes yes and no."""


def sample_cells(rows: Sequence[Sequence[Cell]], index: int) -> list[Cell]:
    """Return cells of a column that say something, spread over the sheet, at most ``SAMPLE``."""
    step = max(1, len(rows) // SAMPLE)
    return [row[index] for row in rows[::step] if index < len(row) and text_or_nothing(row[index])]


def kinds_of(cell: Cell) -> frozenset[str]:
    """Return what kinds of answers one cell can be (``KINDS``); a 1 is yes, a number of years and a badge number."""
    if isinstance(cell, bool):
        return frozenset({"truth"})
    if isinstance(cell, date):
        return frozenset({"day"})
    if isinstance(cell, time | timedelta):
        return frozenset()
    return _kinds_of_text(cell) if isinstance(cell, str) else _kinds_of_value(cell)


@cached_text(8192, personal=True)
def _kinds_of_text(cell: str) -> frozenset[str]:
    return _kinds_of_value(cell)


def _kinds_of_value(cell: Cell) -> frozenset[str]:
    text = text_of(cell)
    words = words_of(text)
    kinds = set(_kinds_of_words(text, words))
    if _is_day(cell):
        kinds.add("day")
    elif PARTIAL.fullmatch(text):
        kinds.add("part of a day")
    if _is_years(cell):
        kinds.add("years")
    if ID.fullmatch(text) and "day" not in kinds:
        kinds.add("id")
    if PHONE.fullmatch(text) and "day" not in kinds:
        kinds.add("phone")
    return frozenset(kinds)


def _kinds_of_words(text: str, words: str) -> Iterable[str]:
    if words in YES | NO or _is_truth(text):
        yield "truth"
    if words in CITIZEN | NOT_CITIZEN:
        yield "citizen"
    if words in TRAINED:
        yield "trained"
    if words in COMPLETED_WORDS | OPEN_WORDS or re.match(r"(?:completed?|passed|cleared|initiated|pending)\b", words):
        yield "status"
    try:
        if values.models(text):
            yield "model"
    except CellError:
        pass
    if EMAIL.fullmatch(text):
        yield "email"
    elif holds_rank(text):
        yield "rank"
    elif LETTERS.fullmatch(text) and words not in YES | NO:
        pieces = read_name(text).name.split()
        yield "name" if FEWEST_WORDS <= len(pieces) <= MOST_WORDS else "word" if len(pieces) == 1 else "text"
    elif any(letter.isalpha() for letter in text):
        reading = read_name(text)
        pieces = reading.name.split()
        is_name = FEWEST_WORDS <= len(pieces) <= MOST_WORDS and LETTERS.fullmatch(reading.name) and reading.name != text
        yield "name" if is_name else "text"


def _is_truth(text: str) -> bool:
    try:
        return truth(text) is not None
    except CellError:
        return False


def _is_day(cell: Cell) -> bool:
    if isinstance(cell, str) and DAY_LIKE.fullmatch(text_of(cell)):
        return True
    try:
        return day(cell) is not None and not (
            isinstance(cell, str) and text_of(cell).isdecimal() and len(cell) < COMPACT_DAY
        )
    except CellError:
        return False


def _is_years(cell: Cell) -> bool:
    try:
        years = values.service(cell).years
    except CellError:
        return False
    return years is not None and years <= MOST_PLAUSIBLE_YEARS


def fit_of(answer: str, kinds: Sequence[frozenset[str]]) -> float:
    """Return which share of a column's cells the answer can take, from 0 to 1; 1 for an empty column."""
    if not kinds:
        return 1.0
    fitting = FITS["us_citizen"] - {"citizen"} if answer.startswith("model:") else FITS[answer]
    share = sum(bool(fitting & kind) for kind in kinds) / len(kinds)
    if answer == "full_name":
        # One name ("Alex") may be all that a list has, a column of single words beside others is none.
        share = max(share, 0.9 * sum(bool({"name", "word"} & kind) for kind in kinds) / len(kinds))
    return share


def share_of(kind_name: str, kinds: Sequence[frozenset[str]]) -> float:
    """Return which share of the cells is of a kind."""
    return sum(kind_name in kind for kind in kinds) / len(kinds) if kinds else 0.0
