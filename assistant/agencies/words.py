"""Read the words of the lists, in every spelling seen: models, states, kinds of agency."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rapidfuzz import fuzz, process

from assistant.cache import cached_text
from assistant.program.states_and_counties import fold, state_code, states

if TYPE_CHECKING:
    from collections.abc import Collection

    from assistant.answers import AgencyKind, Model

OTHER_STATES = {
    "commonwealth of the northern mariana islands": "MP",
    "cnmi": "MP",
    "us virgin islands": "VI",
    "washington dc": "DC",
}
MODEL_WORDS: dict[str, Model] = {
    "jem": "JEM", "jail": "JEM", "jail model": "JEM", "jail enforcement": "JEM", "jail enforcement model": "JEM",
    "jail enforcement officer": "JEM",
    "tfm": "TFM", "task force": "TFM", "taskforce": "TFM", "task force model": "TFM", "task force officer": "TFM",
    "tfo": "TFM",
    "ttfm": "TTFM", "tribal": "TTFM", "tribal model": "TTFM", "tribal task force": "TTFM",
    "tribal task force model": "TTFM", "tribal task force officer": "TTFM",
    "wso": "WSO", "warrant service": "WSO", "warrant service officer": "WSO", "warrant service model": "WSO",
    "warrant service officer model": "WSO", "warrant service officer program": "WSO",
}  # fmt: skip
KIND_WORDS: dict[str, AgencyKind] = {
    "county": "county", "parish": "county", "municipality": "municipality", "municipal": "municipality",
    "city": "municipality", "town": "municipality", "state": "state", "state agency": "state",
    "state government": "state", "tribal": "tribal", "tribe": "tribal", "tribal agency": "tribal", "other": "other",
}  # fmt: skip
NOTHING = frozenset({"", "na", "n a", "none", "null", "tbd", "unknown"})
MIN_LIKENESS = 85
SHORTEST_FUZZY = 5


@cached_text(4096)
def model_of(text: str) -> Model | None:
    """Return the model that a text names ("Task Force Officer", "Jail Enforcment Model ", "TFM"), or None."""
    words = fold(re.sub(r"287\s*\(?g\)?", " ", text, flags=re.IGNORECASE))
    # "Task Force Model (TFM)": the name alone, then the code alone.
    tries = (words, fold(text.partition("(")[0]), fold(text.partition("(")[2]))
    model = next((MODEL_WORDS[w] for w in tries if w in MODEL_WORDS), None)
    if model or len(words) < SHORTEST_FUZZY:
        return model
    close = _closest(words, MODEL_WORDS)
    # "Tribal Task Force" is a model of its own, close as the words are to another.
    return None if close is None or ("trib" in words) != (MODEL_WORDS[close] == "TTFM") else MODEL_WORDS[close]


@cached_text(4096)
def state_of(text: str) -> str | None:
    """Return the postal code of a state ("UTAHJ", "Virigina", "FL", "GUAM"), or None in doubt."""
    name = fold(text)
    if (code := state_code(text) or OTHER_STATES.get(name)) or len(name) < SHORTEST_FUZZY:
        return code
    names = {fold(state_name): code for code, state_name in states().items()}
    close = _closest(name, names)
    return names[close] if close else None


@cached_text(4096)
def kind_of(text: str) -> AgencyKind | None:
    """Return the kind of agency that ICE's TYPE column names ("Muncipality", "State"), or None."""
    words = fold(text)
    if words in KIND_WORDS or len(words) < SHORTEST_FUZZY:
        return KIND_WORDS.get(words)
    close = _closest(words, KIND_WORDS)
    return KIND_WORDS[close] if close else None


def says_nothing(text: str) -> bool:
    """Say whether a cell holds a stand-in for nothing: empty, "#N/A", "N/A", "TBD"."""
    return fold(text) in NOTHING


def _closest(words: str, phrases: Collection[str]) -> str | None:
    """Return the known words closest to the given ones, if close enough and no other comes as close."""
    matches = process.extract(words, list(phrases), scorer=fuzz.ratio, limit=2, score_cutoff=MIN_LIKENESS)
    if not matches or (len(matches) > 1 and matches[0][1] == matches[1][1]):
        return None
    return str(matches[0][0])
