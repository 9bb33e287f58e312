"""Join what two recognizers read in a blank, and the file's own text layer, to one value and how sure it is.

That both recognizers read the same letters is what carries: of 450 such pairs 443 were right. Words that are known
raise sureness and never change a letter, since a misspelt name is what a person looks for. The layer that a scanner's
program wrote is a third voice, and never believed alone.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from rapidfuzz.distance import Levenshtein

from assistant.scans.recognizers import LineReading

if TYPE_CHECKING:
    from collections.abc import Callable

Certainty = Literal["sure", "likely", "unsure"]

_LEVEL = str.maketrans({"’": "'", "‘": "'", "`": "'", "“": '"', "”": '"', "–": "-", "—": "-", "。": ".", "\u00b4": "'"})
_EMAIL = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,4}")
_NOT_COMPARED = re.compile(r"[\s.'\"]+")
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
    """What speaks for a value. ``capped``: why nothing may be sure here, "" for no reason."""

    first: LineReading
    """Tesseract's."""
    second: LineReading = field(default_factory=lambda: LineReading("", 0.0))
    """The other recognizer's."""
    layer: str = ""
    """What the file's own text has at this place."""
    capped: str = ""
    faint: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinedValue:
    """A value and how sure it is; ``by_hand``: it looks written by hand, and nothing is asserted."""

    text: str
    certainty: Certainty
    by_hand: bool = False


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
    """Return what two readings are compared by: without case, spaces, points and quotes."""
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
    first, second = witnesses.first, witnesses.second
    one, other, layer = letters_of(first.text), letters_of(second.text), letters_of(witnesses.layer)
    if not one and not other:
        return JoinedValue(text="", certainty="unsure", by_hand=bool(witnesses.layer))
    text = level(first.text) if one else level(second.text)
    if "@" in text or "@" in second.text:
        return _capped(_join_email(witnesses), witnesses)
    agree = one == other
    if agree:
        text = _with_capitals(level(first.text), level(second.text), first.confidence, second.confidence)
        certainty = _of_equal(text, witnesses, supported=layer == one or is_known(text))
        if certainty == "sure" and may_be_misread(text):
            certainty = "likely"
        if certainty == "sure" and _marks_of(first.text) != _marks_of(second.text):
            # A quote or a comma that one of them lost, or saw.
            text = max(text, level(second.text), key=lambda one_text: one_text.count("'"))
            certainty = "likely"
        return _capped(JoinedValue(text=text, certainty=certainty), witnesses)
    if layer and layer in {one, other} and len(layer) >= LETTERS:
        mine = first if layer == one else second
        text = level(mine.text) if layer == one else _best_spelling(mine.text, witnesses.layer)
        certainty = "likely" if mine.confidence >= FAIR else "unsure"
        return _capped(JoinedValue(text=text, certainty=certainty), witnesses)
    apart = Levenshtein.distance(one, other)
    near = apart * PART <= max(len(one), len(other))
    for mine in sorted((first, second), key=lambda reading: -is_known(level(reading.text))):
        if near and mine.text and is_known(level(mine.text)):
            return _capped(JoinedValue(text=level(mine.text), certainty="likely"), witnesses)
    by_hand = not witnesses.faint and not near and first.confidence < HAND and second.confidence < HAND_OTHER
    best = second if second.confidence > STRONG_OTHER and first.confidence < FAIR and other else first
    return JoinedValue(text=level(best.text or text), certainty="unsure", by_hand=by_hand)


def resemble(one: str, other: str) -> bool:
    """Say whether two readings have most letters in common, as two poor ones of the same print have."""
    one, other = letters_of(one), letters_of(other)
    return bool(one and other) and Levenshtein.normalized_similarity(one, other) >= RESEMBLE


def _marks_of(text: str) -> str:
    """Return the quotes of a reading, in their order."""
    return "".join(c for c in level(text) if c == "'")


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
    """Return the first reading, with the other's capitals where the other is surer of itself."""
    if sure_other < CAPITALS or sure_other <= sure or first == second:
        return first
    letters = iter(c for c in second if c.isalnum())
    letters_out = []
    for c in first:
        if not c.isalnum():
            letters_out.append(c)
            continue
        twin = next(letters, c)
        letters_out.append(twin if twin.casefold() == c.casefold() else c)
    return "".join(letters_out)


def _best_spelling(text: str, layer: str) -> str:
    """Return the layer's spacing of a reading whose letters it has: PP-OCR drops spaces."""
    return level(layer) if " " not in text.strip() and " " in layer.strip() else level(text)


def _capped(value: JoinedValue, witnesses: Witnesses) -> JoinedValue:
    """Return a value with the sureness that its place allows."""
    if not witnesses.capped or value.certainty == "unsure":
        return value
    lower: Certainty = "unsure" if witnesses.capped == "place" else "likely"
    return JoinedValue(text=value.text, certainty=lower, by_hand=value.by_hand)
