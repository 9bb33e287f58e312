"""The blanks of a PDF, before anyone knows what they ask for: the widgets of its fields, or places on its pages.

All places are those on the page as it is read (``pdf.as_read``).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.mapping.context import HEIGHT_SLACK_PT, Blank
from assistant.mapping.flat_spots import AFTER_WORD, MIN_BLOCK_SPACE_PT, find_spots
from assistant.mapping.known_blanks import line_box
from assistant.mapping.labels import CAPTION, kind_of
from assistant.mapping.ruled import find_ruled
from assistant.pdf.form.fields import READ_ONLY
from assistant.pdf.objects.syntax import read_text_string
from assistant.pdf.upright_page import upright_pages
from assistant.pdf.viewer.ruling import read_rulings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from assistant.geometry import Rect
    from assistant.mapping.flat_spots import FlatSpot
    from assistant.mapping.rows import MapRow
    from assistant.pdf.form.template import Template
    from assistant.pdf.upright_page import UprightPage
    from assistant.pdf.viewer.ruling import Ruling

MAX_BASE_OFFSET_PT = 8.0
"""Points: two places whose baselines differ by less are one."""
COVERED = 0.4
"""The share of a rule's length from which on a field stands on it."""


def blanks_of(template: Template, pages: Mapping[int, Sequence[MapRow]], *, spots: bool) -> tuple[Blank, ...]:
    """Return every widget, and with ``spots`` the places to write on that no field covers; in reading order."""
    blanks = list(_widgets(template))
    if spots:
        boxes = [(blank.page, blank.rect) for blank in blanks]
        blanks += [blank for blank in _places(template, pages) if not _covered(blank, boxes)]
    return tuple(sorted(blanks, key=lambda blank: (blank.page, -round(blank.rect[1] / 6), blank.rect[0])))


def _widgets(template: Template) -> Iterator[Blank]:
    pages = upright_pages(template)
    for field in template.fields.values():
        for n, widget in enumerate(field.widgets):
            # Of several fields of one name each has a tooltip of its own.
            tooltip = template.document.get((widget.dictionary if widget.merged else field.dictionary).get("TU"))
            hint = read_text_string(tooltip) if isinstance(tooltip, bytes | str) else ""
            yield Blank(
                name=field.name,
                page=widget.page + 1,
                rect=pages[widget.page].as_read(widget.rect),
                kind=field.kind,
                hint=hint,
                widget=n,
                read_only=bool(field.flags & READ_ONLY),
            )


def _places(template: Template, pages: Mapping[int, Sequence[MapRow]]) -> Iterator[Blank]:
    rulings = {} if template.fields else read_rulings(template.drawable, max(pages, default=0))
    for page, rows in sorted(pages.items()):
        view = upright_pages(template)[page - 1]
        if view.turn:
            continue  # texts are written level on the page as it is, not along such lines
        ruling = _from_visible_corner(rulings[page], view) if page in rulings else None
        for spot in _all_spots(page, rows, view.size[0], ruling):
            # On a form with fields only a rule without one is news: whoever made the form left it for ink.
            if spot.kind == "rule" or not template.fields:
                certain = spot.kind in {"rule", "drawn", "cell"}
                box = line_box(spot.line)
                yield Blank(name="", page=page, rect=box, kind="flat", line=spot.line, certain=certain)


def _from_visible_corner(ruling: Ruling, view: UprightPage) -> Ruling:
    """Return the lines of a level page from the lower left corner of what is visible."""
    left, bottom, _, _ = view.box
    return replace(
        ruling,
        level=tuple((x0 - left, y - bottom, x1 - left) for x0, y, x1 in ruling.level),
        upright=tuple((y0 - bottom, x - left, y1 - bottom) for y0, x, y1 in ruling.upright),
    )


SIDEWAYS = (
    "Page {page}: its lines run sideways in the file, so nothing can be written on them. Get the form with "
    "upright pages, or with fields."
)


def sideways(template: Template) -> tuple[int, ...]:
    """Return the pages (from 1) of a form without fields that nothing can be written on: their lines run sideways."""
    if template.fields:
        return ()
    return tuple(number for number, page in enumerate(upright_pages(template), 1) if page.turn)


def _all_spots(page: int, rows: Sequence[MapRow], width: float, ruling: Ruling | None) -> list[FlatSpot]:
    """Return the places that letters tell of and those that drawn lines leave; of two at one place the surer one."""
    by_letters, by_ruling = find_spots(page, rows, width), find_ruled(page, rows, ruling) if ruling else ()
    by_ruling = tuple(
        spot for spot in by_ruling if not any(_meet(spot, other) for other in by_letters if other.kind == "rule")
    )
    by_letters = tuple(spot for spot in by_letters if not any(_meet(spot, other) for other in by_ruling))
    surer = [*by_ruling, *(spot for spot in by_letters if spot.kind == "rule")]
    return [*by_ruling, *(spot for spot in by_letters if not any(_is_about(spot, other, rows) for other in surer))]


def _meet(one: FlatSpot, other: FlatSpot) -> bool:
    width = min(one.line[2], other.line[2]) - max(one.line[0], other.line[0])
    return width > 0 and abs(one.line[1] - other.line[1]) < MAX_BASE_OFFSET_PT


def _is_about(spot: FlatSpot, surer: FlatSpot, rows: Sequence[MapRow]) -> bool:
    """Say whether the words beside a supposed place speak of a surer one: of a line above them, or lines below."""
    x0, y, x1 = spot.line
    left, line, right = surer.line
    if spot.kind == "lines":
        return abs(line - y) <= MIN_BLOCK_SPACE_PT and min(x1, right) > max(x0, left)
    if spot.kind == "heading":
        return 0 < y - line <= MIN_BLOCK_SPACE_PT and min(x1, right) > max(x0, left)
    if spot.kind not in {"gap", "label"} or not 0 < line - y <= CAPTION:
        return False
    word = x0 - AFTER_WORD
    return left - HEIGHT_SLACK_PT <= word <= right + HEIGHT_SLACK_PT and _is_label(x0, y, rows)


def _is_label(x: float, y: float, rows: Sequence[MapRow]) -> bool:
    """Say whether what stands left of a place is a label, and no part of a sentence."""
    before = [text for row in rows if row.y0 <= y <= row.y1 for start, text in row.parts if start < x]
    return bool(before) and kind_of(before[-1]) is not None


def _covered(blank: Blank, boxes: Sequence[tuple[int, Rect]]) -> bool:
    x0, y0, x1, y1 = blank.rect
    return any(
        page == blank.page
        and min(x1, box[2]) - max(x0, box[0]) > COVERED * (x1 - x0)
        and min(y1, box[3]) - max(y0, box[1]) > 0
        for page, box in boxes
    )
