"""A picture of what differs between an issued page and the signed copy of it; drawn in the sandbox alone.

Ink that both pages have is gray, ink that only the issued page has is orange, ink that only the copy has is blue.
"""

from __future__ import annotations

import base64
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from assistant.errors import PdfError
from assistant.pdf.viewer.viewed_pdf import ViewedPdf
from assistant.scans.alignment import ALIGN_DPI
from assistant.scans.paper import reduce_picture, soften
from assistant.verifying.compare import Comparing
from assistant.verifying.document import blanks_from_document

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from assistant.verifying.page_model import PageModel

PICTURE_DPI = 110
GRAY = (0.72, 0.72, 0.72)
ONLY_ISSUED, ADDED = (0.90, 0.35, 0.0), (0.0, 0.30, 0.85)
"""Colors as parts of red, green and blue."""
FAINT, STRONG = 0.25, 0.5
"""Darkness that differs: from here on it is drawn, and from here on in full color."""
NOT_ALIGNED = "These two pages cannot be laid over each other. Compare them by eye."


def draw_difference(data: bytes, issued: str, blanks: str, page: int, number: int) -> str:
    """Return a PNG in base64: page ``number`` of a signed copy laid over page ``page`` of the file at a path.

    ``blanks`` is what ``look_at_issued`` returned for them, as JSON.

    Raises:
        PdfError: a file cannot be opened, or the pages cannot be laid over each other.
    """
    with ViewedPdf(Path(issued).read_bytes()) as one, ViewedPdf(data) as other:
        comparing = Comparing(one, blanks_from_document(json.loads(blanks)))
        model = comparing.model_of_page(other, number, page)
    if model is None:
        raise PdfError(NOT_ALIGNED)
    out = io.BytesIO()
    Image.fromarray(_color(model)).save(out, "PNG")
    return base64.b64encode(out.getvalue()).decode()


def _color(model: PageModel) -> NDArray[np.uint8]:
    """Return the picture, ``[height, width, 3]``."""
    remainder = soften(model.remainder, 1.0)
    ink = np.clip(model.expected, 0, 1) * 0.5
    picture = 1.0 - ink[..., None] * np.array(GRAY, np.float32)
    for color, strength in ((ONLY_ISSUED, -remainder), (ADDED, remainder)):
        part = np.clip((strength - FAINT) / (STRONG - FAINT), 0, 1)[..., None]
        picture = picture * (1 - part) + np.array(color, np.float32) * part
    layers = [
        reduce_picture(np.ascontiguousarray(picture[..., n], np.float32), ALIGN_DPI, PICTURE_DPI) for n in range(3)
    ]
    pixels: NDArray[np.uint8] = np.rint(np.clip(np.stack(layers, axis=-1), 0, 1) * 255).astype(np.uint8)
    return pixels
