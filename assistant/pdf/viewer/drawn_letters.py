"""The letters drawn on a page, as pdfium reads them: each with its box, its size, its font, and whether it shows."""

from __future__ import annotations

import ctypes
import math
import sys
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import pypdfium2.raw as pdfium

from assistant.pdf.viewer.paint_order import colour_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pypdfium2

    from assistant.geometry import Rect
    from assistant.pdf.viewer.paint_order import Occlusion, PaintOrder

MAX_LETTERS = 20_000
UNKNOWN = 0xFFFD
"""What stands for a letter that cannot be read."""
CODED = 0.2
"""A font of whose letters so many do not say what they are tells nothing by the others either."""


@dataclass(slots=True)
class DrawnLetter:
    """A letter: its box, its place on the baseline, its place in pdfium's order.

    ``generated``: pdfium's own space, put in where it saw a gap.
    """

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    x: float
    y: float
    index: int
    hidden: bool = False
    coded: bool = False
    generated: bool = False


def letters_of(
    page: pypdfium2.PdfPage, paint_order: PaintOrder | None = None, within: Sequence[Rect] | None = None
) -> list[tuple[DrawnLetter, float, float, str]]:
    """Return each letter with its size, its angle in degrees and its font, in pdfium's order; spaces too.

    With the order of drawing, the result also says which letters do not show. ``within``: boxes in which those begin
    that are wanted.
    """
    text = page.get_textpage()
    handle = text.raw
    rect, x, y = pdfium.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    to_rect, to_x, to_y = ctypes.byref(rect), ctypes.byref(x), ctypes.byref(y)
    raw = ctypes.cast(handle, ctypes.c_void_p).value
    letters = []
    size, angle, font = 0.0, 0.0, ""
    hiding: Occlusion | bool = False
    before = None
    any_coded = False
    for n in range(min(text.count_chars(), MAX_LETTERS)):
        code = _unicode(raw, n)
        if not code or code > sys.maxunicode:
            continue
        _origin(raw, n, to_x, to_y)
        left, base = x.value, y.value
        if within is not None and not _begins_in(within, left, base):
            continue
        _loose_box(raw, n, to_rect)
        owner = _object(raw, n)
        if owner != before or not owner:
            before = owner
            size, angle, font = _style(handle, n)
            hiding = _hiding(handle, n, owner, paint_order)
        sign = chr(code)
        letter = DrawnLetter(sign, rect.left, rect.bottom, rect.right, rect.top, left, base, n)
        if code == UNKNOWN or _unmapped(raw, n) == 1:
            letter.coded = any_coded = True
        if sign.isspace() and pdfium.FPDFText_IsGenerated(handle, n) == 1:
            letter.generated = True
        if hiding:
            letter.hidden = hiding is True or hiding.hides((rect.left, rect.bottom, rect.right, rect.top))
        letters.append((letter, size, angle, font))
    text.close()
    if any_coded:
        _spread_codes(letters)
    return letters


def _fast(function: Any, result: Any, *arguments: Any) -> Callable[..., int]:
    """Return a function of pdfium that takes and gives addresses as numbers: a third of the time of its own types."""
    address = ctypes.cast(function, ctypes.c_void_p).value
    prototype = ctypes.CFUNCTYPE(result, ctypes.c_void_p, ctypes.c_int, *arguments)
    return cast("Callable[..., int]", prototype(cast("int", address)))


_unicode = _fast(pdfium.FPDFText_GetUnicode, ctypes.c_uint)
_origin = _fast(pdfium.FPDFText_GetCharOrigin, ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)
_loose_box = _fast(pdfium.FPDFText_GetLooseCharBox, ctypes.c_int, ctypes.c_void_p)
_object = _fast(pdfium.FPDFText_GetTextObject, ctypes.c_void_p)
_unmapped = _fast(pdfium.FPDFText_HasUnicodeMapError, ctypes.c_int)


def _begins_in(boxes: Sequence[Rect], x: float, y: float) -> bool:
    for box in boxes:  # noqa: SIM110 - asked for every letter, and twice as fast as any()
        if box[0] <= x <= box[2] and box[1] <= y <= box[3]:
            return True
    return False


def _hiding(handle: object, n: int, owner: int, paint_order: PaintOrder | None) -> Occlusion | bool:
    if not paint_order or not owner:
        return False
    return paint_order.hiding(owner, pdfium.FPDFText_GetTextObject(handle, n), colour_of(handle, n))


def _style(handle: object, n: int) -> tuple[float, float, str]:
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFText_GetMatrix(handle, n, matrix)
    scale = math.hypot(matrix.c, matrix.d)
    angle = math.degrees(math.atan2(matrix.b, matrix.a))
    return pdfium.FPDFText_GetFontSize(handle, n) * scale, angle, _font(handle, n)


def _spread_codes(letters: Sequence[tuple[DrawnLetter, float, float, str]]) -> None:
    """Mark every letter of a font whose letters are codes, those too that look like letters."""
    counted: Counter[str] = Counter(font for letter, _, _, font in letters if not letter.text.isspace())
    coded: Counter[str] = Counter(font for letter, _, _, font in letters if letter.coded)
    for letter, _, _, font in letters:
        letter.coded = letter.coded or (bool(font) and coded[font] > CODED * counted[font])


def _font(handle: object, n: int) -> str:
    # A longer name is not written at all.
    flags, buffer = ctypes.c_int(), ctypes.create_string_buffer(256)
    pdfium.FPDFText_GetFontInfo(handle, n, buffer, len(buffer), flags)
    return str(buffer.value.decode("utf-8", "replace"))
