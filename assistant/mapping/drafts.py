"""A draft of an edition: the readings of a PDF's blanks, put together as the map that ``editions`` reads."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from itertools import count
from typing import TYPE_CHECKING, NotRequired, TypedDict

from assistant.editions.catalog import NOT_ON_PAPER, Edition, Entry, FlatLine, LeftBlank, RecognitionCriteria
from assistant.mapping.blanks import sideways
from assistant.mapping.meanings import SIGNED
from assistant.mapping.propose import propose
from assistant.mapping.readings import NOT_MAPPED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from assistant.answers import Model
    from assistant.editions.catalog import LineSpan, Side
    from assistant.geometry import Rect
    from assistant.mapping.confirm import DeclaredIdentity
    from assistant.mapping.identity import Identity
    from assistant.mapping.meanings import Meaning
    from assistant.mapping.readings import ProposalSureness, Reading
    from assistant.pdf.form.template import Template

SIZE, FOOT_SIZE = 11.0, 8.0
"""The largest size (pt) proposed for a text on a flat page, and in its footers."""
TWO_MEANINGS = f"{NOT_MAPPED}the field shows one text in places that ask for different things"
NO_FIELD = f"{NOT_MAPPED}the form has no field here; have it written by hand, or remove the line"
_SURENESS: tuple[ProposalSureness, ...] = ("sure", "likely", "guess", "unknown")


class PlaceDocument(TypedDict):
    """Where a blank stands: the page from 1, a box in points."""

    page: int
    rect: list[float]


class DraftRowDocument(TypedDict):
    """``DraftRow`` as a JSON object: what goes in (``path``, ``format``), or why nothing does (``reason``)."""

    number: int
    blank: str
    page: int
    label: str
    side: Side
    path: NotRequired[str]
    format: NotRequired[str]
    reason: NotRequired[str]
    sureness: ProposalSureness
    why: str
    places: list[PlaceDocument]


class DraftDocument(TypedDict):
    """``Draft`` as ``moa forms map --json`` prints it."""

    edition: str
    model: Model | None
    agreement: bool
    counts: dict[ProposalSureness, int]
    sideways: list[int]
    blanks: list[DraftRowDocument]
    folder: NotRequired[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftRow:
    """One line of the proposed map; ``number`` is drawn on the pictures of the pages."""

    number: int
    blank: Entry | LeftBlank
    sureness: ProposalSureness
    why: str
    places: tuple[tuple[int, Rect], ...]
    """(page from 1, box in points) of each place."""

    def to_document(self) -> DraftRowDocument:
        """Return it for a program."""
        blank = self.blank
        document: DraftRowDocument = {
            "number": self.number,
            "blank": blank.blank,
            "page": blank.page,
            "label": blank.label,
            "side": blank.side,
            "sureness": self.sureness,
            "why": self.why,
            "places": [{"page": page, "rect": [round(n, 1) for n in rect]} for page, rect in self.places],
        }
        if isinstance(blank, Entry):
            return {**document, "path": blank.path, "format": blank.format}
        return {**document, "reason": blank.reason}


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A proposed edition, and for each line of its map how sure it is."""

    identity: Identity
    edition: Edition
    rows: tuple[DraftRow, ...]
    sideways: tuple[int, ...] = ()
    """The pages (from 1) that no place is proposed on, since nothing can be written along their lines."""

    def to_document(self) -> DraftDocument:
        """Return it as ``moa forms map --json`` prints it."""
        counts = Counter(row.sureness for row in self.rows)
        return {
            "edition": self.edition.name,
            "model": self.edition.model,
            "agreement": self.identity.agreement,
            "counts": {sureness: counts[sureness] for sureness in _SURENESS},
            "sideways": list(self.sideways),
            "blanks": [row.to_document() for row in self.rows],
        }


def draft_edition(
    template: Template,
    known_editions: Sequence[Edition],
    forms: Mapping[str, Template] | None = None,
    declared: DeclaredIdentity | None = None,
) -> Draft:
    """Return a draft of the edition that a PDF seems to be; arguments as ``propose``.

    Raises:
        InputError: what a person says of the form does not fit it.
        PdfError: the PDF cannot be read.
    """
    identity, readings = propose(template, known_editions, forms, declared)
    rows = list(_field_rows([r for r in readings if r.blank.line is None]))
    used_names = {row.blank.blank for row in rows}
    rows += _place_rows([r for r in readings if r.blank.line is not None], used_names, flat=not identity.acroform)
    order = {(r.blank.page, r.blank.rect): n for n, r in reversed([*enumerate(readings)])}
    rows.sort(key=lambda row: order[row.places[0]])
    rows = [replace(row, number=number) for number, row in enumerate([*rows, *_placeless_rows(template)], 1)]
    edition = edition_of(identity, [row.blank for row in rows])
    return Draft(identity=identity, edition=edition, rows=tuple(rows), sideways=sideways(template))


def edition_of(identity: Identity, blanks: Sequence[Entry | LeftBlank]) -> Edition:
    """Return the edition that these blanks make of what a PDF seems to be."""
    left = tuple(blank for blank in blanks if isinstance(blank, LeftBlank))
    entries = tuple(blank for blank in blanks if isinstance(blank, Entry))
    signed = [blank.page for blank in left if blank.reason == SIGNED]
    recognise = None
    if identity.words and (identity.revision_text or identity.text_sha256):
        recognise = RecognitionCriteria(
            pages=identity.pages,
            revision_text=identity.revision_text,
            words=(identity.words,),
            acroform=identity.acroform,
            active_sha256=identity.active_sha256,
            prints=frozenset([identity.sha256]),
            fields=frozenset([e.blank for e in entries] + [b.blank for b in left if b.line is None]),
            revision_words=identity.revision_words,
            text_sha256=identity.text_sha256,
            places_sha256=identity.places_sha256,
        )
    return Edition(
        form_id=identity.form_id,
        edition_id=identity.edition_id,
        model=identity.model,
        title=identity.title,
        revision_text=identity.revision_text,
        pages=identity.pages,
        signing_page=signed[0] if signed else None,
        entries=entries,
        left_blank=left,
        recognise=recognise,
    )


def _placeless_rows(template: Template) -> Iterable[DraftRow]:
    """Yield the rows of fields that stand on no page: nothing written to them could be seen."""
    for name, field in template.fields.items():
        if not field.widgets:
            blank = LeftBlank(blank=name, page=0, label=f"“{name}”", side="agency", reason=NOT_ON_PAPER)
            yield DraftRow(number=0, blank=blank, sureness="sure", why="it is not on any page", places=())


def _field_rows(readings: Sequence[Reading]) -> Iterable[DraftRow]:
    fields: dict[str, list[Reading]] = {}
    for reading in readings:
        fields.setdefault(reading.blank.name, []).append(reading)
    for by_field in fields.values():
        groups: dict[tuple[str, str, str], list[Reading]] = {}
        for reading in by_field:
            groups.setdefault(reading.meaning.key, []).append(reading)
        filled = max((g for g in groups.values() if not g[0].meaning.reason), key=len, default=None)
        empty = [reading for group in groups.values() if group is not filled for reading in group]
        if filled:
            yield _field_row(filled, shared=bool(empty), empty=False)
        if empty:
            yield _field_row(empty, shared=bool(filled), empty=True)


def _field_row(readings: Sequence[Reading], *, shared: bool, empty: bool) -> DraftRow:
    first = readings[0]
    labels = "; ".join(dict.fromkeys(r.meaning.label for r in readings))
    meaning, blank = replace(first.meaning, label=labels), first.blank
    widgets = tuple(sorted(r.blank.widget for r in readings)) if shared else None
    if empty and any(not r.meaning.reason for r in readings):
        # One field holds one text, and these places ask for another.
        meaning = replace(meaning, path="", reason=TWO_MEANINGS)
        readings = [replace(reading, sureness="unknown", why=TWO_MEANINGS) for reading in readings]
    if any(r.meaning.side == "ice" for r in readings):
        meaning = replace(meaning, side="ice")
    return _row(_blank(blank.name, blank.page, meaning, widgets=widgets), readings)


def _blank(
    name: str,
    page: int,
    meaning: Meaning,
    *,
    widgets: tuple[int, ...] | None = None,
    places: tuple[FlatLine, ...] = (),
    line: LineSpan | None = None,
) -> Entry | LeftBlank:
    if meaning.reason:
        return LeftBlank(
            blank=name,
            page=page,
            label=meaning.label,
            side=meaning.side,
            reason=meaning.reason,
            widgets=widgets,
            line=line,
        )
    return Entry(
        blank=name,
        page=page,
        label=meaning.label,
        path=meaning.path,
        format=meaning.format,
        alternatives=meaning.alternatives,
        optional=meaning.optional,
        widgets=widgets,
        places=places,
    )


def _place_rows(readings: Sequence[Reading], used_names: set[str], *, flat: bool) -> Iterable[DraftRow]:
    """Yield the rows of places on the pages; the footers of a flat form are one of them."""
    if not flat:
        readings = [_by_hand(reading) for reading in readings]
    footers = [r for r in readings if flat and r.meaning.name == "agency, footers"]
    if footers:
        line = Counter(_line(r) for r in footers).most_common(1)[0][0]
        places = tuple(FlatLine(page=r.blank.page, line=line, size=FOOT_SIZE) for r in footers)
        meaning, page = footers[0].meaning, footers[0].blank.page
        yield _row(_blank(_fresh("agency, footers", used_names), page, meaning, places=places), footers)
    for reading in readings:
        if reading in footers:
            continue
        meaning, page, line = reading.meaning, reading.blank.page, _line(reading)
        name = _fresh(meaning.name or f"page {page}", used_names)
        places = (FlatLine(page=page, line=line, size=SIZE),)
        yield _row(_blank(name, page, meaning, places=places, line=line), [reading])


def _by_hand(reading: Reading) -> Reading:
    """Return the reading of a line without a field: no answer, only a person can say that it is written by hand."""
    meaning = reading.meaning
    if meaning.reason and not meaning.reason.startswith(NOT_MAPPED):
        return reading
    why = f"{reading.why}; no field stands there" if meaning.path else NO_FIELD
    meaning = replace(meaning, path="", format="text", alternatives=(), optional=False, reason=NO_FIELD)
    return replace(reading, meaning=meaning, sureness="unknown", why=why)


def _line(reading: Reading) -> LineSpan:
    x0, y, x1 = reading.blank.line or (0.0, 0.0, 0.0)
    return round(x0, 1), round(y, 1), round(x1, 1)


def _row(blank: Entry | LeftBlank, readings: Sequence[Reading]) -> DraftRow:
    least = max(readings, key=lambda r: _SURENESS.index(r.sureness))
    places = tuple((r.blank.page, r.blank.rect) for r in readings)
    return DraftRow(number=0, blank=blank, sureness=least.sureness, why=least.why, places=places)


def _fresh(name: str, used_names: set[str]) -> str:
    """Return the name, with a number where it is taken, and take it."""
    for number in count(1):
        fresh = name if number == 1 else f"{name} ({number})"
        if fresh not in used_names:
            used_names.add(fresh)
            return fresh
    raise AssertionError  # count never ends
