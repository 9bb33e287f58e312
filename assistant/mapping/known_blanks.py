"""What the editions that are mapped already say of the same place on the same page.

Knowledge of a second kind beside the words around a blank: a new print mostly keeps its page layout.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.editions.catalog import LeftBlank
from assistant.mapping.meanings import Meaning
from assistant.mapping.rows import squashed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from assistant.editions.catalog import Edition, Entry
    from assistant.geometry import Rect
    from assistant.mapping.context import Blank
    from assistant.pdf.form.template import Template

SHINGLE = 16
"""Letters: how long the pieces are by which two pages count as having one text."""
SAME_PAGE = 0.5
"""The share of pieces that two prints of a page have in common at least."""
ASCENT, DESCENT = 11.0, 2.0
MAX_HEIGHT_OFFSET_PT = 9.0
"""Points between the middles of two places that may be one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownBlank:
    """A blank of a mapped edition, at its place; ``page`` counts from 1."""

    edition: str
    page: int
    rect: Rect
    meaning: Meaning


def known_blanks(edition: Edition, template: Template | None) -> tuple[KnownBlank, ...]:
    """Return the blanks of an edition whose place is known: lines always, fields where the form is available."""
    blanks: tuple[Entry | LeftBlank, ...] = (*edition.entries, *edition.left_blank)
    return tuple(
        KnownBlank(edition=edition.name, page=page, rect=rect, meaning=meaning_of(blank))
        for blank in blanks
        for page, rect in places_of(blank, template)
    )


def places_of(blank: Entry | LeftBlank, template: Template | None) -> Iterator[tuple[int, Rect]]:
    """Yield (page from 1, box) of everything that belongs to a blank."""
    if isinstance(blank, LeftBlank):
        if blank.line:
            yield blank.page, line_box(blank.line)
            return
    else:
        yield from ((place.page, line_box(place.line)) for place in blank.places)
        if blank.places:
            return
    field = template.fields.get(blank.blank) if template else None
    for n, widget in enumerate(field.widgets if field else ()):
        if blank.widgets is None or n in blank.widgets:
            yield widget.page + 1, widget.rect


def line_box(line: tuple[float, float, float]) -> Rect:
    """Return the box of a text on a line (x0, baseline, x1)."""
    x0, y, x1 = line
    return x0, y - DESCENT, x1, y + ASCENT


def meaning_of(blank: Entry | LeftBlank) -> Meaning:
    """Return what an edition's map says of a blank."""
    if isinstance(blank, LeftBlank):
        return Meaning(name=blank.blank, label=blank.label, side=blank.side, reason=blank.reason)
    return Meaning(
        name=blank.blank,
        label=blank.label,
        path=blank.path,
        format=blank.format,
        alternatives=blank.alternatives,
        optional=blank.optional,
    )


def same_place(
    known_blanks: Sequence[KnownBlank], pages: Mapping[tuple[str, int], int], blank: Blank
) -> KnownBlank | None:
    """Return the mapped blank that stands where this one does; ``pages``: (edition, its page) -> page here."""
    near = [
        (_distance(other.rect, blank.rect), n)
        for n, other in enumerate(known_blanks)
        if pages.get((other.edition, other.page)) == blank.page and _overlap(other.rect, blank.rect)
    ]
    return known_blanks[min(near)[1]] if near else None


def matched_pages(old: Mapping[int, str], new: Mapping[int, str]) -> dict[int, int]:
    """Return for each old page the new page with the same text, where there is one; texts by page from 1."""
    pieces = {page: _pieces(text) for page, text in new.items()}
    pages: dict[int, int] = {}
    for page, text in old.items():
        mine = _pieces(text)
        shares = [(_share(mine, theirs), -abs(other - page), other) for other, theirs in pieces.items()]
        if shares and max(shares)[0] >= SAME_PAGE:
            pages[page] = max(shares)[2]
    return pages


def _pieces(text: str) -> frozenset[int]:
    bare = squashed(text)
    return frozenset(zlib.crc32(bare[n : n + SHINGLE].encode()) for n in range(max(1, len(bare) - SHINGLE)))


def _share(one: frozenset[int], other: frozenset[int]) -> float:
    return len(one & other) / max(1, min(len(one), len(other)))


def _distance(one: Rect, other: Rect) -> float:
    return abs(one[1] + one[3] - other[1] - other[3]) / 2 + abs(one[0] - other[0]) / 8


def _overlap(one: Rect, other: Rect) -> bool:
    width = min(one[2], other[2]) - max(one[0], other[0])
    return (
        width > 0.5 * min(one[2] - one[0], other[2] - other[0])
        and abs(one[1] + one[3] - other[1] - other[3]) / 2 <= MAX_HEIGHT_OFFSET_PT
    )
