"""A code that a phone or a scanner reads (QR, ISO/IEC 18004), as a picture of our papers."""

from __future__ import annotations

import io
import zlib

from PIL import Image
from reportlab.graphics.barcode.qr import QrCodeWidget

from assistant.documents.blocks import Picture

QUIET_MODULES = 4
"""Empty modules around the code (ISO/IEC 18004, 9.1)."""
PIXELS_PER_MODULE = 8


def code_picture(text: str, *, share: float) -> Picture:
    """Return a QR code of an ASCII text; ``share``: the part of our text's width that it takes."""
    code = QrCodeWidget(text, barLevel="M").qr  # type: ignore[attr-defined]  # the stubs leave it out
    code.make()
    modules: list[list[bool]] = code.modules
    side = (len(modules) + 2 * QUIET_MODULES) * PIXELS_PER_MODULE
    white = b"\xff" * (QUIET_MODULES * PIXELS_PER_MODULE)
    empty = b"\xff" * side
    rows = [empty] * (QUIET_MODULES * PIXELS_PER_MODULE)
    for modules_of_row in modules:
        dots = b"".join((b"\x00" if dark else b"\xff") * PIXELS_PER_MODULE for dark in modules_of_row)
        rows += [white + dots + white] * PIXELS_PER_MODULE
    rows += [empty] * (QUIET_MODULES * PIXELS_PER_MODULE)
    return Picture(pixels=zlib.compress(b"".join(rows), 9), size=(side, side), share=share, alt=f"A code: {text}")


def code_png(text: str) -> bytes:
    """Return a QR code of an ASCII text as a PNG file, gray, for a page."""
    picture = code_picture(text, share=1)
    out = io.BytesIO()
    Image.frombytes("L", picture.size, zlib.decompress(picture.pixels)).save(out, "PNG", optimize=True)
    return out.getvalue()
