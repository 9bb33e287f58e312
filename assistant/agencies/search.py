"""Find an agency by what people call it: initials ("FDLE"), everyday names ("UF Police", "Texas DPS"), misspellings.

Only for searching: the sentences about an agency's own listing use ``likeness``, which ignores initials.
"""

from __future__ import annotations

from dataclasses import dataclass

from rapidfuzz import fuzz, process

from assistant.agencies.names import COMMON, WHOLE, key_name, likeness
from assistant.cache import cached_text
from assistant.program.states_and_counties import fold, states

SMALL_WORDS = frozenset({"of", "the", "and", "for", "at", "in"})
INITIALS_LETTERS = range(2, 7)
"""How many letters initials have; an agency with more is not known by them."""
MIN_PART_LETTERS = 3
"""Letters that initials need to stand for a part of a name."""
MIN_LIKENESS = 84
"""Likeness in percent from which a word is another one misspelt."""
SHORTEST_FUZZY = 5
INITIALS_SCORE, PART_INITIALS_SCORE = 0.88, 0.84
"""Initials are many agencies' own: "LAPD" fits Lake Alfred as well, so they are never sure."""
CONTAINED = 0.8
"""The least score of a name all of whose words are in the listed one; it grows with their share of that name."""
OTHER_STATE = 0.6
"""The factor for an agency of another State than the one that is named."""
OTHER_KIND = 0.75
"""The factor for a sheriff's office where a police department is looked for, and the other way round."""
KINDS = frozenset({"police", "sheriff", "constable", "corrections", "patrol"})
SHARED = COMMON | {
    "university",
    "college",
    "highway",
    "patrol",
    "corrections",
    "law",
    "enforcement",
    "bureau",
    "commission",
}
VOCABULARY = tuple(sorted({*WHOLE, *WHOLE.values(), *COMMON, "highway", "patrol", "university", "corrections"} - {""}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What is looked for: its words, and the State that it names, "" where it names none."""

    text: str
    words: tuple[str, ...]
    state: str


def parse_query(text: str) -> Query:
    """Return a query with its words spelled out and corrected, without those that name a State."""
    folded = key_name(text)
    code, rest = _without_state(folded)
    words = [word for part in rest.split() if part not in SMALL_WORDS and (word := _corrected(part))]
    return Query(text=text, words=tuple(words), state=code)


def search_score(query: Query, listed_name: str, state: str) -> float:
    """Return how well a listed agency of a State fits a query, from 0 to 1."""
    score = likeness(query.text, listed_name)
    if _of_another_kind(query, listed_name):
        score *= OTHER_KIND
    if query.state and query.state != state:
        return round(score * OTHER_STATE, 4)
    return max(score, _contained(query, listed_name, state), _by_initials(query, listed_name, state))


def is_of_another_kind(name: str, listed_name: str) -> bool:
    """Say whether one name is a police department's and the other a sheriff's office, a constable's or the like."""
    return _of_another_kind(parse_query(name), listed_name)


def _of_another_kind(query: Query, listed_name: str) -> bool:
    """Say whether one is a police department and the other a sheriff's office."""
    query_words, listed_words = KINDS & {*query.words}, KINDS & {*_listed_words(listed_name)}
    return bool(query_words and listed_words and not query_words & listed_words)


def _without_state(folded: str) -> tuple[str, str]:
    """Return the code of a State that a name begins or ends with, and the name without it."""
    for code, name in states().items():
        words = fold(name)
        for part in (words, code.lower()):
            if folded.startswith(f"{part} "):
                return code, folded[len(part) + 1 :]
            if folded.endswith(f" {part}"):
                return code, folded[: -len(part) - 1]
    return "", folded


@cached_text(4096)
def _corrected(word: str) -> str:
    """Return a word spelled out, a misspelt one corrected where one word alone is close; "" for what says nothing."""
    if word in WHOLE:
        return WHOLE[word]
    if len(word) < SHORTEST_FUZZY or word in VOCABULARY:
        return word
    best = process.extract(word, VOCABULARY, scorer=fuzz.ratio, limit=1, score_cutoff=MIN_LIKENESS)
    return WHOLE.get(best[0][0], best[0][0]) if best else word


@cached_text(16_384)
def _listed_words(listed_name: str) -> tuple[str, ...]:
    return tuple(
        spelled for word in key_name(listed_name).split() if word not in SMALL_WORDS and (spelled := _corrected(word))
    )


def _contained(query: Query, listed_name: str, state: str) -> float:
    """Return a score where every word looked for is in the listed name, else 0; words that many share tell little."""
    state_words = fold(states().get(state, "")).split() if query.state else []
    listed_words = [word for part in _listed_words(listed_name) for word in part.split() if word not in state_words]
    query_words = [word for part in query.words for word in part.split()]
    if not query_words or not all(_is_in(word, listed_words) for word in query_words):
        return 0.0
    if not query.state and all(word in SHARED for word in query_words):
        return 0.0 if all(word in COMMON for word in query_words) else CONTAINED
    return round(CONTAINED + (1 - CONTAINED) * min(1.0, len(query_words) / max(1, len(listed_words))), 4)


def _is_in(word: str, words: list[str]) -> bool:
    return word in words or (
        len(word) >= SHORTEST_FUZZY and any(fuzz.ratio(word, other) >= MIN_LIKENESS for other in words)
    )


def _by_initials(query: Query, listed_name: str, state: str) -> float:
    """Return a score where a short word looked for is the initials of the listed name, or of some of its words."""
    folded = key_name(query.text).split()
    if query.state:
        folded = [word for word in folded if word not in fold(states()[query.state]).split()]
    tokens = [word for word in folded if word not in SMALL_WORDS]
    if len(tokens) == 1:
        return _whole_initials(tokens[0], listed_name, state)
    best = 0.0
    for place, token in enumerate(tokens):
        others = [_corrected(word) for n, word in enumerate(tokens) if n != place]
        if len(token) in INITIALS_LETTERS and token.isalpha() and token not in WHOLE and _is_run(token, listed_name):
            listed_words = [word for part in _listed_words(listed_name) for word in part.split()]
            if all(_is_in(word, listed_words) for other in others for word in other.split()):
                best = PART_INITIALS_SCORE
    return best


def _whole_initials(token: str, listed_name: str, state: str) -> float:
    if len(token) not in INITIALS_LETTERS or not token.isalpha():
        return 0.0
    words = key_name(listed_name).split()
    long_words = [word for word in words if word not in SMALL_WORDS]
    if token in {"".join(word[0] for word in words), "".join(word[0] for word in long_words)}:
        return INITIALS_SCORE
    name = fold(states().get(state, ""))
    of_state = name and (words[0] == name.split()[0] or name in " ".join(words))
    # "FHP": the State's initial, and those of the last words of a long name.
    tail = "".join(word[0] for word in long_words[-(len(token) - 1) :])
    if of_state and len(long_words) > len(token) >= MIN_PART_LETTERS and token == name[0] + tail:
        return PART_INITIALS_SCORE
    # "UCF": the first words of a longer name.
    if len(token) >= MIN_PART_LETTERS and token == "".join(word[0] for word in long_words[: len(token)]):
        return PART_INITIALS_SCORE
    return 0.0


def _is_run(token: str, listed_name: str) -> bool:
    """Say whether letters are the initials of words that stand together in a name."""
    initials = "".join(word[0] for word in key_name(listed_name).split() if word not in SMALL_WORDS)
    return token in initials
