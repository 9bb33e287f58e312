"""Parts of a scanned page, each laid over the issued page finely where something has to be read.

Laying the whole page over another one so finely takes the time, and the memory, of ten words that are read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from assistant.scans.one_thread import cv2

if TYPE_CHECKING:
    from assistant.scans.alignment import PageMap
    from assistant.scans.paper import Darkness, InkPicture

STEP = 20
"""Pixels from one node of a map to the next."""


def lay_part(page_map: PageMap, picture: InkPicture, box: tuple[int, int, int, int], dpi: int) -> Darkness:
    """Return a part of a picture as it lies over the page: ``box`` (left, top, right, bottom) in pixels at ``dpi``."""
    left, top, right, bottom = box
    # The map is known at nodes a few pixels apart, one of them beyond each edge, and runs straight between them.
    across, down = (-(-(end - begin) // STEP) + 2 for begin, end in ((left, right), (top, bottom)))
    x, y = np.meshgrid((np.arange(across) - 0.5) * STEP + left, (np.arange(down) - 0.5) * STEP + top)
    places = page_map.at(np.column_stack([x.ravel(), y.ravel()]) / dpi) * picture.dpi - 0.5
    nodes = places.reshape(down, across, 2).astype(np.float32)
    there = cv2.resize(nodes, (across * STEP, down * STEP), interpolation=cv2.INTER_LINEAR)
    there = there[STEP : STEP + bottom - top, STEP : STEP + right - left]
    part: Darkness = cv2.remap(picture.darkness, there, None, cv2.INTER_CUBIC, borderValue=0)
    np.clip(part, 0.0, 1.0, out=part)
    return part
