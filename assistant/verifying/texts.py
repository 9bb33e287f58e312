"""Compare two pages that have real text, word by word: the same words, as often, whatever their order in the file."""

from __future__ import annotations

import unicodedata
from collections import Counter
from typing import TYPE_CHECKING

from assistant.verifying.sheet import outside

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from assistant.geometry import Rect
    from assistant.reading.tokens import Token

ALIKE = str.maketrans(
    {"‘": "'", "’": "'", "\u02bc": "'", "“": '"', "”": '"', "–": "-", "—": "-", "\u00ad": "", "_": " "}
)


def folded(text: str) -> list[str]:
    """Return the words of a text, with marks and ligatures written in one way; capital letters stay what they are."""
    return unicodedata.normalize("NFKC", text).translate(ALIKE).split()


def differences(
    issued: Iterable[Token], signed: Sequence[Token], left_out: Sequence[Rect]
) -> tuple[list[str], list[str]]:
    """Return the words that stand on the issued page alone, and on the signed one alone; none where they say the same.

    Words parted in another place are the same: flattening a form does that.
    """
    one = Counter(word for token in issued for word in folded(token.text))
    two = Counter(word for token in outside(signed, left_out) for word in folded(token.text))
    missing, gained = one - two, two - one
    if Counter("".join(missing.elements())) == Counter("".join(gained.elements())):
        whole, other = ("".join(sorted("".join(bag.elements()))) for bag in (missing, gained))
        # The same letters by chance in other words ("angel", "glean") are told by the picture.
        return ([], []) if whole == other and missing.total() != gained.total() else (list(missing), list(gained))
    return list(missing.elements()), list(gained.elements())
