"""A draft as a person changes it, line by line: kept as JSON, turned into the edition it stands for.

One kind of line for a blank that is filled and one that stays empty, since a correction may turn one into the other.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, TypedDict, cast

from assistant.editions.catalog import Entry, FlatLine, LeftBlank
from assistant.editions.json_edition import flat_lines_from
from assistant.mapping.drafts import FOOT_SIZE, SIZE, DraftRow, edition_of
from assistant.mapping.flat_spots import FOOTER_TOP_PT
from assistant.mapping.identity import Identity
from assistant.mapping.known_blanks import line_box, places_of
from assistant.mapping.readings import NOT_MAPPED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.editions.catalog import Edition, LineSpan, Side
    from assistant.editions.json_edition import FlatLineDocument
    from assistant.geometry import Rect
    from assistant.mapping.drafts import Draft
    from assistant.mapping.identity import IdentityDocument
    from assistant.mapping.readings import ProposalSureness
    from assistant.pdf.form.template import Template

ADDED = "put there by hand"
DECIDED = "a person has said so"
FROM_UNREGISTERED = "this is how it was in the edition that was unregistered"
NOT_DECIDED = f"{NOT_MAPPED}not decided yet"


@dataclass(frozen=True, slots=True, kw_only=True)
class MapLine:
    """One line of a map: a blank with a path it is filled from, or with the reason why it stays empty."""

    number: int
    """As drawn on the pictures of the pages."""
    blank: str
    page: int
    label: str
    side: Side
    path: str = ""
    format: str = "text"
    alternatives: tuple[str, ...] = ()
    optional: bool = False
    reason: str = ""
    widgets: tuple[int, ...] | None = None
    places: tuple[FlatLine, ...] = ()
    """Of a blank that is no field: the lines it is written on."""
    boxes: tuple[tuple[int, Rect], ...] = ()
    """(page from 1, box in points) of each place or widget."""
    sureness: ProposalSureness = "unknown"
    why: str = ""

    @property
    def decided(self) -> bool:
        """Say whether it is known what goes in, or why nothing does."""
        return bool(self.path) or (bool(self.reason) and not self.reason.startswith(NOT_MAPPED))

    def to_document(self) -> LineDocument:
        """Return it as a JSON object; ``line_from_document`` reads it."""
        values = asdict(self)
        values["instead"] = values.pop("alternatives")
        return cast("LineDocument", values)

    def pages(self) -> frozenset[int]:
        """Return the pages on which something of it stands."""
        return frozenset({self.page, *(page for page, _ in self.boxes)})

    def declared_content(self) -> tuple[object, ...]:
        """Return what a person decides about it."""
        return self.path, self.format, self.alternatives, self.optional, self.reason, self.side

    def moved(self, line: LineSpan, size: float) -> MapLine:
        """Return it on another line (x0, baseline, x1), on each of its pages, written no larger than ``size``."""
        places = tuple(FlatLine(page=place.page, line=line, size=size) for place in self.places)
        return replace(self, places=places, boxes=tuple((place.page, line_box(line)) for place in places))

    def as_blank(self) -> Entry | LeftBlank:
        """Return it as an edition has it."""
        if self.path:
            return Entry(
                blank=self.blank,
                page=self.page,
                label=self.label,
                path=self.path,
                format=self.format,
                alternatives=self.alternatives,
                optional=self.optional,
                widgets=self.widgets,
                places=self.places,
            )
        return LeftBlank(
            blank=self.blank,
            page=self.page,
            label=self.label,
            side=self.side,
            reason=self.reason or NOT_DECIDED,
            widgets=self.widgets,
            line=self.places[0].line if self.places else None,
        )


def lines_of(draft: Draft) -> tuple[MapLine, ...]:
    """Return the lines of a draft as it was proposed."""
    return tuple(map(_line, draft.rows))


def lines_from(edition: Edition, template: Template) -> tuple[MapLine, ...]:
    """Return the lines of an edition as a person would correct them, in the order in which they stand on its form."""
    blanks: tuple[Entry | LeftBlank, ...] = (*edition.entries, *edition.left_blank)
    placed = [(blank, tuple(places_of(blank, template))) for blank in blanks]
    placed.sort(key=lambda row: (0, row[1][0][0], -round(row[1][0][1][1] / 6), row[1][0][1][0]) if row[1] else (1,))
    rows = [
        DraftRow(number=number, blank=blank, sureness="decided", why=FROM_UNREGISTERED, places=places)
        for number, (blank, places) in enumerate(placed, 1)
    ]
    return tuple(map(_line, rows))


def added_line(lines: Sequence[MapLine], page: int, line: LineSpan) -> MapLine:
    """Return a line for a place on a flat page that was not found; nothing is decided about it."""
    names = {other.blank for other in lines}
    number = max((other.number for other in lines), default=0) + 1
    name = next(name for n in range(1, len(names) + 2) if (name := f"page {page}, place {n}") not in names)
    result = MapLine(
        number=number,
        blank=name,
        page=page,
        label=name,
        side="unknown",
        reason=NOT_DECIDED,
        places=(FlatLine(page=page, line=line, size=SIZE),),
        why=ADDED,
    )
    return result.moved(line, FOOT_SIZE if line[1] < FOOTER_TOP_PT else SIZE)


def edition_from(identity: Identity, lines: Sequence[MapLine]) -> Edition:
    """Return the edition that the lines make."""
    return edition_of(identity, [line.as_blank() for line in lines])


def rows_from(lines: Sequence[MapLine]) -> tuple[DraftRow, ...]:
    """Return the lines as rows of a draft, which says for each how sure it is."""
    return tuple(
        DraftRow(number=line.number, blank=line.as_blank(), sureness=line.sureness, why=line.why, places=line.boxes)
        for line in lines
    )


class LineDocument(TypedDict):
    """``MapLine`` as a JSON object; a box is its page and a rectangle in points."""

    number: int
    blank: str
    page: int
    label: str
    side: Side
    path: str
    format: str
    instead: list[str]
    """``alternatives``: the key of the first version, which stored drafts have."""
    optional: bool
    reason: str
    widgets: list[int] | None
    places: list[FlatLineDocument]
    boxes: list[tuple[int, list[float]]]
    sureness: ProposalSureness
    why: str


class MapDocument(TypedDict):
    """A draft of a map as JSON."""

    identity: IdentityDocument
    lines: list[LineDocument]


def to_document(identity: Identity, lines: Sequence[MapLine]) -> MapDocument:
    """Return a draft as JSON."""
    return {"identity": identity.to_document(), "lines": [line.to_document() for line in lines]}


def from_document(document: MapDocument) -> tuple[Identity, tuple[MapLine, ...]]:
    """Return the draft in a JSON document that ``to_document`` made."""
    return Identity.from_document(document["identity"]), tuple(line_from_document(line) for line in document["lines"])


def _line(row: DraftRow) -> MapLine:
    blank = row.blank
    line = MapLine(
        number=row.number,
        blank=blank.blank,
        page=blank.page,
        label=blank.label,
        side=blank.side,
        widgets=blank.widgets,
        boxes=row.places,
        sureness=row.sureness,
        why=row.why,
    )
    if isinstance(blank, Entry):
        return replace(
            line,
            path=blank.path,
            format=blank.format,
            alternatives=blank.alternatives,
            optional=blank.optional,
            places=blank.places,
        )
    places = (FlatLine(page=blank.page, line=blank.line, size=SIZE),) if blank.line else ()
    return replace(line, reason=blank.reason, places=places)


def line_from_document(line: LineDocument) -> MapLine:
    """Return the line in a JSON object that ``MapLine.to_document`` made."""
    return MapLine(
        number=line["number"],
        blank=line["blank"],
        page=line["page"],
        label=line["label"],
        side=line["side"],
        path=line["path"],
        format=line["format"],
        alternatives=tuple(line["instead"]),
        optional=line["optional"],
        reason=line["reason"],
        widgets=None if line["widgets"] is None else tuple(line["widgets"]),
        places=flat_lines_from(line["places"]),
        boxes=tuple((page, (rect[0], rect[1], rect[2], rect[3])) for page, rect in line["boxes"]),
        sureness=line["sureness"],
        why=line["why"],
    )
