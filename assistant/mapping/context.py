"""What stands around a blank: the words before and after it, whose side it is on, the section it belongs to.

Texts are compared without spaces and in small letters, since some prints lose their spaces.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from assistant.mapping.parties import asks_to_sign, headings_of, letter_headings, party_of
from assistant.mapping.rows import squashed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assistant.editions.catalog import LineSpan, Side
    from assistant.geometry import Rect
    from assistant.mapping.rows import MapRow

FormSection = Literal["signature", "contacts by title", "program contact", "public information"]

HEIGHT_SLACK_PT = 3.0
"""Points by which a heading may stand lower than the blank that it heads."""
_NEAR = 70

_APPENDIX = re.compile(r"^appendix([a-z])$")
_HEADING = re.compile(r"^[ivxl]+\.[a-z]{4}")
_SECTIONS: tuple[tuple[re.Pattern[str], FormSection], ...] = (
    (re.compile(r"^[ivxl]+\.pointsofcontact"), "contacts by title"),
    (re.compile(r"^pointsofcontact$"), "program contact"),
    (re.compile(r"^publicinformation(?:pointsofcontact|contacts?$|officers?$)"), "public information"),
    (re.compile(r"bysigningthis"), "signature"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Blank:
    """A place to be given a meaning: a widget of a field, or a place on a flat page; ``page`` counts from 1."""

    name: str
    page: int
    rect: Rect
    kind: str
    """Tx, Sig, Btn or Ch for a field; "flat" for a place on the page."""
    hint: str = ""
    """The field's tooltip."""
    widget: int = 0
    """Which of the field's widgets."""
    line: LineSpan | None = None
    read_only: bool = False
    """Whether the form lets nobody type into the field."""
    certain: bool = True
    """Whether something shows that this is a place to write; a gap in a sentence may be none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What stands around a blank; texts are squashed (see ``squashed``)."""

    before: str
    after: str
    side: Side | None
    party: str
    """As printed: "For the LEA"; empty where no heading says. With no side, a heading of somebody unknown."""
    section: FormSection | None
    appendix: str
    """Its letter, or empty."""


class Surroundings:
    """The rows of every page, by page from 1, ready to be asked about blanks."""

    def __init__(self, pages: Mapping[int, Sequence[MapRow]], *, letter: bool = False) -> None:
        """Note the headings of all pages in reading order; those of a ``letter`` may be bare names."""
        self._pages = pages
        first = min((page for page, rows in pages.items() if letter and asks_to_sign(rows)), default=0)
        self._headings = {
            page: letter_headings(rows, signed=0 < first < page) if letter else headings_of(rows)
            for page, rows in pages.items()
        }
        self._marks: list[tuple[int, float, FormSection | None, str]] = []
        appendix = ""
        for page, rows in sorted(pages.items()):
            for row in rows:
                text = squashed(row.text)
                if titled := _APPENDIX.match(text):
                    appendix = titled[1].upper()
                section = next((section for pattern, section in _SECTIONS if pattern.search(text)), None)
                if section or titled or _HEADING.match(text):
                    self._marks.append((page, row.y0, section, appendix))

    def of(self, blank: Blank) -> Context:
        """Return what stands around a blank."""
        rows = self._pages.get(blank.page, ())
        here = max(range(len(rows)), key=lambda n: (overlap(rows[n], blank.rect), -n), default=None)
        before = after = ""
        middle = blank.rect[0], blank.rect[2]
        if here is not None and overlap(rows[here], blank.rect) > 0:
            row = rows[here]
            before, after = squashed(row.before(middle[0] + 1)), squashed(row.after(middle[1] - 1))
            if here and len(before.rstrip("_")) < 4:  # a blank that begins the line goes on from the one above
                before = squashed(rows[here - 1].text) + before
            if here + 1 < len(rows):
                after += squashed(rows[here + 1].text)
        side, party = party_of(self._headings.get(blank.page, ()), blank.rect)
        section, appendix = self._section(blank)
        return Context(
            before=before.rstrip("_:")[-_NEAR:],
            after=after.lstrip("_")[:_NEAR],
            side=side,
            party=party,
            section=section,
            appendix=appendix,
        )

    def _section(self, blank: Blank) -> tuple[FormSection | None, str]:
        section: FormSection | None = None
        appendix = ""
        for page, y, section_name, appendix_letter in self._marks:
            if page > blank.page or (page == blank.page and y < blank.rect[1] - HEIGHT_SLACK_PT):
                break
            # The heading "APPENDIX A" is followed by its title; only another heading ends the section.
            section, appendix = section_name, appendix_letter
        return section, appendix


def overlap(row: MapRow, rect: Rect) -> float:
    """Return how far a row and a box overlap in height, pt; below 0 they are apart."""
    return min(row.y1, rect[3]) - max(row.y0, rect[1])
