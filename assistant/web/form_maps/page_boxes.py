"""A page of a form as the mapping pages show it: the picture's size, and the boxes drawn over it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.errors import NotFoundError
from assistant.mapping.pictures import pixel_box
from assistant.pdf.drawing import PagePicture, page_picture
from assistant.pdf.viewer.render import picture_size

if TYPE_CHECKING:
    from assistant.mapping.lines import MapLine
    from assistant.services.form_maps.form_drafts import FormPage, OpenedDraft

PICTURE_WIDTH_PX = 1000
"""Pixels of a page's picture, as in previews."""
TAG = 18  # px, the height of a number
DIGIT = 10  # px, the width of one


@dataclass(frozen=True, slots=True, kw_only=True)
class MappedPage:
    """The picture of a page in pixels; ``scale`` is pixels a point, 0 where a turned page lets nothing be moved."""

    width: int
    height: int
    scale: float
    left: float
    top: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenBox:
    """A blank drawn over a picture, in pixels."""

    number: int
    kind: str
    x: float
    y: float
    width: float
    height: float
    tag_x: float
    tag_width: float
    movable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLink:
    """A page of the form in the list of pages."""

    number: int
    blanks: int
    undecided: int


def page_of(draft: OpenedDraft, number: int) -> FormPage:
    """Return a page of the form, from 1.

    Raises:
        NotFoundError: it has no such page.
    """
    pages = draft.pages
    if not 1 <= number <= len(pages):
        raise NotFoundError("The form has no such page. Choose one from the list.")
    return pages[number - 1]


def sheet_of(draft: OpenedDraft, number: int) -> MappedPage:
    """Return how large the picture of a page is."""
    page = page_of(draft, number)
    wide, high = page.box[2] - page.box[0], page.box[3] - page.box[1]
    across, down = (high, wide) if page.rotate in {90, 270} else (wide, high)
    width, height = picture_size(across, down, PICTURE_WIDTH_PX)
    return MappedPage(
        width=width,
        height=height,
        scale=0 if page.rotate else width / max(across, 1),
        left=page.box[0],
        top=page.box[3],
    )


def picture_of(draft: OpenedDraft, number: int) -> PagePicture:
    """Return the picture of a page, from 1.

    Raises:
        NotFoundError: the form has no such page.
        BusyError: this computer has no time to draw it now.
    """
    sheet = sheet_of(draft, number)
    return page_picture(draft.row.data, number - 1, size=(sheet.width, sheet.height))


def boxes_on(draft: OpenedDraft, number: int) -> list[ScreenBox]:
    """Return the boxes of a page, those corrected with another page too."""
    page, sheet = page_of(draft, number), sheet_of(draft, number)
    boxes = []
    for line in draft.lines:
        for there, rect in line.boxes:
            if there != number:
                continue
            x0, y0, x1, y1 = (round(n, 1) for n in pixel_box(page, rect, (sheet.width, sheet.height)))
            tag = 8 + DIGIT * len(str(line.number))
            boxes.append(
                ScreenBox(
                    number=line.number,
                    kind=_kind(line),
                    x=x0,
                    y=y0,
                    width=round(x1 - x0, 1),
                    height=round(y1 - y0, 1),
                    tag_x=round(x1 - tag, 1),
                    tag_width=tag,
                    movable=bool(line.places and sheet.scale and line.page == number),
                )
            )
    return boxes


def page_links(draft: OpenedDraft) -> list[PageLink]:
    """Return the pages to look through: those with blanks, and of a form without fields all of them."""
    links = []
    for number in range(1, draft.identity.pages + 1):
        lines = draft.on_page(number)
        if lines or not draft.identity.acroform:
            undecided = sum(not line.decided for line in lines)
            links.append(PageLink(number=number, blanks=len(lines), undecided=undecided))
    return links


def _kind(line: MapLine) -> str:
    if not line.decided:
        return "unknown"
    if line.side == "ice":
        return "ice"
    return "filled" if line.path else "empty"
