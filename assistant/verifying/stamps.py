"""Stamps on a signed page, such as RECEIVED and its date: what is read of them, in a frame and without."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
from rapidfuzz import fuzz

from assistant.scans.one_thread import cv2
from assistant.verifying.quoting import read_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.scans.paper import Darkness
    from assistant.verifying.quoting import ReadWord

FAIR_READING = 40.0
"""Tesseract's confidence from which a word of added ink counts."""
LEAST_TURNED = 0.7
"""Degrees: ink turned by less is read as it is."""
LINE_OF_FRAME = 0.35
"""Of the contrast: how dark the lines of a stamp's frame are."""
SURE_STAMP_WORDS = frozenset({"received", "approved", "filed", "recorded", "copy", "scanned", "faxed", "entered"})
STAMP_WORDS = SURE_STAMP_WORDS | {"original", "draft", "paid", "confidential", "reviewed", "certified", "clerk", "date"}
MOST_STAMP_WORDS = 3
"""So many read words that are no stamp words, figures or months make it text."""
FRAME_SHARE, AROUND_FRAME = 0.4, 3
"""The part of a row or column that is ink where a frame's line runs, and pixels beside it that are its own."""
LEAST_IN_ROW, LEAST_ROW = 8, 16
"""Pixels of ink in a row of print at least, and how high it is at least."""
SHORT = 2
"""Letters of a word that says nothing."""
DATE = re.compile(r"\d[/-]\d{1,2}[/-]\d{2}")
YEAR = re.compile(r"(19|20)\d\d")
MONTHS = frozenset(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec"])


def read_framed(
    without_own: Darkness, part: Darkness, angle: float, contrast: float, *, many_lines: bool
) -> list[ReadWord]:
    """Return what is read within a frame: of a picture without the issued ink, and of one with it.

    Taking out what was issued leaves gaps in a stamp's letters; leaving it in lays words over them.
    """
    contrast = max(contrast, 0.2)
    as_a_whole = level_part(without_own, angle)
    for picture in (as_a_whole, level_part(part, angle)):
        inside = remove_frame(picture, LINE_OF_FRAME * contrast)
        lines = [read_line(row, contrast) for row in split_rows(inside, LINE_OF_FRAME * contrast)]
        words = [word for line in lines for word in line if word.confidence >= FAIR_READING]
        if is_stamp([word.text for word in words], is_framed=True):
            return words
    return read_line(as_a_whole, contrast, many_lines=many_lines)


def level_part(part: Darkness, angle: float) -> Darkness:
    """Return a part of a page turned about its middle to the left by so many degrees."""
    if abs(angle) <= LEAST_TURNED:
        return part
    high, wide = part.shape
    turn = cv2.getRotationMatrix2D((wide / 2, high / 2), angle, 1.0)
    leveled: Darkness = cv2.warpAffine(part, turn, (wide, high), flags=cv2.INTER_LINEAR, borderValue=0)
    return leveled


def remove_frame(dark: Darkness, least: float) -> Darkness:
    """Return a stamp's picture, leveled, without the lines of its frame: rows and columns that are mostly ink."""
    ink = dark > least
    cleaned = dark.copy()
    for axis, share in ((0, ink.mean(axis=1)), (1, ink.mean(axis=0))):
        for n in np.flatnonzero(share > FRAME_SHARE).tolist():
            line = slice(max(0, n - AROUND_FRAME), n + AROUND_FRAME + 1)
            if axis == 0:
                cleaned[line] = 0
            else:
                cleaned[:, line] = 0
    return cleaned


def split_rows(dark: Darkness, least: float) -> list[Darkness]:
    """Return the rows of print of a picture, leveled, from the top; the whole where no white parts it."""
    is_row = np.count_nonzero(dark > least, axis=1) > LEAST_IN_ROW
    edges = np.flatnonzero(np.diff(np.concatenate([[False], is_row, [False]]).astype(np.int8)))
    rows = [(int(top), int(bottom)) for top, bottom in edges.reshape(-1, 2) if bottom - top >= LEAST_ROW]
    return [dark[max(0, top - 6) : bottom + 6] for top, bottom in rows] or [dark]


def is_stamp(words: Sequence[str], *, is_framed: bool = False) -> bool:
    """Say whether words are those of a stamp like RECEIVED with its date, and nothing else.

    In a frame a stamp's word may be misread, or not be read at all where nothing but its date is; without one it may
    have one wrong letter.
    """
    folded = [re.sub(r"\W", "", word).casefold() for word in words]
    folded = [word for word in folded if word]
    least = 65 if is_framed else 87
    named = [w for w in folded if any(fuzz.ratio(w, stamp_word) >= least for stamp_word in SURE_STAMP_WORDS)]
    months = [w for w in folded if is_framed and any(fuzz.ratio(w, month) >= least for month in MONTHS)]
    stamp_words = STAMP_WORDS | MONTHS | {*named, *months}
    other = [w for w in folded if w not in stamp_words and not any(map(str.isdigit, w)) and len(w) > SHORT]
    if not named:
        has_date = any(word in MONTHS or YEAR.fullmatch(word) for word in folded) or any(map(DATE.search, words))
        return is_framed and not other and has_date
    return len(other) <= MOST_STAMP_WORDS


def is_month_and_figures(words: Sequence[str]) -> bool:
    """Say whether words are a month's name and figures alone, as of a stamp of which nothing else can be read."""
    folded = [re.sub(r"\W", "", word).casefold() for word in words]
    return all(word in MONTHS or any(map(str.isdigit, word)) for word in folded if word)
