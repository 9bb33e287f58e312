"""Find the boxes of words and of lines to write on in a picture of a page. Lengths are points."""

from __future__ import annotations

import numpy as np

from assistant.scans.one_thread import cv2

DPI = 200
INK = 140
"""Of 255: what is darker is ink."""
RULE = 22.0
"""Points: ink that runs level so far is a line to write on."""
THICK = 3.0
"""Points: a line is no higher."""
SPACE = 2.2
"""Points: letters nearer than this are one word."""
LETTER_DARKNESS = 0.35
"""Of 1, at 100 dpi: what is darker is part of a letter."""
HIGHEST = 30.0
"""Points: no word of a form is higher."""


def measure_ink(grey: np.ndarray, dpi: float = DPI) -> tuple[np.ndarray, np.ndarray]:
    """Return the boxes of the words and of the level lines in a grey picture, each (n, 4), in points from the top."""
    scale = dpi / 72
    ink = (grey < INK).astype(np.uint8)
    long = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, round(RULE * scale)), np.uint8))
    rules = [box for box in _boxes(long, long) if box[3] - box[1] <= THICK * scale]
    lines = np.zeros_like(ink)
    for x0, y0, x1, y1 in rules:
        lines[y0:y1, x0:x1] = long[y0:y1, x0:x1]
    letters = np.where(cv2.dilate(lines, np.ones((3, 3), np.uint8)) > 0, 0, ink).astype(np.uint8)
    near = cv2.dilate(letters, np.ones((max(1, round(0.8 * scale)), round(SPACE * scale)), np.uint8))
    words = _boxes(near, letters)
    return np.array(words, float).reshape(-1, 4) / scale, np.array(rules, float).reshape(-1, 4) / scale


def box_words(ink: np.ndarray, dpi: float = 100) -> np.ndarray:
    """Return a picture in which each word, or line to write on, of an ink picture is a filled box, 0 to 1."""
    scale = dpi / 72
    dark = (ink > LETTER_DARKNESS).astype(np.uint8)
    near = cv2.dilate(dark, np.ones((2, round(SPACE * scale)), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(near)
    picture = np.zeros(ink.shape, np.uint8)
    grown = round(SPACE * scale) // 2
    for x, y, w, h, area in stats[1:count].tolist():
        if area > 4 * scale and h < HIGHEST * scale:  # specks, and what is no word
            picture[y + 1 : y + h, x + grown : x + w - grown] = 1
    return picture.astype(np.float32)


def _boxes(joined: np.ndarray, ink: np.ndarray) -> list[tuple[int, int, int, int]]:
    """Return the boxes of the ink in each joined component: x0, y0, x1, y1 in pixels, lines of words from the top."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(joined)
    boxes: list[tuple[int, int, int, int]] = []
    for n in range(1, count):
        x, y, w, h, _area = stats[n]
        inside = (labels[y : y + h, x : x + w] == n) & (ink[y : y + h, x : x + w] > 0)
        rows, columns = np.flatnonzero(inside.any(1)), np.flatnonzero(inside.any(0))
        if len(rows):
            left, top = int(x + columns[0]), int(y + rows[0])
            boxes.append((left, top, int(x + columns[-1] + 1), int(y + rows[-1] + 1)))
    return sorted(boxes, key=lambda box: (round(box[3] / 20), box[0]))
