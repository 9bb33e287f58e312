"""A field's own background and border (12.5.4, 12.5.6.19): an appearance stream has to draw them with the text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assistant.geometry import Rect
    from assistant.pdf.objects.document import Document
    from assistant.pdf.objects.syntax import PdfDictionary


@dataclass(frozen=True, slots=True, kw_only=True)
class Border:
    """The background and border of a widget, as operators; widths are points."""

    fill: bytes
    stroke: bytes
    width: float
    style: str
    """S solid, D dashed, B bevelled, I inset, U underlined."""

    @classmethod
    def of(cls, document: Document, node: PdfDictionary, look: PdfDictionary) -> Border:
        """Return the border of a widget; ``look`` is its /MK."""
        described = document.dictionary(node.get("BS"))
        width = document.get(described.get("W"))
        if not isinstance(width, int | float):
            old = [document.get(n) for n in document.array(node.get("Border"))]
            width = old[2] if len(old) > 2 and isinstance(old[2], int | float) else 1.0  # its third
        return cls(
            fill=_colour(document, look.get("BG"), (b"g", b"rg", b"k")),
            stroke=_colour(document, look.get("BC"), (b"G", b"RG", b"K")),
            width=float(max(0.0, width)),
            style=str(document.get(described.get("S")) or "S"),
        )

    @property
    def edge(self) -> float:
        """Return what it takes of each side of the box."""
        return (self.width * (2 if self.style in {"B", "I"} else 1)) if self.stroke else 0.0

    def inner(self, width: float, height: float) -> Rect:
        """Return the rectangle inside it, where text may be drawn: x, y, width, height."""
        edge = self.edge
        return edge, edge, max(0.0, width - 2 * edge), max(0.0, height - 2 * edge)

    def operators(self, width: float, height: float, comb: int) -> bytes:
        """Return the operators that draw it around a box; the cells of a comb are parted by lines."""
        operators = b""
        if self.fill:
            operators += b"q %s 0 0 %.2f %.2f re f Q " % (self.fill, width, height)
        if not self.stroke or not self.width:
            return operators
        half = self.width / 2
        dash = b" [3] 0 d" if self.style == "D" else b""
        if self.style == "U":
            line = b"0 %.2f m %.2f %.2f l" % (half, width, half)
        else:
            line = b"%.2f %.2f %.2f %.2f re" % (half, half, width - self.width, height - self.width)
        for n in range(1, min(comb, 1000)):
            line += b" %.2f 0 m %.2f %.2f l" % (n * width / comb, n * width / comb, height)
        return operators + b"q %s %.2f w%s %s S Q " % (self.stroke, self.width, dash, line)


def _colour(document: Document, value: Any, words: tuple[bytes, bytes, bytes]) -> bytes:
    numbers = [document.get(n) for n in document.array(value)]
    word = {1: words[0], 3: words[1], 4: words[2]}.get(len(numbers))
    return b" ".join(b"%.4g" % n for n in numbers if isinstance(n, int | float)) + b" " + word if word else b""
