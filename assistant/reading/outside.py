"""What stands on a form's pages outside its blanks: another agency's name in the printed text, and hidden lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.program.states_and_counties import county_names, fold_county
from assistant.program.words import words
from assistant.reading.tokens import lines_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assistant.reading.label_spots import LabelSpot
    from assistant.reading.tokens import Token

NEXT = 0.8
"""Times the size: the next word of a line begins within this."""
LEVEL = 2.0
"""Points: words of one line differ by less in their baselines."""
FEWEST_HIDDEN = 2
"""Words: one alone may be a mark of the program that made the file."""
COUNTY = frozenset({"county", "parish"})
MOST_WORDS = 3
"""Words that a county's name has at most."""


def named_agencies(tokens: Sequence[Token], spots: Sequence[LabelSpot]) -> Iterator[str]:
    """Yield each county's agency that a page names outside its blanks, as "Polk County Sheriff’s".

    Only a county that there is, with a word of agencies behind it, is one: a road or a court is none.
    """
    in_blanks = {id(token) for spot in spots for token in spot.tokens}
    free = [token for token in tokens if id(token) not in in_blanks and token.source != "coded"]
    for token in free:
        if token.key not in COUNTY or not token.text[:1].isupper():
            continue
        behind = _beside(token, free, after=True)
        if behind is None or behind.key not in words("agencies") or not behind.text[:1].isupper():
            continue
        before: list[Token] = []
        start: Token | None = token
        while len(before) < MOST_WORDS and start and (start := _beside(start, free, after=False)):
            if not start.text[:1].isupper():
                break
            before.insert(0, start)
        for n in range(len(before)):
            name = " ".join(part.text for part in before[n:])
            if fold_county(name) in county_names():
                yield f"{name} {token.text} {behind.text.rstrip('.,;:')}"
                break


def _beside(token: Token, others: Sequence[Token], *, after: bool) -> Token | None:
    """Return the word right behind a word on its line, or right before it."""
    reach = NEXT * max(token.size, 6.0)
    near = [t for t in others if t is not token and abs(t.base - token.base) < LEVEL]
    gaps = [(t.x0 - token.x1 if after else token.x0 - t.x1, t) for t in near]
    close = [(gap, t) for gap, t in gaps if -1 <= gap < reach]
    return min(close, key=lambda item: item[0])[1] if close else None


def hidden_lines(tokens: Sequence[Token], spots: Sequence[LabelSpot]) -> Iterator[str]:
    """Yield the lines of a page that the file holds outside the blanks and that do not show on paper."""
    in_blanks = {id(token) for spot in spots for token in spot.tokens}
    hidden = [t for t in tokens if t.source == "hidden" and not t.mark and id(t) not in in_blanks and len(t.key) > 1]
    for line in lines_of(hidden):
        if len(line) >= FEWEST_HIDDEN:
            yield " ".join(token.text for token in line)
