"""Texts that a program read from a picture, with the words of titles, offices and agencies set right.

For comparing only: nobody's name is touched, and what is told to the user is what stands on the paper.
"""

from __future__ import annotations

from functools import cache

from rapidfuzz import fuzz, process

from assistant.program.states_and_counties import fold
from assistant.program.words import words

LISTS = ("offices", "titles", "ranks", "agencies", "places")
MIN_WORD_LETTERS = 5
MIN_LIKENESS = 80


def mended(text: str) -> str:
    """Return a text with each word that is all but one of our own words written as that word."""
    return " ".join(_mended(word) for word in text.split())


def _mended(word: str) -> str:
    plain = fold(word.replace("?", "’"))
    if len(plain) < MIN_WORD_LETTERS or plain in _known_words():
        return word
    match = process.extractOne(plain, _known_words(), scorer=fuzz.ratio, score_cutoff=MIN_LIKENESS)
    return str(match[0]) if match else word


@cache
def _known_words() -> frozenset[str]:
    return frozenset(word for name in LISTS for word in words(name) if len(word) >= MIN_WORD_LETTERS)
