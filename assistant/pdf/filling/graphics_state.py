"""What a page's content leaves behind for whatever is appended to it: saved states, a matrix, a clip (8.4.2)."""

from __future__ import annotations

import re

SAVE = b"q\n"
"""The stream that is put before a page's content, so that its state can be restored."""
_TEXTS = re.compile(rb"\((?:[^()\\]++|\\.|\((?:[^()\\]++|\\.)*+\))*+\)|<[0-9A-Fa-f\s]*+>|%[^\r\n]*+", re.DOTALL)
"""Strings and comments; one pair of brackets within a string is enough, deeper ones do not stand in pages."""
_PICTURE = re.compile(rb"(?<![^\s\]>)])BI\s.*?\sEI(?=\s|$)", re.DOTALL)
_OPERATOR = re.compile(rb"(?<![^\s\]>)])(q|Q|cm|W\*?)(?=[\s\[<(/]|$)")
_LASTING = frozenset({b"cm", b"W", b"W*"})
"""Operators whose effect no later one can take back; colours and fonts are set again."""


def unbalanced_saves(content: bytes) -> int | None:
    """Return how many saved states have to be restored after a page's content, one put before it counted.

    0: nothing is left behind, and what is appended stands as if alone. None: the content restores more states than it
    saves, and one put before it would change what it draws.
    """
    depth = lowest = 0
    left = False
    for match in _OPERATOR.finditer(_PICTURE.sub(b" ", _TEXTS.sub(b" ", content))):
        operator = match[1]
        if operator == b"q":
            depth += 1
        elif operator == b"Q":
            depth -= 1
            lowest = min(lowest, depth)
        elif operator in _LASTING and depth == 0:
            left = True
    if lowest < 0:
        return None
    # A matrix set after a state that is never restored is left behind, too.
    return depth + 1 if left or depth else 0
