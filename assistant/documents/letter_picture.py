"""The last page of the agency's own letter as a picture, its two lines to write on marked."""

from __future__ import annotations

import zlib
from io import BytesIO
from typing import TYPE_CHECKING

from PIL import Image

from assistant.documents.blocks import Picture, StructureMark
from assistant.documents.letter import CAPTIONS
from assistant.documents.signing_picture import THUMBNAIL_PIXELS
from assistant.errors import PdfError
from assistant.pdf.viewer.drawn_letters import letters_of
from assistant.pdf.viewer.drawn_words import turner, words_of
from assistant.pdf.viewer.render import held_pdf, page_png

if TYPE_CHECKING:
    from assistant.geometry import Rect
    from assistant.pdf.viewer.drawn_words import Word

MARKS = dict(zip(CAPTIONS, ("Sign here", "Date here"), strict=True))
"""The caption under each line of the letter, and what the line is marked with."""
RULE_WIDTH_PT, RULE_ABOVE_PT, MARK_HEIGHT_PT = 250.0, 9.0, 18.0
"""How long a line is, how far it lies over its caption's baseline, how high its mark is."""


def letter_to_sign(data: bytes, page: int, *, share: float) -> Picture | None:
    """Return a page (from 1) of the agency's own letter with its lines marked; None where it cannot be drawn.

    ``share``: the part of our text's width that it takes.
    """
    try:
        with held_pdf(data) as opened:
            sheet = opened[page - 1]
            box: Rect = (0.0, 0.0, sheet.get_width(), sheet.get_height())
            words = words_of(letters_of(sheet), turner(box, 0), 0)
        picture = Image.open(BytesIO(page_png(data, page - 1, width=THUMBNAIL_PIXELS))).convert("L")
    except PdfError:
        return None
    by_line: dict[int, list[Word]] = {}
    for word in words:
        by_line.setdefault(round(word.base), []).append(word)
    captions = {" ".join(word.text for word in line): line[0] for line in by_line.values()}
    marks = []
    for caption, text in MARKS.items():
        if (first := captions.get(caption)) is not None:
            bottom = first.base + RULE_ABOVE_PT
            part = (
                first.x0 / box[2],
                1 - (bottom + MARK_HEIGHT_PT) / box[3],
                (first.x0 + RULE_WIDTH_PT) / box[2],
                1 - bottom / box[3],
            )
            marks.append(StructureMark(part=part, text=text, ours=True))
    return Picture(
        pixels=zlib.compress(picture.tobytes(), 9),
        size=picture.size,
        share=share,
        alt=f"Page {page} of the letter of interest. Marked for the agency: signature; date signed.",
        marks=tuple(marks),
    )
