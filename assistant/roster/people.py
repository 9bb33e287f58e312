"""Tell the rows that name a person from notes, totals, vacancies and the rest; never keep a note about health."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from assistant.cache import cached_text
from assistant.program.states_and_counties import fold
from assistant.roster.cell_words import words_of
from assistant.roster.names import SUFFIXES, holds_rank, read_name
from assistant.spreadsheets import is_blank, text_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.spreadsheets import Cell

HEALTH = re.compile(
    r"\b(?:fmla|medical(?:ly)?|sick|disab\w*|maternity|paternity|parental leave|pregnan\w*|surgery|injur\w*|illness"
    r"|hospital\w*|workers?[’']? ?comp\w*|light duty|limited duty|restricted duty|modified duty|health|ptsd|rehab\w*"
    r"|recover(?:y|ing)|bereavement|cancer|stress leave|doctor|diagnos\w*|covid\w*|therapy|iod|injured on duty|wc leave"
    r"|ada accommodation|quarantine|short[- ]term disability|std leave|ltd leave)\b",
    re.IGNORECASE,
)
HEALTH_BEHIND = (
    re.compile(rf"\s*[(\[][^()\[\]]*{HEALTH.pattern}[^()\[\]]*[)\]]", re.IGNORECASE),
    re.compile(
        rf"(?<=[^\W\d_])\s*(?:[*;/]| [-\u2013\u2014]|, *(?=on |out )) *(?:[^,*;]*?){HEALTH.pattern}.*$", re.IGNORECASE
    ),
)
"""A remark about health behind a name: "Cobb, Zoe (FMLA)", "Zoe Cobb - on medical leave"."""
HEALTH_REMOVED = "(note removed)"
"""What a stored sheet holds in place of a note about somebody's health."""
WHY_HEALTH = "This looks like a note about someone’s health or leave. It names no one, and its text is not kept."
WHY_TOTAL = "This row was left out because it looks like a total."
WHY_PAGE = "This looks like a page number or the head of a printed page."
WHY_HEADINGS = "This row repeats the headings."
WHY_VACANT = "This looks like a position that nobody holds."
WHY_SIGNED = "This looks like a signature, a date or a word about who made the list."
WHY_NOTE = "This looks like a note and not like a person."
WHY_DIVISION = "This looks like the name of a unit, shift or group."
WHY_NO_NAME = "There is no name in the name column, and only one cell is filled."

TOTALS = re.compile(
    r"(?:grand |sub ?)?totals?(?: \w+){0,3}|(?:head ?)?count(?: \d+)?|end(?: of (?:list|roster|file|report|document))?"
    r"|(?:grand |sub ?)?total\b.*\d.*|\d+ (?:nominees|deputies|officers|employees|people|records|rows)(?: \w+){0,2}"
    r"|(?:number|no|count|sum|average|avg|record count)(?: of \w+){0,2}(?: \w+)? \d+|records? \d+.*|report totals?"
)
PAGES = re.compile(r"(?:page|pg|p) ?\d+(?: ?(?:of|/)? ?\d+)?(?: .*)?|\d+ of \d+|.* page \d+ of \d+|continued.*|cont d?")
VACANT = re.compile(
    r"(?:currently |position |now )*(?:vacant|vacancy|vacancies|vac|open|unfilled|unassigned|frozen|tbd|tba|tbh"
    r"|to be (?:determined|hired|announced|filled|named|assigned|selected|decided)|new hire|new position|not filled"
    r"|hiring|recruiting|hold|name|none|nobody|no one)"
    r"(?: (?:position|slot|vacancy|spot|post|seat|fte|positions|slots|pending|tbd|\d+|hire|deputy"
    r"|officer|sergeant|due|to"
    r"|retirement|resignation|i+|unfilled|since|funded|unfunded|budgeted|req|requisition|for|future"
    r"|transfer|promotion))*"
    r"|(?:position|slot|deputy|officer|sergeant|corporal) (?:is )?(?:vacant|open|unfilled|tbd|frozen)"
    r"|(?:vacant|unfilled)\b.*"
)
SIGNED = re.compile(
    r"(?:prepared|submitted|compiled|updated|revised|reviewed|approved|created|generated|printed|signed|certified"
    r"|authorized|verified|completed|provided|sent|entered|maintained|run|report run|as)"
    r" (?:by|on|as of|of|date|for|from|\d).*|as of\b.*|(?:last )?(?:updated|revised|revision"
    r"|printed)\b.*|signatures?\b.*"
    r"|(?:date|rev|effective|eff|report date|run date|print date|printed on|as of date)\b.*\d.*|_+.*"
    r"|sheriff s? signature"
    r"|x ?_{2,}|respectfully\b.*|sincerely\b.*|contact\b.*|questions\b.*|i (?:hereby |certify|attest).*|attest\w*\b.*"
    r"|(?:source|report|file|form|version|confidential|for official use|law enforcement sensitive|fouo|draft)\b.*"
    r"|(?:hr|human resources)(?: .*)?|chief signature|authorized signature|signed|name title date"
)
NOTE_STARTS = re.compile(
    r"(?:note|notes|see|please|pls|attn|attention|legend|key|color|highlight\w*|yellow|green|red"
    r"|blue|all|any|these|those"
    r"|this|the|above|below|following|list|roster|only|except|includes?|excludes?|per|must|nominees|personnel|names? in"
    r"|remarks?|comments?|reminder|important|bold|italics?|asterisk|denotes|indicates|if|do not|does not|not|has|have"
    r"|will|we|he|she|they|our|more|additional|others?|for|in|on|to|with|pending|waiting|will be|instructions?|example"
    r"|nominated|sworn|civilian|reserves?|active|inactive|submit|return|complete|fill|on leave|transferred|retired"
    r"|resigned|terminated|remove|add|deployed|military)\b"
)
SENTENCE = re.compile(
    r"\b(?:is|are|was|were|will|has|have|been|until|attached|pending|returns?|returning|leave"
    r"|deployed|retir\w*|transfer\w*"
    r"|resign\w*|start\w*|currently|per|because|please|should|must|not|see|from|with|for|by|list|sheet|due|scheduled"
    r"|effective|assigned|academy|probation\w*|expected|complet\w*|submitted|nominated|training|nominees?)\b"
)
UNITS = re.compile(
    r"\b(?:division|bureau|unit|section|shift|squad|platoon|team|district|precinct|department|dept|office|patrol|jail"
    r"|detention|corrections?|courts?|investigations?|administration|admin|command|operations"
    r"|services|support|watch|days"
    r"|nights|evenings?|midnights?|sworn|civilian|staff|personnel|reserves?|detectives?|supervisors?|deputies|officers"
    r"|sergeants|corporals|lieutenants|task force|nominees|warrants?|civil|transport\w*|booking|classification|training"
    r"|traffic|narcotics|k ?9|swat|sro|records|dispatch|communications|facility|center|station|group"
    r"|roster|list|tfm|jem"
    r"|wso|ttfm|alternates?|candidates?|enforcement|process|security|part time|full time|county|sheriff ?s|police|north"
    r"|south|east|west|alpha|bravo|charlie|delta)\b"
)
LONE_CELLS = 2
"""Cells of a row that may be filled without one of them being an answer about a person."""
SHORT_NAME, LONG_NAME = 3, 5
"""Words that most names have at most; words that nearly no name has more of."""
MARK = re.compile(r"^[*†‡>•]+\s*\S|^\(\d\)\s|^-\s")


@cached_text(8192, personal=True)
def is_health_note(text: str) -> bool:
    """Say whether a text speaks of somebody's health, so that it is never kept."""
    return text == HEALTH_REMOVED or HEALTH.search(text) is not None


def without_health_notes(row: Sequence[Cell]) -> list[Cell]:
    """Return a row without remarks on somebody's health: a remark behind a name goes, or else the whole cell."""
    return [_without_health_note(cell) if isinstance(cell, str) and HEALTH.search(cell) else cell for cell in row]


def _without_health_note(text: str) -> str:
    for pattern in HEALTH_BEHIND:
        text = pattern.sub("", text)
    return HEALTH_REMOVED if HEALTH.search(text) or not text.strip() else text.strip()


def why_no_person(
    row: Sequence[Cell], names: Sequence[int], answers: Sequence[int], headings: frozenset[str], usual: int
) -> str | None:
    """Return in a sentence why a row names no person, or None.

    Args:
        row: its cells.
        names: places of the columns with names.
        answers: places of all columns that are read.
        headings: the headings of the sheet as ``fold`` gives them.
        usual: how many of ``answers`` most rows fill.
    """
    texts = [text_of(row[index]) for index in names if index < len(row)]
    name = " ".join(text for text in texts if text)
    answered = sum(index < len(row) and not is_blank(row[index]) for index in answers)
    beside = answered - sum(bool(text) for text in texts)
    words = words_of(name)
    if name and beside > max(0, usual // 2 - 1) and not all(fold(text) in headings for text in texts if text):
        # A row as full as the others: a person, unless the very words say otherwise.
        if TOTALS.fullmatch(words):
            return WHY_TOTAL
        return WHY_VACANT if _is_vacant(words) else None
    filled = [text_of(cell) for cell in row if not is_blank(cell)]
    whole = fold(" ".join(filled))
    if len(filled) > 1 and sum(fold(text) in headings for text in filled) * 2 > len(filled):
        return WHY_HEADINGS
    if not name:
        return _why_without_name(filled, whole, answered)
    # A word in a column of its own is no part of a name: "Total | 2".
    if TOTALS.fullmatch(words) or (beside <= 1 and TOTALS.fullmatch(whole)):
        return WHY_TOTAL
    if _is_vacant(words):
        return WHY_VACANT
    if PAGES.fullmatch(words) or PAGES.fullmatch(whole):
        return WHY_PAGE
    return _why_note(name, words, beside, usual, texts)


def _is_vacant(words: str) -> bool:
    return VACANT.fullmatch(re.sub(r"[^a-z ]", " ", words).strip()) is not None


def _why_without_name(filled: Sequence[str], whole: str, answered: int) -> str | None:
    if any(is_health_note(text) for text in filled):
        return WHY_HEALTH
    if TOTALS.fullmatch(whole):
        return WHY_TOTAL
    if _is_vacant(whole):
        return WHY_VACANT
    if PAGES.fullmatch(whole):
        return WHY_PAGE
    if any(text.endswith(":") for text in filled) or any(SIGNED.fullmatch(fold(text)) for text in filled):
        return WHY_SIGNED
    if answered <= 1 and len(filled) <= LONE_CELLS:
        first = filled[0] if filled else ""
        return _why_note(first, fold(first), 0, 2, [first]) or WHY_NO_NAME
    return None


def _why_note(name: str, words: str, beside: int, usual: int, texts: Sequence[str]) -> str | None:
    """Return why a row with little besides a name is a note, or None."""
    if is_health_note(name):
        return WHY_HEALTH
    if SIGNED.fullmatch(words):
        return WHY_SIGNED
    if beside and not _is_note(name, words):
        return None
    if MARK.match(name) and usual > 1 and not beside:
        return WHY_NOTE
    if MARK.match(name) and (SENTENCE.search(words) or len(words.split()) > LONG_NAME + 2):
        return WHY_NOTE
    plain = len([text for text in texts if text]) == 1
    if usual > 1 and plain and not beside and len(words.split()) <= SHORT_NAME and _is_unit(name, words):
        return WHY_DIVISION
    if _is_note(name, words) and plain:
        return WHY_NOTE
    if usual > 1 and plain and not beside and _is_unit(name, words):
        return WHY_DIVISION
    return None


def _is_note(name: str, words: str) -> bool:
    pieces = words.split()
    if not pieces:
        return False
    reading = read_name(name)
    if NOTE_STARTS.match(words) and (len(pieces) > SHORT_NAME or SENTENCE.search(words) or len(pieces) == 1):
        return True
    ends_sentence = name.endswith(".") and len(pieces[-1]) > 1 and pieces[-1] not in SUFFIXES
    if ":" in name or (ends_sentence and len(pieces) > LONG_NAME):
        return True
    small = [word for word in reading.name.split() if word.islower() and len(word) > len("von")]
    if len(reading.name.split()) > LONG_NAME + (1 if small else 3):
        return True
    return bool(len(pieces) > SHORT_NAME and SENTENCE.search(fold(reading.name)))


def _is_unit(name: str, words: str) -> bool:
    pieces = words.split()
    hits = [match[0] for match in UNITS.finditer(words)]
    if not hits:
        # "DETAILS": one word in capitals, alone in its row.
        return len(pieces) == 1 and len(pieces[0]) > SHORT_NAME and name.isupper()
    reading = read_name(name)
    if reading.rank and not UNITS.search(fold(reading.name)):
        return False
    return sum(len(hit.split()) for hit in hits) * 2 >= len(pieces) or name.isupper() or holds_rank(name)
