"""Join what two recognizers read in a blank, and the file's own text layer, to one value and how sure it is.

That both recognizers read the same letters is what carries: of 450 such pairs 443 were right. Words that are known
raise sureness and never change a letter, since a misspelt name is what a person looks for. The layer that a scanner's
program wrote is a third voice, and never believed alone.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from rapidfuzz.distance import Levenshtein

from assistant.scans.recognizers import LineReading

if TYPE_CHECKING:
    from collections.abc import Callable

Certainty = Literal["sure", "likely", "unsure"]

_LEVEL = str.maketrans({"’": "'", "‘": "'", "`": "'", "“": '"', "”": '"', "–": "-", "—": "-", "。": ".", "\u00b4": "'"})
_EMAIL = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,4}")
_NOT_COMPARED = re.compile(r"[\s.,'\"]+")
_MARKS = "',."
_EDGES = re.compile(r"^[\s_|~*·•°:;,.'\"\-=]+(?=\S)|[\s_|~*·•°:;,'\"\-=]+$")
STRONG, STRONG_OTHER = 80.0, 90.0
"""Confidence of Tesseract and of the other recognizer from which two equal readings are sure."""
FAIR = 60.0
LETTERS = 3
"""Fewer letters are met by chance."""
CAPITALS = 98.0
"""Confidence of the other recognizer from which its capitals are taken."""
PART = 8
"""One letter in so many may differ for a likely value of known words."""
RESEMBLE = 0.6
"""Share of letters from which two poor readings are of the same print."""
HAND, HAND_OTHER = 70.0, 93.0
"""Confidences under which two readings that differ are a hand's, if the ink is dark."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Witnesses:
    """What speaks for a value. ``capped``: why nothing may be sure here ("place", "cut", "again"), "" for no reason."""

    first: LineReading
    """Tesseract's."""
    second: LineReading = field(default_factory=lambda: LineReading("", 0.0))
    """The other recognizer's."""
    layer: str = ""
    """What the file's own text has at this place."""
    capped: str = ""
    faint: bool = False
    first_again: tuple[LineReading, ...] = ()
    second_again: tuple[LineReading, ...] = ()
    """What both read when the picture was shown to them in other sizes."""

    @property
    def agree(self) -> bool:
        """Say whether both recognizers read the same letters."""
        return letters_of(self.first.text) == letters_of(self.second.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinedValue:
    """A value and how sure it is; ``by_hand``: it looks written by hand, and nothing is asserted."""

    text: str
    certainty: Certainty
    by_hand: bool = False
    others: tuple[str, ...] = ()
    """What a recognizer read as well: where another blank of the file surely holds one of these, it is the value."""


def level(text: str) -> str:
    """Return a text with plain quotes and dashes, single spaces, and without signs at its ends that nobody writes."""
    plain = " ".join(unicodedata.normalize("NFKC", text.translate(_LEVEL)).split())
    before = None
    while before != plain:
        before, plain = plain, _EDGES.sub("", plain)
    if plain.endswith(")") and "(" not in plain:
        plain = plain[:-1].rstrip()
    return plain


def letters_of(text: str) -> str:
    """Return what two readings are compared by: without case, spaces, points, commas and quotes."""
    return _NOT_COMPARED.sub("", level(text)).casefold()


def join(
    witnesses: Witnesses,
    is_known: Callable[[str], bool] = lambda _: False,
    may_be_misread: Callable[[str], bool] = lambda _: False,
) -> JoinedValue:
    """Return the value that the witnesses agree on, and how sure it is.

    ``is_known`` says of a whole value whether each of its words is one of a list, or it stands elsewhere in the file;
    ``may_be_misread``, whether a word of it is nearly a common word: "Departinent". Such a value is never sure.
    """
    value = _join(_agreeing(witnesses), is_known, may_be_misread)
    readings = (witnesses.first, witnesses.second, *witnesses.first_again, *witnesses.second_again)
    others = dict.fromkeys(level(reading.text) for reading in readings if reading.text)
    return replace(value, others=tuple(text for text in others if text != value.text))


def _agreeing(witnesses: Witnesses) -> Witnesses:
    """Return the witnesses with two readings that agree, one of each, where there are such at another size.

    They never make a value sure by themselves: a recognizer that wavers is not certain.
    """
    if witnesses.agree:
        return witnesses
    for first in (witnesses.first, *witnesses.first_again):
        for second in (witnesses.second, *witnesses.second_again):
            if first.text and letters_of(first.text) == letters_of(second.text):
                return replace(witnesses, first=first, second=second, capped=witnesses.capped or "again")
    return witnesses


def _join(witnesses: Witnesses, is_known: Callable[[str], bool], may_be_misread: Callable[[str], bool]) -> JoinedValue:
    first, second, layer_text = witnesses.first, witnesses.second, witnesses.layer
    one, other, layer = letters_of(first.text), letters_of(second.text), letters_of(layer_text)
    if not one and not other:
        return JoinedValue(text="", certainty="unsure", by_hand=bool(witnesses.layer))
    text = level(first.text) if one else level(second.text)
    if "@" in text or "@" in second.text:
        return _capped(_join_email(witnesses), witnesses)
    agree = one == other
    if agree:
        text = _with_capitals(level(first.text), level(second.text), first.confidence, second.confidence)
        is_supported = layer == one or is_known(text)
        certainty = _of_equal(text, witnesses, supported=is_supported)
        if may_be_misread(text):
            certainty = "unsure" if witnesses.capped == "again" else "likely" if certainty == "sure" else certainty
        again = (reading.text for reading in witnesses.first_again)
        marked = with_marks_of(text, second.text, *again, layer_text.replace(" ", ""))
        if _marks_of(first.text) != _marks_of(second.text) or _marks_of(marked) != _marks_of(text):
            # A sign that one of them lost, or saw.
            text = marked
            certainty = "likely" if certainty == "sure" else certainty
        return _capped(JoinedValue(text=text, certainty=certainty), witnesses, is_supported=is_supported)
    if layer and layer in {one, other} and len(layer) >= LETTERS:
        mine = first if layer == one else second
        text = with_marks_of(mine.text, first.text, layer_text.replace(" ", ""))
        certainty = "likely" if mine.confidence >= FAIR else "unsure"
        return _capped(JoinedValue(text=text, certainty=certainty), witnesses, is_supported=True)
    apart = Levenshtein.distance(one, other)
    near = apart * PART <= max(len(one), len(other))
    for mine in sorted((first, second), key=lambda reading: -is_known(level(reading.text))):
        if near and mine.text and is_known(level(mine.text)):
            return _capped(JoinedValue(text=level(mine.text), certainty="likely"), witnesses, is_supported=True)
    by_hand = not witnesses.faint and not near and first.confidence < HAND and second.confidence < HAND_OTHER
    best = second if second.confidence > STRONG_OTHER and first.confidence < FAIR and other else first
    return JoinedValue(text=level(best.text or text), certainty="unsure", by_hand=by_hand)


def resemble(one: str, other: str) -> bool:
    """Say whether two readings have most letters in common, as two poor ones of the same print have."""
    one, other = letters_of(one), letters_of(other)
    return bool(one and other) and Levenshtein.normalized_similarity(one, other) >= RESEMBLE


def _marks_of(text: str) -> str:
    """Return the quotes, points and commas of a reading, in their order."""
    return "".join(c for c in level(text) if c in _MARKS)


def _of_equal(text: str, witnesses: Witnesses, *, supported: bool) -> Certainty:
    """Return how sure two equal readings are."""
    first, second = witnesses.first.confidence, witnesses.second.confidence
    enough = sum(c.isalnum() for c in text) >= LETTERS
    if enough and ((first >= STRONG and second >= STRONG_OTHER) or (supported and first >= FAIR)):
        return "sure"
    return "likely" if enough or supported else "unsure"


def _join_email(witnesses: Witnesses) -> JoinedValue:
    """Return an e-mail address: sure only where both recognizers and the file's own text have it sign for sign.

    A point that is too small for the scanner is missed by both recognizers alike.
    """
    first, second, layer = (
        level(text).replace(" ", "") for text in (witnesses.first.text, witnesses.second.text, witnesses.layer)
    )
    if not _EMAIL.fullmatch(first) and not _EMAIL.fullmatch(second):
        return JoinedValue(text=first or second, certainty="unsure")
    if first.casefold() == second.casefold():
        sure = layer.casefold() == first.casefold() and witnesses.first.confidence >= FAIR
        return JoinedValue(
            text=first if first == layer else second if second == layer else first,
            certainty="sure" if sure else "likely",
        )
    if layer and layer.casefold() in {first.casefold(), second.casefold()}:
        return JoinedValue(text=first if layer.casefold() == first.casefold() else second, certainty="likely")
    best = second if witnesses.second.confidence >= STRONG_OTHER or "@" not in first else first
    return JoinedValue(text=best, certainty="unsure")


def _with_capitals(first: str, second: str, sure: float, sure_other: float) -> str:
    """Return the first reading, with the other's capitals where the other is surer of itself, or a word begins.

    A capital "I" or "W" at the beginning of a word is read as a small one more often than the other way round.
    """
    if first == second:
        return first
    trusted = sure_other >= CAPITALS and sure_other > sure
    letters = iter(c for c in second if c.isalnum())
    spelled = ""
    for c in first:
        if not c.isalnum():
            spelled += c
            continue
        twin = next(letters, c)
        begins = not spelled[-1:].strip() or spelled[-1:] in "(-/."
        alike = twin.casefold() == c.casefold()
        spelled += twin if alike and (trusted or (begins and twin.isupper())) else c
    return spelled


def with_marks_of(text: str, *others: str) -> str:
    """Return a reading with the spaces, points and apostrophes that other readings have between the same letters.

    PP-OCR drops spaces, and both lose small signs more often than they see some where none are. No letter changes.
    """
    letters, marks = _parted(level(text))
    for other_letters, other_marks in (_parted(level(other)) for other in others):
        blocks = Levenshtein.opcodes(letters.casefold(), other_letters.casefold())
        for block in blocks:
            for step in range(1, block.src_end - block.src_start if block.tag == "equal" else 0):
                here, there = block.src_start + step, block.dest_start + step
                marks[here] = _fuller(marks[here], other_marks[there])
    return "".join(mark + letter for mark, letter in zip(marks, (*letters, ""), strict=True))


def _fuller(mark: str, other: str) -> str:
    """Return what stands between two letters, with what one of two readings lost: an apostrophe lost looks a space."""
    if "'" in other and "'" not in mark:
        return other
    if "." in other and "." not in mark:
        return f".{mark}"
    return mark or other


def _parted(text: str) -> tuple[str, list[str]]:
    """Return the letters of a text without spaces, points and apostrophes, and these: before each, and at the end."""
    letters, marks, before = "", [], ""
    for c in text:
        if c in " .'":
            before += c if c != before[-1:] else ""
        else:
            letters += c
            marks.append(before)
            before = ""
    return letters, [*marks, before]


def _capped(value: JoinedValue, witnesses: Witnesses, *, is_supported: bool = False) -> JoinedValue:
    """Return a value with the sureness that its place allows; where its end may be cut off, only known words count."""
    if not witnesses.capped or value.certainty == "unsure":
        return value
    unsure = witnesses.capped == "place" or (witnesses.capped == "cut" and not is_supported)
    lower: Certainty = "unsure" if unsure else "likely"
    return replace(value, certainty=lower)
