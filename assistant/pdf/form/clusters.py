"""A text letter by letter, as a reader sees letters: each with the marks that stand over and under it."""

from __future__ import annotations

import re

_MARKS = "\u0300-\u036f\u0483-\u0487\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
MARK = re.compile(f"[{_MARKS}]")
_CLUSTER = re.compile(rf"[^{_MARKS}\s][{_MARKS}]*|[{_MARKS}\s]")


def clusters(text: str) -> list[str]:
    """Return the letters of a text, each with its marks; a mark after a space stands alone: lines break there."""
    return _CLUSTER.findall(text) if MARK.search(text) else list(text)


def max_marks(text: str) -> int:
    """Return how many marks the letter has that has most of them."""
    return max((len(letter) - 1 for letter in clusters(text)), default=0) if MARK.search(text) else 0
