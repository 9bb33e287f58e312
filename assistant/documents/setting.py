"""Set a document on paper: blocks become strips, strips become pages with a head and a foot.

Knows how a block looks, nothing of what it says.
"""

from __future__ import annotations

import math
from functools import singledispatch
from typing import TYPE_CHECKING

from assistant.documents import blocks
from assistant.documents.fonts import faces, printable
from assistant.documents.paper import DARK_BLUE, DARK_RED, GREY, Paper
from assistant.documents.strips import BASELINE, LEADING, Strip, lines, space, wrap
from assistant.documents.structure import Element
from assistant.documents.tables import SMALL, TableStyle, table_strips

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from assistant.documents.blocks import PaperDocument
    from assistant.documents.paper import PaperSheet
    from assistant.geometry import Rect

LETTER = (612.0, 792.0)  # US Letter, pt
SIDE, TOP, BOTTOM = 64.0, 54.0, 62.0  # margins of an upright page, pt
WIDE_SIDE = 36.0  # side margin of a landscape page
BANNER = 26.0  # what the banner takes at the head of a page
LINES_THAT_BREAK = 12  # an entry with so many lines may go on on the next page
PEOPLE_COLUMNS, COLUMN_GAP = 4, 8.0  # names below a check; pt
BESIDE_PICTURE, CHECK_INDENT = 18.0, 16.0  # between a picture and what stands beside it; from a box to its words; pt
HEADING_SIZES = {1: 1.6, 2: 1.2, 3: 1.0}  # over the text size


class Layout:
    """The measures of one document: where text may stand, and how large it is."""

    def __init__(self, document: PaperDocument) -> None:
        """Read the measures off a document."""
        width, height = reversed(LETTER) if document.landscape else LETTER
        side = WIDE_SIDE if document.landscape else SIDE
        self.page = (width, height)
        self.x = side
        self.width = width - 2 * side
        self.top = height - TOP - (BANNER if document.banner else 0)
        self.bottom = BOTTOM
        self.size = document.text_size
        self.place = document.place or document.title


def to_pdf(document: PaperDocument) -> bytes:
    """Return the document as a PDF: US Letter, tagged, the same bytes for the same words.

    Raises:
        FillError: a letter cannot be drawn.
    """
    layout = Layout(document)
    paper = Paper(title=document.title, author=document.agency, day=document.day, size=layout.page, place=layout.place)
    paper.new_page()
    banner = Element("P", paper.root) if document.banner else None
    _flow((strip for block in document.blocks for strip in _strips(block, layout, paper.root)), paper, layout)
    for number in range(paper.pages):
        sheet = paper.turn_to(number)
        if document.banner:
            _draw_banner(sheet, layout, document.banner, banner if number == 0 else None)
        _draw_foot(sheet, layout, document.foot or document.title, f"Page {number + 1} of {paper.pages}")
    return paper.finish()


def _flow(strips: Iterable[Strip], paper: Paper, layout: Layout) -> None:
    y = layout.top
    sheet = paper.turn_to(0)
    for strip, height in _with_needed(strips, layout.top - layout.bottom):
        if y - height < layout.bottom and y < layout.top and not (strip.space and not strip.with_next):
            paper.new_page()
            sheet = paper.turn_to(paper.pages - 1)
            y = layout.top
            if strip.header is not None and strip.header.draw is not None:
                strip.header.draw(sheet, y)
                y -= strip.header.height
        if strip.space and y == layout.top:
            continue
        if strip.draw is not None:
            strip.draw(sheet, y)
        y -= strip.height


def _with_needed(strips: Iterable[Strip], page: float) -> Iterator[tuple[Strip, float]]:
    """Yield every strip with the height that must be free for it and for all it must stand with.

    Strips are taken only as far as one needs the next, so that a document of 2,000 pages is never held as strips.
    """
    together: list[Strip] = []
    for strip in strips:
        if not together and not strip.with_next:
            yield strip, strip.height
            continue
        together.append(strip)
        if not strip.with_next:
            yield from zip(together, _needed(together, page), strict=True)
            together.clear()
    yield from zip(together, _needed(together, page), strict=True)


def _needed(strips: list[Strip], page: float) -> list[float]:
    """Return for every strip the height that must be free for it and for all it must stand with."""
    needed: list[float] = []
    following = 0.0
    for strip in reversed(strips):
        together = strip.height + (following if strip.with_next else 0)
        # What no page can hold breaks where it must.
        following = together if together <= page else strip.height
        needed.append(following)
    return needed[::-1]


def _draw_banner(sheet: PaperSheet, layout: Layout, text: str, element: Element | None) -> None:
    size = 10.0
    top = layout.page[1] - TOP + 14
    sheet.box(layout.x, top - 18, layout.width, 18, ink=DARK_RED)
    wide = faces().bold.width(printable(text, layout.place), size)
    sheet.text(layout.x + (layout.width - wide) / 2, top - 12.5, text, size, bold=True, element=element, ink=DARK_RED)


def _draw_foot(sheet: PaperSheet, layout: Layout, foot: str, page: str) -> None:
    size = 8.0
    y = layout.bottom - 24
    sheet.line(layout.x, y + 11, layout.x + layout.width, y + 11, thick=0.4)
    wide = faces().regular.width(page, size)
    sheet.text(layout.x + layout.width - wide, y, page, size, ink=GREY)
    for text in wrap(foot, layout.width - wide - 24, size, place=layout.place)[:3]:
        sheet.text(layout.x, y, text, size, ink=GREY)
        y -= size * 1.2


@singledispatch
def _strips(block: object, _layout: Layout, _parent: Element) -> Iterator[Strip]:
    raise TypeError(f"No way to set a {type(block).__name__}.")


@_strips.register(blocks.PaperHeading)
def _set_heading(block: blocks.PaperHeading, layout: Layout, parent: Element) -> Iterator[Strip]:
    size = layout.size * HEADING_SIZES[block.level]
    texts = wrap(block.text, layout.width, size, bold=True, place=layout.place)
    yield space(layout.size * (0.2 if block.level == 1 else 0.7), with_next=True)
    yield from lines(texts, x=layout.x, size=size, element=Element(f"H{block.level}", parent), bold=True, whole=True)
    yield space(layout.size * 0.35, with_next=True)


@_strips.register(blocks.Paragraph)
def _set_paragraph(block: blocks.Paragraph, layout: Layout, parent: Element) -> Iterator[Strip]:
    size = layout.size * (SMALL if block.small else 1)
    texts = wrap(block.text, layout.width, size, bold=block.bold, place=layout.place)
    yield from lines(texts, x=layout.x, size=size, element=Element("P", parent), bold=block.bold, whole=block.with_next)
    yield space(size * 0.6, with_next=block.with_next)


@_strips.register(blocks.Lines)
def _set_lines(block: blocks.Lines, layout: Layout, parent: Element) -> Iterator[Strip]:
    element = Element("P", parent)
    for number, line in enumerate(block.lines):
        first = number == 0 and block.bold_first
        size = layout.size * ((1.5 if first else 0.9) if block.letterhead else 1)
        texts = wrap(line, layout.width, size, bold=first, place=layout.place)
        yield from lines(texts, x=layout.x, size=size, element=element, bold=first, whole=number < len(block.lines) - 1)
    if block.letterhead:
        yield _rule(layout)
    yield space(layout.size)


def _rule(layout: Layout) -> Strip:
    def draw(sheet: PaperSheet, top: float) -> None:
        sheet.line(layout.x, top - 4, layout.x + layout.width, top - 4, thick=1)

    return Strip(height=8, draw=draw)


@_strips.register(blocks.Items)
def _set_items(block: blocks.Items, layout: Layout, parent: Element) -> Iterator[Strip]:
    listing = Element("L", parent, "/A <</O/List/ListNumbering/" + ("Decimal" if block.numbered else "Disc") + ">>")
    indent = layout.size * (1.9 if block.numbered else 1.3)
    for number, item in enumerate(block.items, 1):
        entry = Element("LI", listing)
        mark, label = (f"{number}." if block.numbered else "•"), Element("Lbl", entry)

        def first(sheet: PaperSheet, top: float, mark: str = mark, label: Element = label) -> None:
            sheet.text(layout.x + 2, top - BASELINE * layout.size, mark, layout.size, element=label)

        texts = wrap(item, layout.width - indent, layout.size, place=layout.place)
        yield from lines(texts, x=layout.x + indent, size=layout.size, element=Element("LBody", entry), first=first)
        yield space(layout.size * 0.25)
    yield space(layout.size * 0.45)


@_strips.register(blocks.Checks)
def _set_checks(block: blocks.Checks, layout: Layout, parent: Element) -> Iterator[Strip]:
    listing = Element("L", parent)
    size, small = layout.size, layout.size * SMALL
    state_x, text_x = layout.x + 16, layout.x + 74
    width = layout.width - (text_x - layout.x)
    for check in block.checks:
        entry = Element("LI", listing)
        label = Element("Lbl", entry)

        def first(sheet: PaperSheet, top: float, check: blocks.Check = check, label: Element = label) -> None:
            if check.state != "to know":
                _draw_box(sheet, layout.x + 2, top - BASELINE * size, size * 0.8, check.state)
            sheet.text(state_x, top - BASELINE * size, check.state.capitalize(), size, bold=True, element=label)

        body = Element("LBody", entry)
        texts = wrap(check.text, width, size, place=layout.place)
        more = [
            line
            for text in (check.detail, check.source, check.about_people)
            if text
            for line in wrap(text, width, small, place=layout.place)
        ]
        whole = bool(more) and len(texts) + len(more) < LINES_THAT_BREAK
        yield from lines(texts, x=text_x, size=size, element=body, first=first, whole=whole)
        yield from lines(more, x=text_x, size=small, element=body)
        for row in _rows_of_people(check.people, width, small, layout.place):
            yield _row_strip(row, x=text_x, size=small, element=body)
        yield space(size * 0.55)
    yield space(size * 0.3)


def _rows_of_people(
    people: tuple[str, ...], width: float, size: float, place: str
) -> Iterator[list[tuple[float, str]]]:
    """Yield rows of (distance from the left edge, text); one too wide for its column takes the next as well."""
    column = width / PEOPLE_COLUMNS
    row: list[tuple[float, str]] = []
    used = 0
    for person in people:
        for line in wrap(person, width, size, place=place):
            columns = max(1, math.ceil((faces().regular.width(line, size) + COLUMN_GAP) / column))
            if row and used + columns > PEOPLE_COLUMNS:
                yield row
                row, used = [], 0
            row.append((used * column, line))
            used += columns
    if row:
        yield row


def _row_strip(row: list[tuple[float, str]], *, x: float, size: float, element: Element) -> Strip:
    def draw(sheet: PaperSheet, top: float) -> None:
        for offset, text in row:
            sheet.text(x + offset, top - BASELINE * size, text, size, element=element)

    return Strip(height=LEADING * size, draw=draw)


def _draw_box(sheet: PaperSheet, x: float, y: float, side: float, state: blocks.State) -> None:
    sheet.box(x, y - 0.5, side, side)
    if state == "done":
        sheet.line(x + side * 0.2, y + side * 0.45, x + side * 0.42, y + side * 0.12, thick=1.4, ink="0")
        sheet.line(x + side * 0.42, y + side * 0.12, x + side * 0.85, y + side * 0.8, thick=1.4, ink="0")


@_strips.register(blocks.Table)
def _set_table(block: blocks.Table, layout: Layout, parent: Element) -> Iterator[Strip]:
    size = layout.size * (SMALL if block.small else 1)
    setting = TableStyle(table=block, x=layout.x, width=layout.width, size=size, place=layout.place)
    yield from table_strips(setting, parent)


@_strips.register(blocks.SignatureLine)
def _set_signature(block: blocks.SignatureLine, layout: Layout, parent: Element) -> Iterator[Strip]:
    element = Element("P", parent)
    for text in block.before:
        texts = wrap(text, layout.width, layout.size, place=layout.place)
        yield from lines(texts, x=layout.x, size=layout.size, element=element, whole=True)
    small = layout.size * SMALL
    for number, caption in enumerate(block.captions):

        def draw(sheet: PaperSheet, top: float, caption: str = caption) -> None:
            y = top - layout.size * 2.4
            sheet.line(layout.x, y, layout.x + 250, y, thick=0.7, ink="0")
            sheet.text(layout.x, y - small * 1.15, caption, small, element=element)

        last = number == len(block.captions) - 1 and not block.after
        yield Strip(height=layout.size * 2.4 + small * LEADING, draw=draw, with_next=not last)
    if block.after:
        yield space(layout.size * 0.4, with_next=True)
    for number, text in enumerate(block.after, 1):
        texts = wrap(text, layout.width, layout.size, place=layout.place)
        yield from lines(texts, x=layout.x, size=layout.size, element=element, whole=number < len(block.after))
    yield space(layout.size * 0.8)


@_strips.register(blocks.Picture)
def _set_picture(block: blocks.Picture, layout: Layout, parent: Element) -> Iterator[Strip]:
    width, height = _size_on_paper(block, layout)
    element = Element("Figure", parent)

    def draw(sheet: PaperSheet, top: float) -> None:
        _draw_picture(sheet, (layout.x, top - height, layout.x + width, top), block, element)

    yield Strip(height=height, draw=draw)
    yield space(layout.size)


@_strips.register(blocks.PictureWithChecks)
def _set_picture_with_checks(block: blocks.PictureWithChecks, layout: Layout, parent: Element) -> Iterator[Strip]:
    size = layout.size
    heading = Element("H2", parent)
    figure, body = Element("Figure", parent), Element("P", parent)
    entries = [Element("LI", listing) for listing in [Element("L", parent)] for _ in block.checks]
    code, caption = Element("Figure", parent), Element("P", parent)
    wide, high = _size_on_paper(block.picture, layout)
    code_wide, code_high = _size_on_paper(block.code, layout)
    x = layout.x + wide + BESIDE_PICTURE
    width = layout.x + layout.width - x

    def lines_of(text: str, indent: float = 0.0, *, scale: float = 1.0, bold: bool = False) -> tuple[str, ...]:
        return wrap(text, width - indent, size * scale, bold=bold, place=layout.place)

    heads, texts = lines_of(block.heading, scale=HEADING_SIZES[2], bold=True), [lines_of(line) for line in block.lines]
    checks, captions = [lines_of(check, CHECK_INDENT) for check in block.checks], lines_of(block.caption, scale=SMALL)
    below = len(captions) * size * SMALL * LEADING + size * 0.5
    words = len(heads) * HEADING_SIZES[2] + sum(map(len, texts)) + sum(map(len, checks))
    gaps = 0.35 * len(texts) + 0.5 * len(checks) + 1
    height = max(high, (words * LEADING + gaps) * size + code_high + below)

    def draw(sheet: PaperSheet, top: float) -> None:
        _draw_picture(sheet, (layout.x, top - high, layout.x + wide, top), block.picture, figure)
        y = _draw_lines(sheet, heads, (x, top), size * HEADING_SIZES[2], heading, bold=True)
        for text in texts:
            y = _draw_lines(sheet, text, (x, y), size, body) - 0.35 * size
        for text, entry in zip(checks, entries, strict=True):
            sheet.box(x + 1, y - BASELINE * size - 0.5, size * 0.8, size * 0.8)
            y = _draw_lines(sheet, text, (x + CHECK_INDENT, y), size, entry) - 0.5 * size
        foot = top - height + below
        sheet.picture((x, foot, x + code_wide, foot + code_high), block.code, code)
        _draw_lines(sheet, captions, (x, foot), size * SMALL, caption)

    yield Strip(height=height, draw=draw)
    yield space(layout.size * 1.6)


def _size_on_paper(picture: blocks.Picture, layout: Layout) -> tuple[float, float]:
    width = layout.width * picture.share
    return width, width * picture.size[1] / picture.size[0]


def _draw_lines(
    sheet: PaperSheet,
    texts: Iterable[str],
    corner: tuple[float, float],
    size: float,
    element: Element,
    *,
    bold: bool = False,
) -> float:
    """Draw lines below each other from their upper left corner; return where the next one begins."""
    x, y = corner
    for text in texts:
        sheet.text(x, y - BASELINE * size, text, size, bold=bold, element=element)
        y -= LEADING * size
    return y


def _draw_picture(sheet: PaperSheet, box: Rect, picture: blocks.Picture, element: Element) -> None:
    """Draw a picture in its frame, and its marks over it."""
    left, bottom, right, top = box
    width, height = right - left, top - bottom
    sheet.picture(box, picture, element)
    sheet.box(left, bottom, width, height, thick=0.4, ink=GREY)
    for mark in picture.marks:
        x0, y0, x1, y1 = mark.part
        _draw_mark(sheet, (left + x0 * width, top - y1 * height, left + x1 * width, top - y0 * height), mark)


def _draw_mark(sheet: PaperSheet, box: Rect, mark: blocks.StructureMark) -> None:
    x0, y0, x1, y1 = box
    ink = DARK_BLUE if mark.ours else GREY
    sheet.box(x0, y0, x1 - x0, y1 - y0, thick=1.4 if mark.ours else 0.4, ink=ink)
    size = min(8.0 if mark.ours else 7.0, y1 - y0)  # over a small picture no larger than the box
    sheet.text(x0 + 4, (y0 + y1) / 2 - 0.35 * size, mark.text, size, bold=mark.ours, ink=ink)
