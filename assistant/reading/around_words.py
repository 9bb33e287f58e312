"""Read the blanks in sentences of pages that are laid out anew, by the words around each blank.

Such a page is like no print, or its words do not lie where a print has them. It is read whole, once, and what stands
between the words before and behind a blank is read again by the second recognizer. Nothing there is ever sure.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from assistant.reading.agreement import ReadLine, SlotReading
from assistant.reading.filling import INLINE_SLOTS, kept_lines
from assistant.reading.slots import label_of
from assistant.reading.tokens import Token, text_of_tokens
from assistant.reading.whole_page import page_spots

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.editions.catalog import Edition
    from assistant.pdf.viewer.viewed_pdf import ViewedPage, ViewedPdf
    from assistant.reading.label_spots import LabelSpot

DPI = 200
MOST_PAGES = 4
"""Reading a whole page takes a second or two."""
AROUND = 2.0
"""Points around the words of a line that belong to its picture."""


def read_around(viewed: ViewedPdf, numbers: Sequence[int], edition: Edition | None) -> dict[str, SlotReading]:
    """Return what stands in the blanks in sentences of some pages (from 1), by slot; ``edition`` names the blanks."""
    from assistant.scans.recognizers import read_page  # noqa: PLC0415 - it loads Tesseract

    readings: dict[str, SlotReading] = {}
    if not numbers or edition is None or edition.model is None:
        return readings
    for number in numbers[:MOST_PAGES]:
        picture = viewed.draw_plain_page(number, DPI)
        if picture is None:
            break
        grey = np.asarray(picture)
        page = viewed.pages[number - 1]
        scale = grey.shape[0] / page.height
        tokens = [
            Token(
                text=word.text,
                x0=word.left / scale,
                x1=word.right / scale,
                base=page.height - word.base / scale,
                size=word.height / scale,
                source="recognised",
            )
            for word in read_page(grey)
        ]
        for spot in page_spots(page, tokens, edition.model):
            if spot.slot in INLINE_SLOTS and spot.slot not in readings:
                readings[spot.slot] = _read_spot(spot, grey, page, edition)
    return readings


def _read_spot(spot: LabelSpot, grey: np.ndarray, page: ViewedPage, edition: Edition) -> SlotReading:
    """Return what stands between the words around a blank: likely where both recognizers read the same letters."""
    place = SlotReading(
        slot=spot.slot,
        page=spot.page,
        label=label_of(spot.slot, edition),
        source="unseen",
        by_shape=True,
        unsure_place=True,
    )
    lines = kept_lines(spot.tokens)
    if not lines:
        return place
    texts = [_read_line(line, grey, page) for line in lines]
    text = " ".join(text for text, _ in texts)
    if not all(agrees for _, agrees in texts):
        return replace(place, guess=text)
    first = lines[0][0]
    line = ReadLine(text=text, base=first.base, start=first.x0, recognized="likely")
    return replace(place, source="recognised", lines=(line,), recognized="likely")


def _read_line(tokens: Sequence[Token], grey: np.ndarray, page: ViewedPage) -> tuple[str, bool]:
    """Return the text of a line, and whether the second recognizer reads the same in its picture."""
    from assistant.scans.recognizers import LineReading, pp_ocr  # noqa: PLC0415 - as above
    from assistant.scans.witnesses import Witnesses, join  # noqa: PLC0415 - as above

    scale = grey.shape[0] / page.height
    high = max(token.size for token in tokens)
    left, right = tokens[0].x0 - AROUND, tokens[-1].x1 + AROUND
    top = page.height - tokens[0].base - high - AROUND
    bottom = page.height - tokens[0].base + 0.3 * high + AROUND
    x0, y0, x1, y1 = (max(0, round(at * scale)) for at in (left, top, right, bottom))
    part = grey[y0:y1, x0:x1]
    second = pp_ocr()
    text = text_of_tokens(tokens)
    if second is None or not part.size:
        return text, False
    value = join(Witnesses(first=LineReading(text, 100.0), second=second.read_line(part), capped="again"))
    return value.text, value.certainty != "unsure"
