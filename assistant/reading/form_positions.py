"""Measure where words, lines and blanks stand on the pages of a blank form. Lengths are points."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from assistant.editions.catalog import LeftBlank
from assistant.pdf.form.template import compile_template
from assistant.pdf.upright_page import upright_pages
from assistant.pdf.viewer.viewed_pdf import ViewedPdf
from assistant.scans.measuring import DPI, measure_ink
from assistant.scans.page_geometry import BlankBox, PrintedPage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.editions.catalog import Edition, Entry
    from assistant.pdf.form.template import Template

ABOVE, BELOW = 11.0, 2.5
"""What is written on a line of a flat form stands so far above and below it."""


def measure_pages(data: bytes, edition: Edition) -> tuple[PrintedPage, ...]:
    """Return the pages of a blank form with the positions of its words, lines and blanks.

    Raises:
        PdfError: it cannot be read.
    """
    template = compile_template(data)
    blanks = list(blanks_on_pages(template, edition))
    positions = []
    with ViewedPdf(data) as viewed:
        for page in viewed.pages:
            picture = viewed.draw_page(page.number, DPI)
            if page.sideways:
                picture = picture.rotate(-page.sideways, expand=True, fillcolor=255)
            # A fine picture of a large page is drawn smaller than asked for.
            words, rules = measure_ink(np.asarray(picture), 72 * picture.width / page.width)
            positions.append(
                PrintedPage(
                    edition=edition.name,
                    number=page.number,
                    width=page.width,
                    height=page.height,
                    words=words,
                    rules=rules,
                    blanks=tuple(blank for number, blank in blanks if number == page.number),
                )
            )
    return tuple(positions)


def blanks_on_pages(template: Template, edition: Edition) -> Iterator[tuple[int, BlankBox]]:
    """Yield (page, blank) for each blank that an edition's map places on a form."""
    pages = upright_pages(template)
    blanks: list[Entry | LeftBlank] = [*edition.entries, *edition.left_blank]
    for blank in blanks:
        side = "ice" if blank.side == "ice" else "agency"
        for number, (x0, low, x1, high) in _places_of(blank, template):
            page = pages[number - 1]
            height = page.size[1]
            if isinstance(blank, LeftBlank) and blank.line:
                box = (x0, height - high, x1, height - low)
            else:
                a, b, c, d = page.as_read((x0, low, x1, high)) if template.fields else (x0, low, x1, high)
                box = (a, height - d, c, height - b)
            yield number, BlankBox(key=blank.blank, side=side, box=box)


def _places_of(blank: Entry | LeftBlank, template: Template) -> Iterator[tuple[int, tuple[float, float, float, float]]]:
    field = template.fields.get(blank.blank)
    if field is not None:
        for n, widget in enumerate(field.widgets):
            if blank.widgets is None or n in blank.widgets:
                x0, y0, x1, y1 = map(float, widget.rect)
                yield widget.page + 1, (x0, y0, x1, y1)
        return
    if isinstance(blank, LeftBlank):
        if blank.line:
            x0, y, x1 = blank.line
            yield blank.page, (x0, y - BELOW, x1, y + ABOVE)
        return
    for place in blank.places:
        x0, y, x1 = place.line
        yield place.page, (x0, y - BELOW, x1, y + ABOVE)
