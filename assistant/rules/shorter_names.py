"""Shorter wordings of an agency's name, of a place, a title or a person's name, by rules; a person takes one or none.

The abbreviations are those that U.S. agencies use of themselves in ICE's published lists and on their letterheads. A
wording that would no longer say which agency it is, as initials alone, is never among them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from assistant.program import states

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

OF_A_PLACE = re.compile(r"^(?:the\s+)?(?:city|town|village|borough|township|county) of (?=\S+.*\S)", re.IGNORECASE)
FIRST_ARTICLE = re.compile(r"^the\s+(?=\S)", re.IGNORECASE)
MIDDLE_NAMES = re.compile(r"^(\S+)((?: [^\W\d_][\w’'-]+)+?)( \S+(?:,? (?:Jr|Sr|II|III|IV)\.?)?)$")

WORDS = {
    "County": "Co.",
    "Department": "Dept.",
    "and": "&",
    "Township": "Twp.",
    "University": "Univ.",
    "Metropolitan": "Metro",
    "District": "Dist.",
    "Division": "Div.",
    "Precinct": "Pct.",
    "Corrections": "Corr.",
    "Correctional": "Corr.",
    "Regional": "Reg.",
    "International": "Intl.",
    "Authority": "Auth.",
    "Commissioners": "Comrs.",
    "Government": "Govt.",
    "Services": "Svcs.",
    "Administration": "Admin.",
    "Attorney General": "Atty. Gen.",
    "Saint": "St.",
    "Mount": "Mt.",
    "Fort": "Ft.",
    "Captain": "Capt.",
    "Lieutenant": "Lt.",
    "Sergeant": "Sgt.",
    "Major": "Maj.",
    "Colonel": "Col.",
    "Commander": "Cmdr.",
    "Deputy": "Dep.",
    "Director": "Dir.",
    "Assistant": "Asst.",
    "Administrator": "Admin.",
    "Superintendent": "Supt.",
    "Coordinator": "Coord.",
    "Communications": "Comms.",
    "Operations": "Ops.",
}
"""Whole words, and how they are abbreviated."""
STREET_WORDS = {
    "Street": "St.",
    "Avenue": "Ave.",
    "Boulevard": "Blvd.",
    "Road": "Rd.",
    "Drive": "Dr.",
    "Highway": "Hwy.",
    "Parkway": "Pkwy.",
    "Suite": "Ste.",
    "Building": "Bldg.",
    "Floor": "Fl.",
    "Post Office Box": "PO Box",
}
"""Words of an address, as the U.S. Postal Service abbreviates them (Publication 28, appendix C)."""
PHRASES = {
    r"Sheriff['’]?s['’]? Office": "SO",
    r"Sheriff['’]?s['’]? (?:Department|Dept\.)": "SD",
    r"Police (?:Department|Dept\.)": "PD",
    r"(?:Department|Dept\.) of (?:Corrections|Corr\.)": "DOC",
    r"(?:Department|Dept\.) of Public Safety": "DPS",
    r"Board of (?:County|Co\.) (?:Commissioners|Comrs\.)": "BOCC",
    r"Highway Patrol": "Hwy. Patrol",
    r"Public Information Officer": "PIO",
}
"""What is commonly called by its initials after the name of a place."""


def shorten_text(text: str) -> Iterator[str]:
    """Yield shorter wordings of a text, each once: first those that change least, then all changes together.

    The text itself, a text that gets no shorter, and an empty one are not among them.
    """
    yield from _apply(CHANGES, text)


def shorten_street(address: str) -> Iterator[str]:
    """Yield shorter wordings of a postal address, as ``shorten_text``."""
    yield from _apply(STREET_CHANGES, address)


def _apply(changes: Sequence[Callable[[str], str]], text: str) -> Iterator[str]:
    plain = " ".join(text.split())
    together, wordings = plain, []
    for change in changes:
        changed = change(together)
        if len(changed) < len(together):
            wordings += [change(plain), changed]
            together = changed
    yield from dict.fromkeys(wording for wording in wordings if wording and len(wording) < len(plain))


def shorten_person(name: str) -> Iterator[str]:
    """Yield a person's name with initials for the middle names: "Jonathan M. Example"."""
    whole = MIDDLE_NAMES.match(" ".join(name.split()))
    if whole:
        first, middle, last = whole.groups()
        initials = "".join(f" {part[0]}." for part in middle.split())
        if len(initials) < len(middle):
            yield f"{first}{initials}{last}"


def _replace(pattern: str, short: str) -> Callable[[str], str]:
    words = re.compile(rf"(?<![\w’'-]){pattern}(?![\w’'-])", re.IGNORECASE)

    def change(text: str) -> str:
        # A name in capitals stays in capitals. The first word of a text is never "&".
        return words.sub(lambda match: _like(match, short), text)

    return change


def _like(match: re.Match[str], short: str) -> str:
    word = match.group()
    if match.start() == 0 and short == "&":
        return word
    return short.upper() if word.isupper() and len(word) > 1 else short


def _abbreviate_state(text: str) -> str:
    """Return "Example County, FL" for "Example County, Florida"."""
    head, comma, last = text.rpartition(", ")
    code = next((code for code, name in states().items() if name.casefold() == last.casefold()), None)
    return f"{head}{comma}{code}" if head and code else text


CHANGES: tuple[Callable[[str], str], ...] = (
    lambda text: FIRST_ARTICLE.sub("", text),
    _abbreviate_state,
    *(_replace(re.escape(word), short) for word, short in WORDS.items()),
    lambda text: OF_A_PLACE.sub("", text),
    *(_replace(pattern, short) for pattern, short in PHRASES.items()),
)
"""From the mildest to the strongest; each leaves a text alone that it does not fit."""
STREET_CHANGES: tuple[Callable[[str], str], ...] = tuple(
    _replace(re.escape(word), short) for word, short in STREET_WORDS.items()
)
