"""A page as it is read: turned until its lines run level, the lower left corner of what is visible its origin.

A form may be drawn sideways and shown upright by /Rotate, and its visible box may lie anywhere (/CropBox, ISO 32000-2,
14.11.2). Heights above the foot of a page mean something only here; fields and texts keep the page's own coordinates.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.cache import IdentityCache
from assistant.pdf.viewer.drawn_words import rect_turned, turner
from assistant.pdf.viewer.read_back import DrawnPages, in_lines, joined

if TYPE_CHECKING:
    from assistant.geometry import Rect
    from assistant.pdf.form.template import Template

MAX_PAGES = 60
"""An agreement has 10 to 14 pages; what stands behind this many is not looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UprightPage:
    """How a page is turned to be read: to the right by ``turn`` degrees; ``box`` is its visible box, in points."""

    box: Rect
    turn: int = 0

    @property
    def size(self) -> tuple[float, float]:
        """Return width and height as the page is read, in points."""
        x0, y0, x1, y1 = self.as_read(self.box)
        return x1 - x0, y1 - y0

    def as_read(self, rect: Rect) -> Rect:
        """Return a box of the page as it stands on the page as it is read."""
        return rect_turned(rect, turner(self.box, self.turn))

    def own(self, rect: Rect) -> Rect:
        """Return a box of the page as it is read in the page's own coordinates."""
        x0, y0, x1, y1 = self.box
        ax, ay, bx, by = rect
        return {
            0: (x0 + ax, y0 + ay, x0 + bx, y0 + by),
            90: (x1 - by, y0 + ax, x1 - ay, y0 + bx),
            180: (x1 - bx, y1 - by, x1 - ax, y1 - ay),
            270: (x0 + ay, y1 - bx, x0 + by, y1 - ax),
        }[self.turn]


_pages: IdentityCache[tuple[UprightPage, ...]] = IdentityCache(1)


def upright_pages(template: Template) -> tuple[UprightPage, ...]:
    """Return for each page how it is read; those behind ``MAX_PAGES`` as they are.

    Raises:
        PdfError: pdfium cannot open the file.
    """
    return _pages.get_or_make(template, None, lambda: _turn_pages(template))


def _turn_pages(template: Template) -> tuple[UprightPage, ...]:
    with DrawnPages(template.drawable) as drawn_pages:
        return tuple(
            UprightPage(box=page.box, turn=drawn_pages.direction(n) if n < MAX_PAGES else 0)
            for n, page in enumerate(template.pages)
        )


def at_edges(template: Template, number: int, within: float) -> str:
    """Return what stands at foot and head of a page (from 0) as it is read, within so many points of its edges."""
    with DrawnPages(template.drawable) as drawn_pages:
        letters = drawn_pages.letters(number)
        page = UprightPage(box=template.pages[number].box, turn=drawn_pages.direction(number))
    top = page.size[1] - within
    # pdfium gives the lines of a turned page in pieces.
    read = [(x, page.as_read(x.rect)) for x in (in_lines(letters, page.turn) if page.turn else letters)]
    return joined(letter for letter, (_, low, _, high) in read if low < within or high > top)
