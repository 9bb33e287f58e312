"""A form drawn anew so that it shows the same page: drawn sideways and turned back, or on a larger sheet."""

from __future__ import annotations

from io import BytesIO

import pikepdf

WIDE, HIGH = 612, 792
SIDEWAYS = {
    90: ((0, 1, -1, 0, HIGH, 0), (0, 0, HIGH, WIDE)),
    180: ((-1, 0, 0, -1, WIDE, HIGH), (0, 0, WIDE, HIGH)),
    270: ((0, -1, 1, 0, 0, WIDE), (0, 0, HIGH, WIDE)),
}


def drawn_sideways(data: bytes, turn: int) -> bytes:
    """Return the form drawn turned to the left by ``turn`` degrees, and its pages turned back as they are shown."""
    matrix, box = SIDEWAYS[turn]
    return _drawn(data, matrix, media=box, crop=box, turn=turn)


def turned(data: bytes, turn: int) -> bytes:
    """Return the form as it is drawn, its pages shown turned."""
    with pikepdf.open(BytesIO(data)) as pdf:
        for page in pdf.pages:
            page.obj.Rotate = turn
        out = BytesIO()
        pdf.save(out, static_id=True)
    return out.getvalue()


def on_a_larger_sheet(data: bytes, left: float, below: float) -> bytes:
    """Return the form moved by (left, below) points, only its old page visible."""
    box = (left, below, left + WIDE, below + HIGH)
    media = (min(left, 0), min(below, 0), left + WIDE + 100, below + HIGH + 120)
    return _drawn(data, (1, 0, 0, 1, left, below), media=media, crop=box, turn=0)


def _drawn(
    data: bytes, matrix: tuple[float, ...], *, media: tuple[float, ...], crop: tuple[float, ...], turn: int
) -> bytes:
    a, b, c, d, e, f = matrix
    with pikepdf.open(BytesIO(data)) as pdf:
        for page in pdf.pages:
            page.contents_coalesce()
            start = " ".join(f"{n:g}" for n in matrix).encode()
            page.obj.Contents = pdf.make_stream(b"q %s cm\n" % start + page.obj.Contents.read_bytes() + b"\nQ")
            page.obj.MediaBox, page.obj.CropBox, page.obj.Rotate = [*media], [*crop], turn
            for widget in page.obj.get("/Annots", []):
                x0, y0, x1, y1 = (float(n) for n in widget.Rect)
                xs, ys = zip(*((a * x + c * y + e, b * x + d * y + f) for x, y in ((x0, y0), (x1, y1))), strict=True)
                widget.Rect = [min(xs), min(ys), max(xs), max(ys)]
        out = BytesIO()
        pdf.save(out, static_id=True)
    return out.getvalue()
