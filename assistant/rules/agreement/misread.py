"""Texts that a program read from a picture, with misread words of titles, offices and agencies corrected.

For comparison only: no person's name is changed, and users see the text as it is on paper.
"""

from __future__ import annotations

import re
from functools import cache

from rapidfuzz import fuzz, process

from assistant.program.states_and_counties import fold
from assistant.program.words import words

LISTS = ("offices", "titles", "ranks", "agencies", "places")
MIN_WORD_LETTERS = 5
MIN_LIKENESS = 80
CLEAN = re.compile(r"[A-Z][a-z]+(?:['\u2019]s)?|[A-Z]{2,}|[A-Z]\.|of|and|the|for|on|to|at")
"""A word as people write it: a program that reads letters wrongly mixes in figures, signs and capitals."""
_ALIKE = str.maketrans("01!|it58heu", "olllllsbbcn")
"""Letters and signs that programs take for each other, each as one of them."""


def correct_words(text: str) -> str:
    """Return a text in which each word that is very close to a known word is replaced by that word."""
    return " ".join(_correct_word(word) for word in text.split())


def fold_lookalikes(text: str) -> str:
    """Return the letters and digits of a text, small, without spaces, letters that look alike as one letter."""
    plain = "".join(c for c in text.casefold() if c.isalnum() or c in "!|")
    return plain.replace("rn", "m").replace("cl", "d").translate(_ALIKE)


def likeness(one: str, other: str) -> float:
    """Return how alike two texts are (0 to 100), whatever a program may have made of their letters and spaces."""
    return fuzz.ratio(fold_lookalikes(one), fold_lookalikes(other))


def looks_clean(text: str) -> bool:
    """Say whether each word of a recognized name or title is one as people write it."""
    text_words = [word.strip(",.;:()") for word in text.split()]
    return bool(text_words) and all(CLEAN.fullmatch(word) for word in text_words if word)


def _correct_word(word: str) -> str:
    plain = fold(word.replace("?", "’"))
    if len(plain) < MIN_WORD_LETTERS or plain in _known_words():
        return word
    match = process.extractOne(plain, _known_words(), scorer=fuzz.ratio, score_cutoff=MIN_LIKENESS)
    return str(match[0]) if match else word


@cache
def _known_words() -> frozenset[str]:
    return frozenset(word for name in LISTS for word in words(name) if len(word) >= MIN_WORD_LETTERS)
