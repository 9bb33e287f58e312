"""Read what a scan says where it differs, to quote it: a line at a time, with Tesseract.

Reading decides little: it quotes, and it lets go of a difference where it reads what was issued.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import tesserocr

from assistant.scans.recognizers import tesseract_engine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.scans.alignment import Box
    from assistant.scans.paper import Darkness

READ_DPI = 300
WHITE = 24
"""Pixels of white around what is read."""
ALIKE = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "\u00ad": "-", "|": "I"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadWord:
    """A word as read, how sure Tesseract is of it (0 to 100), and its edges in pixels of the picture that was read."""

    text: str
    confidence: float
    left: int
    right: int


def read_line(dark: Darkness, contrast: float, *, many_lines: bool = False) -> list[ReadWord]:
    """Return the words of a line cut from a page, given as darkness at ``READ_DPI``."""
    gray = 255 - np.clip(dark / max(contrast, 0.2) * 255, 0, 255).astype(np.uint8)
    gray = np.ascontiguousarray(np.pad(gray, WHITE, constant_values=255))
    api = tesseract_engine()
    api.SetPageSegMode(tesserocr.PSM.SINGLE_BLOCK if many_lines else tesserocr.PSM.SINGLE_LINE)
    api.SetImageBytes(gray.tobytes(), gray.shape[1], gray.shape[0], 1, gray.shape[1])
    api.SetSourceResolution(READ_DPI)
    api.Recognize()
    words_read = []
    level = tesserocr.RIL.WORD
    for item in tesserocr.iterate_level(api.GetIterator(), level) if api.GetUTF8Text().strip() else ():
        text, box = item.GetUTF8Text(level), item.BoundingBox(level)
        if text and text.strip() and box:
            left, right = box[0] - WHITE, box[2] - WHITE
            words_read.append(ReadWord(text=text.strip(), confidence=item.Confidence(level), left=left, right=right))
    return words_read


def words_in(words: Sequence[ReadWord], left: float, right: float) -> list[ReadWord]:
    """Return the words of a line whose middle lies between two edges, or that reach over most of the space."""
    words_read = []
    for word in words:
        middle = (word.left + word.right) / 2
        shared = min(word.right, right) - max(word.left, left)
        if left <= middle <= right or shared > 0.5 * (right - left):
            words_read.append(word)
    return words_read


def fold_word(text: str) -> str:
    """Return letters, figures and the marks that change a meaning, written one way; marks that scanners lose go."""
    folded = unicodedata.normalize("NFKC", text).translate(ALIKE)
    return re.sub(r"[^\w§$%@&/]", "", folded).replace("_", "")


def looks_alike(issued: str, read: str) -> bool:
    """Say whether two words are the same, letters that no scanner tells apart taken for one."""
    one, other = (_same_shape(fold_word(text)) for text in (issued, read))
    return bool(one) and one == other


def _same_shape(text: str) -> str:
    return re.sub("[lI1]", "l", re.sub("[O0]", "O", text)).replace("§", "S")


def scale_box(box: Box, around: float) -> tuple[int, int, int, int]:
    """Return left, top, right and bottom of a box at ``READ_DPI``, with so many pixels (of the box) around it."""
    scale = READ_DPI / 150
    left, top = max(0, round((box.left - around) * scale)), max(0, round((box.top - around) * scale))
    return left, top, round((box.right + around) * scale), round((box.bottom + around) * scale)
