"""Compare two pages that have real text, word by word: the same words, as often, whatever their order in the file."""

from __future__ import annotations

import unicodedata
from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING

from rapidfuzz.distance import Indel

from assistant.verifying.comparison import PageDifference
from assistant.verifying.issued_page import outside

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from assistant.geometry import Rect
    from assistant.reading.tokens import Token

ALIKE = str.maketrans(
    {"‘": "'", "’": "'", "\u02bc": "'", "“": '"', "”": '"', "–": "-", "—": "-", "\u00ad": "", "_": " "}
)

LEAST_RUNNING = 3
"""Words of a header or footer by which it is known."""


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
    missing, added_words = one - two, two - one
    if Counter("".join(missing.elements())) == Counter("".join(added_words.elements())):
        whole, other = ("".join(sorted("".join(bag.elements()))) for bag in (missing, added_words))
        # The same letters by chance in other words ("angel", "glean") are distinguished by the picture.
        return (
            ([], [])
            if whole == other and missing.total() != added_words.total()
            else (list(missing), list(added_words))
        )
    return list(missing.elements()), list(added_words.elements())


def compare_reflowed(issued: Sequence[Sequence[str]], signed: Sequence[str]) -> list[list[PageDifference]]:
    """Return what differs by page of the issued file, where the signed copy breaks its lines and pages elsewhere.

    Args:
        issued: the folded words of each page of the issued file, headers and footers left out.
        signed: the folded words of the signed copy, the same.
    """
    words = [word for page in issued for word in page]
    page_of = [n for n, page in enumerate(issued) for _ in page]
    changes: list[list[PageDifference]] = [[] for _ in issued]
    steps = Indel.opcodes(words, list(signed)) if words else ()
    for is_same, run in groupby(steps, lambda step: step.tag == "equal"):
        if not is_same:
            # What is lost and what is gained in one place are two steps of one change.
            changed = list(run)
            missing_words = " ".join(words[changed[0].src_start : changed[-1].src_end])
            added_words = " ".join(signed[changed[0].dest_start : changed[-1].dest_end])
            page = page_of[min(changed[0].src_start, len(words) - 1)]
            changes[page].append(PageDifference(kind="text", issued=missing_words, read=added_words))
    return [_join_steps(differences) for differences in changes]


def remove_running_lines(words: Sequence[str], running: Sequence[Sequence[str]]) -> list[str]:
    """Return the words of a page without one run that is the header or footer of a page of the issued file.

    Its words may stand in another order; fewer than ``LEAST_RUNNING`` say too little to be one.
    """
    rows = sorted({tuple(sorted(row)) for row in running if len(row) >= LEAST_RUNNING}, key=len, reverse=True)
    for row in rows:
        for start in range(len(words) - len(row), -1, -1):
            if tuple(sorted(words[start : start + len(row)])) == row:
                return [*words[:start], *words[start + len(row) :]]
    return list(words)


def _join_steps(steps: Sequence[PageDifference]) -> list[PageDifference]:
    """Return the differences that are left once words parted by a hyphen or a space elsewhere are taken for one."""
    missing_words, added_words = "".join(step.issued for step in steps), "".join(step.read for step in steps)
    if _without_breaks(missing_words) == _without_breaks(added_words):
        return []
    return [step for step in steps if _without_breaks(step.issued) != _without_breaks(step.read)]


def _without_breaks(text: str) -> str:
    return text.replace(" ", "").replace("-", "")
