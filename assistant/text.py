"""What any text of an answer may hold, defined once for pages, answers files and rosters.

Knows characters and digits; must not know where a text comes from or what an answer means.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date

MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
MONTH_KEYS = tuple(month[:3].lower() for month in MONTHS)
"""The first three letters of each month, lower case: what a person who shortens it writes at least."""

_SEPARATOR = r"(?: ?[-\u2010-\u2015\u2212\ufe58\ufe63\uff0d\uff0e._/\u00b7] ?| )"
# Nine digits in the groups of the card, whatever stands between the groups. Digits of a longer number do not count.
_GROUPED = re.compile(
    rf"(?<![0-9])(?<![0-9][-.])[0-9]{{3}}{_SEPARATOR}[0-9]{{2}}{_SEPARATOR}[0-9]{{4}}(?![0-9])(?![-.][0-9])"
)
# Nine digits in one piece, only such as the Social Security Administration issues: no area 000, 666 or 9xx, no group
# 00, no serial 0000 (https://www.ssa.gov/employer/randomization.html).
_UNGROUPED = re.compile(
    r"(?<![A-Za-z0-9])(?<![0-9][-.,])(?!000|666|9)[0-9]{3}(?!00)[0-9]{2}(?!0000)[0-9]{4}(?![A-Za-z0-9])(?![-.,][0-9])"
)
# The area apart and the rest in one piece; a space there stands between two numbers too often. 5 and 4 digits are a
# ZIP Code.
_AREA_APART = re.compile(
    r"(?<![A-Za-z0-9])(?<![0-9][-.])(?!000|666|9)[0-9]{3} ?[-\u2010-\u2015\u2212\ufe58\ufe63\uff0d\uff0e._\u00b7] ?"
    r"(?!00)[0-9]{2}(?!0000)[0-9]{4}(?![A-Za-z0-9])(?![-.][0-9])"
)
# Digit by digit: nine of them, no more and no less.
_SPELLED_OUT = re.compile(rf"(?<![A-Za-z0-9])[0-9](?:{_SEPARATOR}[0-9](?![0-9]))+(?![A-Za-z0-9])")
_DIGIT_BEFORE = re.compile(rf"[0-9]{_SEPARATOR}\Z")
_DIGIT_AFTER = re.compile(rf"{_SEPARATOR}[0-9]")
_NINE_DIGITS = re.compile(r"(?:\d\D{0,3}){9}")
_FORBIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    + "".join(f"{chr(plane << 16 | 0xFFFE)}{chr(plane << 16 | 0xFFFF)}" for plane in range(1, 17))
    + "]"
)
_LIGATURE = re.compile("[\ufb00-\ufb06\u2044\u2215]")
_LIGATURES = str.maketrans(
    dict(zip(map(chr, range(0xFB00, 0xFB07)), ("ff", "fi", "fl", "ffi", "ffl", "\u017ft", "st"), strict=True))
    | {"\u2044": "/", "\u2215": "/"}
)
"""Text that is copied out of a PDF may hold them; readers do not agree on what they are read as.

The slashes of fractions and of division stand over the letters beside them, or over the edge of a box.
"""
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LINE_BREAKS = frozenset("\n\r\v\f\x85\u2028\u2029")


def holds_social_security_number(text: str) -> bool:
    """Return whether a text holds a number written like a Social Security number: 3, 2 and 4 digits.

    The groups may be set apart by hyphens, dashes, dots, slashes, spaces or nothing, the first group alone may be, or
    each digit; full-width and other decimal digits count as digits.
    """
    if not _NINE_DIGITS.search(text):
        return False
    plain = "".join(
        str(unicodedata.decimal(letter)) if letter.isdecimal() else " " if letter.isspace() else letter
        for letter in text
        if unicodedata.category(letter) != "Cf"
    )
    return any(pattern.search(plain) for pattern in (_GROUPED, _UNGROUPED, _AREA_APART)) or _is_spelled_out(plain)


def _is_spelled_out(text: str) -> bool:
    """Return whether nine digits stand one by one that could be a number of the card, and are no part of more."""
    for digits_match in _SPELLED_OUT.finditer(text):
        part_of_more = _DIGIT_BEFORE.search(
            text[max(0, digits_match.start() - 4) : digits_match.start()]
        ) or _DIGIT_AFTER.match(text, digits_match.end())
        digits = "".join(re.findall("[0-9]", digits_match[0]))
        if not part_of_more and _UNGROUPED.fullmatch(digits):
            return True
    return False


def find_forbidden_character(text: str) -> str | None:
    """Return what the first character is that no document can hold, "a tab" or "a noncharacter (U+FFFF)"; else None.

    PDF text strings and XML 1.0 (section 2.2, so XLSX too) hold no control characters, no lone surrogates and no
    noncharacters (Unicode 16.0, section 23.7). A line break is forbidden because an answer is one line of a form.
    """
    match = _FORBIDDEN.search(text)
    return None if match is None else _describe(match[0])


def replace_characters_not_in_xml(text: str, by: str) -> str:
    """Return a text with each character replaced that no XML file can hold (XML 1.0, section 2.2).

    For text that was not checked above: a stranger's spreadsheet, and answers saved by earlier versions.
    """
    return _NOT_IN_XML.sub(by, text)


FIRST_AFTER_CONTROLS = "\u00a0"
"""The character behind the second block of control characters."""


def _describe(character: str) -> str:
    point = f"U+{ord(character):04X}"
    if character == "\t":
        return "a tab"
    if character in _LINE_BREAKS:
        return "a line break"
    if "\ud800" <= character <= "\udfff":
        return f"half of a character pair ({point})"
    if character < FIRST_AFTER_CONTROLS:
        return f"a control character ({point})"
    return f"a noncharacter ({point})"


def drawn_form(text: str) -> str:
    """Return a text as it is drawn: composed letters (NFC), so that accents stand where they belong; no ligatures."""
    if text.isascii():
        return text
    text = unicodedata.normalize("NFC", text)
    return text.translate(_LIGATURES) if _LIGATURE.search(text) else text


def describe_check(words: str) -> str:
    """Return "Last checked January 28, 2026." for the words of a fact or a finding, "" for none."""
    try:
        day = date.fromisoformat(words)
    except ValueError:
        return f"Last checked {words}." if words else ""
    return f"Last checked {day:%B} {day.day}, {day.year}."
