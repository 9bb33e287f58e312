"""Words that stand for yes, no and nothing in a cell, and the error of a cell that cannot be read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from assistant.cache import cached_text
from assistant.program.states_and_counties import fold
from assistant.spreadsheets import text_of

if TYPE_CHECKING:
    from assistant.spreadsheets import Cell

YES = frozenset(
    {"y", "yes", "true", "t", "1", "x", "✓", "✔", "✅", "☑", "☒", "ok", "okay", "confirmed", "verified", "yep", "yeah"}
    | {"affirmative", "correct", "checked", "met", "meets", "certified", "xx"}
)
NO = frozenset(
    {"n", "no", "false", "f", "0", "✗", "✘", "❌", "☐", "not", "nope", "negative", "not met", "does not meet", "non"}
)
NOTHING = frozenset(
    {"na", "n a", "none", "null", "nil", "unknown", "unk", "tbd", "tba", "not known", "not applicable", "not provided"}
    | {"blank", "see file", "to be determined", "n k", "not available", "ukn", "none listed", "not listed"}
)
CITIZEN = frozenset(
    {"us", "usa", "u s", "u s a", "united states", "american", "citizen", "us citizen", "usc", "born us", "us born"}
    | {"born in us", "born in the us", "born usa", "born in usa", "naturalized", "naturalised", "native", "by birth"}
    | {"native born", "natural born", "birth", "us national citizen", "united states citizen", "naturalized citizen"}
    | {"naturalized us citizen", "us citizen naturalized", "us citizen by birth", "citizen by birth", "us citizenship"}
    | {"us citizen born", "born us citizen", "naturalization", "usa citizen", "american citizen", "us native"}
    | {"native us", "natural born citizen", "native born citizen", "u s citizen", "born in united states"}
    | {"born in the united states", "born abroad us citizen", "derived", "us by birth", "citizen us"}
)
NOT_CITIZEN = frozenset(
    {"non citizen", "noncitizen", "not a citizen", "not a us citizen", "not citizen", "non us citizen", "lpr"}
    | {"permanent resident", "lawful permanent resident", "green card", "non us", "resident alien", "not us citizen"}
)
TRAINED = frozenset(
    {"trained", "completed", "complete", "done", "certified", "in service", "inservice", "academy", "current", "passed"}
    | {"finished", "jail academy", "in service training", "annual in service", "graduated", "attended", "up to date"}
    | {"on the job", "annual", "annually", "taken", "post certified"}
)
MORE_THAN_YES = re.compile(
    r"\b(?:but|except|not?|unless|until|if|pending|expire[sd]?|partial\w*|unclear|maybe|unsure|wait\w*|appl(?:ied|ying)"
    r"|progress|process|half|some|verify|check|lapsed?|revoked|needs?|soon|scheduled|tbd|dual|unknown|confirm)\b|\?"
)
"""Words behind a yes or a no that may turn it around: such a cell is asked."""
LEADING_WORD = re.compile(r"(y|yes|n|no|x|true|false)\s*[-\u2013\u2014(,;:/.]\s*(.*?)\)?", re.IGNORECASE)
DASHES = re.compile(r"[-\u2010-\u2015?./*_]*")
YEAR_BEHIND = re.compile(r"\D*?(?:19|20)\d{2}")

words_of = cached_text(8192, personal=True)(fold)


class CellError(ValueError):
    """A cell that cannot be read; the text is an order for whoever filled it in."""


def text_or_nothing(value: Cell) -> str:
    """Return the text of a cell, or nothing where it holds a stand-in for nothing ("N/A", "-", "TBD")."""
    text = text_of(value)
    # With an accent it is a name, and no stand-in: "Nĩl".
    return "" if DASHES.fullmatch(text) or (text.isascii() and words_of(text.strip("()#*")) in NOTHING) else text


def truth(value: Cell, more: frozenset[str] = frozenset(), less: frozenset[str] = frozenset()) -> bool | None:
    """Return what a cell answers; ``more`` and ``less`` are words that also mean yes and no in this column.

    Raises:
        CellError: it is neither yes nor no.
    """
    if isinstance(value, bool):
        return value
    text = text_or_nothing(value)
    if not text:
        return None
    words = _sign(text) or words_of(text)
    if "?" not in text:
        if words in YES or words in more:
            return True
        if words in NO or words in less:
            return False
        # "Y (native)", "Yes - on file", "No, LPR": the first word answers, unless the others may turn it around.
        match = LEADING_WORD.fullmatch(text)
        if match and not MORE_THAN_YES.search(words_of(match[2])) and words_of(match[2]) not in YES | NO:
            is_yes = words_of(match[1]) in YES
            if words_of(match[2]) not in (less if is_yes else more):
                return is_yes
    raise CellError("Write yes or no, or leave it empty.")


def training(value: Cell) -> bool | None:
    """Return whether a cell says that somebody is trained; a day or year of training says so too.

    Raises:
        CellError: it says neither.
    """
    text = text_of(value)
    words = words_of(text)
    stripped = re.sub(r" ?(?:in |on )?(?:\d{1,2} ){0,2}(?:19|20)\d{2}$", "", words)
    if stripped != words and "?" not in text and (not stripped or stripped in TRAINED or stripped in YES):
        return True
    if re.fullmatch(r"\d{1,3} ?(?:hrs?|hours?)", words):
        return True
    return truth(value, TRAINED)


def _sign(text: str) -> str:
    text = text.replace("\ufe0f", "")
    return text if len(text) == 1 and not text.isalnum() and not DASHES.fullmatch(text) else ""
