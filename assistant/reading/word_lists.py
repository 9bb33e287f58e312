"""What the lists of words say of a value read from a picture: whether its words are known, or nearly known ones."""

from __future__ import annotations

import re
from functools import cache

from rapidfuzz import fuzz, process

from assistant.program.states_and_counties import county_names, fold, state_code, states
from assistant.program.words import words

_POSSESSIVES = frozenset({"sheriffs", "constables", "marshals"})
LONG_WORD = 5
"""Letters: shorter words are near many others."""
NEARLY = 80
"""Likeness in percent from which an unknown word may be a common one misread."""
_FORM_WORDS = re.compile(r"\b(?:the office|hereinafter|pursuant|in the implementation|for the lea)\b", re.IGNORECASE)
_DOUBTFUL_STROKES = re.compile(r"^[a-z](?!\S*@)|\w s(?=\s|$)|\b(?=[Il1]*l)[Il1]{2,4}\b")
"""No capital at the start, as where a word of the form reaches in; a lost apostrophe; "l", "I" or "1": "Unit Il"."""
_PLAIN_WORD = re.compile(r"[\d#&/().,-]+|[A-Z]\.?")


def is_known(text: str) -> bool:
    """Say whether each word of a value is one of a list: a place, a title, an office, a number. None is changed."""
    text_words = text.replace("/", " ").split()
    if not any(c.isalpha() for c in text):
        return bool(re.fullmatch(r"[\d() .,#/x-]{5,}", text))
    return all(_is_known_word(word) for word in text_words)


def _is_known_word(word: str) -> bool:
    if _PLAIN_WORD.fullmatch(word):
        return True
    plain = fold(word)
    if not plain:
        return True
    if any(part not in _common_words() and part not in words("places") for part in plain.split()):
        return plain.replace(" ", "") in county_names() or state_code(word.strip(",.")) is not None
    return True


def may_be_misread(text: str) -> bool:
    """Say whether a word of a value is nearly a common word, lost its apostrophe, or is one of the form's own.

    Both recognizers can do that. The writer may have misspelt it as well; either way a person has to look.
    """
    text_words = [fold(word) for word in text.split()]
    if _FORM_WORDS.search(text) or _DOUBTFUL_STROKES.search(text):
        return True
    if any(word in _POSSESSIVES for word in re.findall(r"[a-z]+s(?= )", text.casefold())):
        return True
    common = _common_words()
    return any(
        len(word) >= LONG_WORD
        and word not in common
        and process.extractOne(word, common, scorer=fuzz.ratio, score_cutoff=NEARLY) is not None
        for word in text_words
    )


@cache
def _common_words() -> frozenset[str]:
    """Return the words of titles, offices, ranks and States."""
    state_words = {word for name in states().values() for word in fold(name).split()}
    return words("titles") | words("offices") | words("ranks") | state_words
