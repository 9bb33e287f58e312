"""Words that a program set apart into pieces ("Sherif f s Of f ice"), joined again by the gaps between them.

The gaps inside such words are nearly as wide as those between words, but never quite: on each line, in each size of
letters, they fall into two groups. Only pages on which most words are pieces are touched.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from assistant.reading.tokens import lines_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assistant.reading.tokens import Token

SHORT = 2
"""Letters: pieces are short."""
MANY_SHORT = 0.35
"""Of the words of these forms a quarter at most are so short; of pieces four in ten and more."""
FEWEST = 60
"""Words: fewer prove nothing."""
SAME_SIZE = 0.15
"""Part by which the sizes of the pieces of a word may differ."""
TWO_GROUPS = 1.12
"""The wider gaps of a line are on the mean so many times as wide as the narrower ones, where there are two groups."""
WIDEST = 0.45
"""Times the size: no gap inside a word is wider."""


def is_split(tokens: Sequence[Token]) -> bool:
    """Say whether most words of a recognized page are pieces of words."""
    read = [t for t in tokens if t.source == "recognised" and t.key]
    return len(read) >= FEWEST and sum(len(t.key) <= SHORT for t in read) >= MANY_SHORT * len(read)


def joined_pieces(tokens: Sequence[Token]) -> list[Token]:
    """Return the tokens of a page with the pieces of each word joined."""
    pieces = [t for t in tokens if t.source == "recognised"]
    others = [t for t in tokens if t.source != "recognised"]
    joined = [word for line in lines_of(pieces) for run in _runs(line) for word in _words(run)]
    return [token for line in lines_of([*joined, *others]) for token in line]


def _runs(line: Sequence[Token]) -> Iterator[list[Token]]:
    """Yield the parts of a line that are of one size."""
    run: list[Token] = []
    for token in line:
        if run and abs(token.size - run[-1].size) > SAME_SIZE * run[-1].size:
            yield run
            run = []
        run.append(token)
    if run:
        yield run


def _words(run: Sequence[Token]) -> Iterator[Token]:
    limit = _limit([(after.x0 - before.x1) / max(before.size, 1.0) for before, after in pairwise(run)])
    word = run[0]
    for token in run[1:]:
        if (token.x0 - word.x1) / max(word.size, 1.0) < limit:
            word = replace(word, text=word.text + token.text, x1=token.x1, last=token.last)
        else:
            yield word
            word = token
    yield word


def _limit(gaps: Sequence[float]) -> float:
    """Return the gap under which two pieces are one word: where the gaps of a line part best into two groups."""
    ordered = sorted(gap for gap in gaps if gap < 3 * WIDEST)
    best, limit = 0.0, WIDEST / 2
    for n in range(1, len(ordered)):
        low, high = ordered[:n], ordered[n:]
        means = sum(low) / len(low), sum(high) / len(high)
        # Between-group variance, as Otsu's threshold has it.
        spread = len(low) * len(high) * (means[1] - means[0]) ** 2
        if spread > best and means[1] >= TWO_GROUPS * max(means[0], 0.01):
            best, limit = spread, (low[-1] + high[0]) / 2
    return min(limit, WIDEST)
