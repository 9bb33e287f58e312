"""Where the map of an edition has its blanks in a file: by the names of the fields, or by the lines of flat pages.

A name or a line alone may be another print's: fields count where the file has all of the form's, and lines count for
sure where those of the signature block stand behind their labels. Lengths are points.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.editions.catalog import LeftBlank
from assistant.reading.block import is_label
from assistant.reading.label_spots import LabelSpot
from assistant.reading.slots import ROWS, slot_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.editions.catalog import Edition, Entry, LineSpan
    from assistant.geometry import Rect
    from assistant.pdf.viewer.marks import PageMark
    from assistant.pdf.viewer.viewed_pdf import ViewedPage
    from assistant.reading.tokens import Token

    Blank = Entry | LeftBlank

BELOW, ABOVE = 3.0, 9.0
"""So far under or over its line the baseline of what was written on it may lie."""
HEIGHT = 10.0
SIDE_SLACK_PT = 4.0
LETTER_PAGE = (612.0, 792.0)
SAME_SIZE = 2.0
MAX_BASE_OFFSET_PT, BEHIND = 8.0, 40.0
"""A line stands so nearly level with its label, and begins so near behind its end."""
FEWEST = 3
"""So many lines of the signature block at least, and two in three, have to stand behind their labels."""
SPLIT = " (agency)"
"""What this program puts behind the name of a field of which one half only is the agency's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageBlanks:
    """A page of the file with what is read on it; ``form_page`` is its number in the form, from 1, or None."""

    page: ViewedPage
    tokens: Sequence[Token]
    form_page: int | None


def blanks_of(edition: Edition) -> list[Blank]:
    """Return all blanks of an edition's map."""
    return [*edition.entries, *edition.left_blank]


def line_of(blank: Blank, page: int | None = None) -> list[LineSpan]:
    """Return the lines of a blank of a flat form, those on one page or all."""
    if isinstance(blank, LeftBlank):
        return [blank.line] if blank.line and page in {None, blank.page} else []
    return [place.line for place in blank.places if page in {None, place.page}]


def _by_slot(edition: Edition) -> dict[str, list[Blank]]:
    slots: dict[str, list[Blank]] = {}
    for blank in blanks_of(edition):
        slot = slot_of(blank)
        if slot and slot != "footer":
            slots.setdefault(slot, []).append(blank)
    return slots


def spots_by_fields(edition: Edition, sheets: Sequence[PageBlanks]) -> dict[str, LabelSpot]:
    """Return the spots of the form's fields, by slot; none where the file lacks one of them, as another print may."""
    names = {mark.name for sheet in sheets for mark in sheet.page.marks if mark.is_field}
    blank_names = {b.blank for b in blanks_of(edition) if not isinstance(b, LeftBlank) or b.on_paper}
    if not blank_names or not blank_names <= {name.removesuffix(SPLIT) for name in names}:
        return {}
    spots = {}
    for slot, blanks in _by_slot(edition).items():
        field_names = {_field_of(blank, names) for blank in blanks}
        fields_by_sheet = [(s, [m for m in s.page.marks if m.is_field and m.name in field_names]) for s in sheets]
        # A name that is repeated over the pages is looked at where the map has it.
        near = min(
            (h for h in fields_by_sheet if h[1]), key=lambda h: abs(h[0].page.number - blanks[0].page), default=None
        )
        if near and "" not in field_names:
            sheet, marks = near
            texts = [t for t in sheet.tokens if any(t.mark is m or (not t.mark and _stands_in(t, m)) for m in marks)]
            boxes = tuple(_inside(m.rect) for m in marks)
            spots[slot] = LabelSpot(slot=slot, page=sheet.page.number, tokens=tuple(texts), boxes=boxes)
    return spots


def _field_of(blank: Blank, names: set[str]) -> str:
    """Return the name of a blank's field in the file; "" where both sides share one, so that it tells neither."""
    if blank.widgets is None:
        return blank.blank
    if blank.blank + SPLIT not in names:
        return ""
    return blank.blank if isinstance(blank, LeftBlank) else blank.blank + SPLIT


def _inside(rect: Rect) -> Rect:
    """Return a field's box without its border and the line that may be printed near its foot."""
    x0, y0, x1, y1 = rect
    return x0 + 2, y0 + min(4.0, (y1 - y0) / 3), x1 - 2, y1 - 1


def _stands_in(token: Token, mark: PageMark) -> bool:
    x0, y0, x1, y1 = mark.rect
    return x0 <= token.middle <= x1 and y0 - BELOW <= token.base <= y1


def spots_by_lines(edition: Edition, sheets: Sequence[PageBlanks]) -> tuple[dict[str, LabelSpot], bool]:
    """Return the spots of the flat typed pages that are surely the form's, by slot, and whether their places are sure.

    The labels of some prints are letters that no program can tell; the lines stand where they stand.
    """
    signing = next(
        (s for s in sheets if s.form_page and s.form_page == edition.signing_page and not s.page.scanned), None
    )
    own = _in_own_coordinates(edition, signing) if signing else None
    sizes = [LETTER_PAGE]
    if signing and own is not None:
        sizes.append((signing.page.width, signing.page.height))
    spots: dict[str, LabelSpot] = {}
    for sheet in sheets:
        page = sheet.page
        if sheet.form_page and not page.scanned and any(_same_size(page, size) for size in sizes):
            across, up = page.corner if own else (0.0, 0.0)
            for slot, blanks in _by_slot(edition).items():
                lines = [(a - across, y - up, b - across) for k in blanks for a, y, b in line_of(k, sheet.form_page)]
                if lines and slot not in spots:
                    on_line = [t for t in sheet.tokens if any(_stands_on(t, line) for line in lines)]
                    boxes = tuple((x0, y + 2, x1, y + HEIGHT) for x0, y, x1 in lines)
                    spots[slot] = LabelSpot(slot=slot, page=page.number, tokens=tuple(on_line), boxes=boxes)
    return spots, own is not None


def _same_size(page: ViewedPage, size: tuple[float, float]) -> bool:
    return abs(page.width - size[0]) <= SAME_SIZE and abs(page.height - size[1]) <= SAME_SIZE


def _in_own_coordinates(edition: Edition, signing: PageBlanks) -> bool | None:
    """Say whether the map's lines count from the origin of the page's own coordinates, or from its lower left corner.

    None where the lines of the signature block do not stand behind their labels either way.
    """
    labels = [(row, t) for t in signing.tokens if t.source == "text" for row in ROWS if is_label(t, row)]
    lines = [
        (slot.partition("_")[2], line)
        for slot, blanks in _by_slot(edition).items()
        if slot.startswith(("lea_", "ice_"))
        for blank in blanks
        for line in line_of(blank, signing.form_page)
    ]
    for own in (False, True):
        across, up = signing.page.corner if own else (0.0, 0.0)
        count = sum(any(row == r and _behind(x0 - across, y - up, t) for r, t in labels) for row, (x0, y, _) in lines)
        if count >= max(FEWEST, 2 * len(lines) / 3):
            return own
    return None


def _behind(start: float, line: float, label: Token) -> bool:
    return abs(label.base - line) <= MAX_BASE_OFFSET_PT and label.x0 < start < label.x1 + BEHIND


def _stands_on(token: Token, line: LineSpan) -> bool:
    x0, y, x1 = line
    return x0 - SIDE_SLACK_PT <= token.middle <= x1 + SIDE_SLACK_PT and y - BELOW <= token.base <= y + ABOVE
