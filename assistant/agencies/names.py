"""Say how alike two names of agencies are, whatever they abbreviate."""

from __future__ import annotations

import re

from rapidfuzz import fuzz

from assistant.cache import cached_text
from assistant.program.states_and_counties import fold

ADDENDUM = re.compile(r"\s*[\[(]\s*addendum\s*[\])]\s*$", re.IGNORECASE)
WHOLE: dict[str, str] = {
    **dict.fromkeys(("dept", "department", "office", "offices", "ofc", "of", "the", "and"), ""),
    **dict.fromkeys(("so", "sheriffs", "sherrif", "sherriff", "sherriffs", "sherrifs"), "sheriff"),
    **dict.fromkeys(("co", "cnty", "cty"), "county"),
    "pd": "police", "univ": "university", "doc": "corrections", "correction": "corrections", "dps": "public safety",
    "mt": "mount", "ft": "fort", "twp": "township", "constables": "constable", "marshals": "marshal", "hwy": "highway",
}  # fmt: skip
"""Abbreviations and variants; what says nothing of which agency is meant becomes nothing."""
COMMON = frozenset(
    {"county", "city", "town", "village", "township", "parish", "police", "sheriff", "public", "safety", "state"}
    | {"division", "constable"}
)
MIN_WORD_LIKENESS = 80
"""Likeness in percent from which a word is another one misspelt; "west" and "east" come to 75."""
PARTS_OF_SCORE = (0.45, 0.55)
"""How much the whole names count, and how much what is left of them without the words all agencies share."""


def key_name(agency: str) -> str:
    """Return a name as it makes one key of many spellings: no "(Addendum)", no quotes, small letters, single spaces."""
    return fold(ADDENDUM.sub("", agency))


@cached_text(16_384)
def spelled_out(agency: str) -> str:
    """Return a name for comparing: abbreviations written out ("Pasco Co. SO"), words without meaning left off."""
    words = [WHOLE.get(word, word) for word in key_name(agency).split()]
    return " ".join(word for word in words if word)


@cached_text(16_384)
def own_words(agency: str) -> str:
    """Return what is left of a name without the words that all agencies share; the whole where nothing is left."""
    words = spelled_out(agency).split()
    return " ".join(word for word in words if word not in COMMON) or " ".join(words)


def words_apart(name: str, listed_name: str) -> tuple[str, ...]:
    """Return the words that one name has and the other lacks, misspellings and words that all agencies share left out.

    "University of North Florida" and "University of Florida" are alike to 0.9, and differ by "north".
    """
    left, right = own_words(name).split(), own_words(listed_name).split()
    apart = [word for word in left if not _has_like(word, right)] + [
        word for word in right if not _has_like(word, left)
    ]
    return tuple(dict.fromkeys(apart))


def _has_like(word: str, words: list[str]) -> bool:
    return any(fuzz.ratio(word, other) >= MIN_WORD_LIKENESS for other in words)


def likeness(name: str, listed_name: str) -> float:
    """Return how alike two names are, from 0 to 1; "Lee County" and "Levy County" differ by their own words."""
    left, right = spelled_out(name), spelled_out(listed_name)
    if not left or not right:
        return 0.0
    if left == right:
        return 1.0
    whole = fuzz.WRatio(left, right)
    own = fuzz.ratio(own_words(name), own_words(listed_name))
    return round((PARTS_OF_SCORE[0] * whole + PARTS_OF_SCORE[1] * own) / 100, 4)
