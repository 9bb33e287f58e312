"""The codes of our own papers (QR, ISO/IEC 18004), read on a picture of a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from assistant.scans.one_thread import cv2

if TYPE_CHECKING:
    from numpy.typing import NDArray

START = "287G "
"""How the text of each code of ours begins."""
LONGEST = 120


def read_codes(gray: NDArray[np.uint8]) -> list[str]:
    """Return the texts of our codes on a page; ``gray`` is height by width, at least 130 dots per inch."""
    try:
        _, texts, _, _ = cv2.QRCodeDetectorAruco().detectAndDecodeMulti(np.ascontiguousarray(gray))
    except (cv2.error, UnicodeDecodeError):  # a pattern that only looks like a code
        return []
    return [text for text in texts if text.startswith(START) and text.isascii() and len(text) <= LONGEST]
