"""A field map proposed for a PDF: every blank with a meaning and how sure that is, or why it has none.

Two witnesses are heard: the words around a blank (``meanings``) and the editions mapped already (``known``). Where
neither says anything the blank is left empty and says so; nothing is guessed silently.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from assistant.editions import LETTER
from assistant.mapping import meanings
from assistant.mapping.blanks import blanks_of
from assistant.mapping.confirm import confirmed
from assistant.mapping.context import Surroundings
from assistant.mapping.identity import identify
from assistant.mapping.known import known_blanks, matched_pages, same_place
from assistant.mapping.letter import in_letter
from assistant.mapping.meanings import TICKED, Meaning
from assistant.mapping.rows import page_of, read_rows
from assistant.pdf.read import DrawnPages

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from assistant.editions import Edition, Side
    from assistant.mapping.confirm import Said
    from assistant.mapping.context import Blank, Context
    from assistant.mapping.identity import Identity
    from assistant.mapping.known import KnownBlank
    from assistant.mapping.rows import Row
    from assistant.pdf.template import Template

Sureness = Literal["sure", "likely", "guess", "unknown"]

NOT_MAPPED = "not mapped: "
NOTHING_SAYS = f"{NOT_MAPPED}nothing around it says what it asks for"
NO_AGREEMENT = f"{NOT_MAPPED}the PDF does not show itself to be a 287(g) agreement"
NO_TEXT = f"{NOT_MAPPED}this is no field for a text"
_NO_SPACE = (NOT_MAPPED, TICKED)
MOST_PAGES = 60
"""An agreement has 10 to 14 pages; what stands behind this many is not looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A blank, and what is proposed for it."""

    blank: Blank
    meaning: Meaning
    sureness: Sureness
    why: str


def propose(
    template: Template,
    known: Sequence[Edition],
    forms: Mapping[str, Template] | None = None,
    said: Said | None = None,
) -> tuple[Identity, tuple[Reading, ...]]:
    """Return what the PDF seems to be, and a reading of each of its blanks.

    ``known`` are the mapped editions to learn from; ``forms``, by edition name, those of their forms that are on
    hand: with them a page is found again that has moved, and fields count as known places. ``said`` is what a person
    says that the form is.

    Raises:
        InputError: what a person says does not fit the form.
        PdfError: the PDF cannot be read.
    """
    rows = rows_of(template)
    taken = {edition.name for edition in known}
    identity = identify(template, rows, taken)
    if said is not None:
        identity = confirmed(identity, template, said, taken)
    blanks = blanks_of(template, rows, spots=identity.agreement)
    if not identity.agreement:
        return identity, tuple(_unread(blank, NO_AGREEMENT) for blank in blanks)
    around = Surroundings(rows)
    contexts = {blank: around.of(blank) for blank in blanks}
    if identity.form_id == LETTER:
        told = {blank: in_letter(blank, rows.get(blank.page, ())) for blank in blanks}
    else:
        told = {blank: _told(blank, contexts[blank], template) for blank in blanks}
        told |= _listed([blank for blank in blanks if told[blank] is None], contexts)
    places, pages = _neighbours(identity, known, forms or {}, rows)
    readings = [
        _doubted(_reading(blank, contexts[blank].side, told[blank], same_place(places, pages, blank)))
        for blank in blanks
    ]
    # What may be a mere space between words is no place where nothing says so, and never a box to tick.
    return identity, tuple(r for r in readings if r.blank.certain or not r.meaning.reason.startswith(_NO_SPACE))


def rows_of(template: Template) -> dict[int, tuple[Row, ...]]:
    """Return the rows of text by page, from 1.

    Raises:
        PdfError: pdfium cannot open the file.
    """
    with DrawnPages(template.data) as drawn:
        return {page + 1: read_rows(drawn.letters(page)) for page in range(min(len(template.pages), MOST_PAGES))}


def _told(blank: Blank, context: Context, template: Template) -> Meaning | None:
    """Return what the words around a blank say."""
    if blank.kind not in {"Tx", "Sig", "flat"}:
        return None
    x0, _, x1, _ = template.pages[blank.page - 1].box
    return (
        meanings.in_footer(blank, x1 - x0)
        or meanings.in_sentence(blank, context)
        or meanings.by_label(context, blank.kind)
    )


def _listed(blanks: Collection[Blank], contexts: Mapping[Blank, Context]) -> dict[Blank, Meaning | None]:
    """Return the meanings of lines that stand one below the other under one heading."""
    stacks: dict[tuple[int, str | None, str | None], list[Blank]] = {}
    for blank in blanks:
        if blank.kind in {"Tx", "flat"}:
            context = contexts[blank]
            stacks.setdefault((blank.page, context.section, context.side), []).append(blank)
    found: dict[Blank, Meaning | None] = {}
    for stack in stacks.values():
        # Boxes one below the other overlap a little: their middles tell the order.
        stack.sort(key=lambda blank: -(blank.rect[1] + blank.rect[3]))
        found |= {blank: meanings.in_list(contexts[blank], n, len(stack)) for n, blank in enumerate(stack)}
    return found


def _neighbours(
    identity: Identity, known: Sequence[Edition], forms: Mapping[str, Template], rows: Mapping[int, Sequence[Row]]
) -> tuple[tuple[KnownBlank, ...], dict[tuple[str, int], int]]:
    """Return the known places, and for each known page the page here that it corresponds to."""
    places: list[KnownBlank] = []
    pages: dict[tuple[str, int], int] = {}
    here = {page: page_of(found) for page, found in rows.items()}
    for edition in known:
        form = forms.get(edition.name)
        if form is not None:
            there = {page: page_of(found) for page, found in rows_of(form).items()}
            matched = matched_pages(there, here)
        elif edition.form_id == identity.form_id and edition.pages == identity.pages:
            matched = {page: page for page in here}
        else:
            continue
        places += known_blanks(edition, form)
        pages |= {(edition.name, page): other for page, other in matched.items()}
    return tuple(places), pages


def _reading(blank: Blank, side: Side | None, told: Meaning | None, known: KnownBlank | None) -> Reading:
    if blank.kind not in {"Tx", "Sig", "flat"}:
        if told is None or told.reason != TICKED:
            return _unread(blank, NO_TEXT, side)
        return Reading(blank=blank, meaning=told, sureness="likely", why="a box, which only a person ticks")
    if told and known:
        return _two_witnesses(blank, told, known)
    if told or known:
        source = f"the same place in {known.edition}" if known else "the words around it"
        meaning = told or known.meaning  # type: ignore[union-attr]  # one of the two is there
        named = meanings.agrees(meaning, blank)
        why = f"{source} and its name" if named else source
        return Reading(blank=blank, meaning=meaning, sureness="sure" if named else "likely", why=why)
    if meaning := meanings.by_name(blank):
        return Reading(blank=blank, meaning=meaning, sureness="guess", why="only the field’s own name says so")
    return _unread(blank, NOTHING_SAYS, side)


def _doubted(reading: Reading) -> Reading:
    """Return a reading, as a guess where it would fill a field that the form lets nobody type into."""
    if not reading.blank.read_only or reading.meaning.reason:
        return reading
    return replace(
        reading, sureness="guess", why=f"{reading.why}; but the field is read-only: is it the agency’s to fill?"
    )


def _two_witnesses(blank: Blank, told: Meaning, known: KnownBlank) -> Reading:
    if _agree(told, known.meaning):
        # The map that a person made says more of wordings and formats than a pattern can.
        meaning = known.meaning if told.path and told.path == known.meaning.path else told
        why = f"the words around it and the same place in {known.edition}"
        return Reading(blank=blank, meaning=meaning, sureness="sure", why=why)
    why = f"the words around it; {known.edition} has “{known.meaning.label}” there"
    return Reading(blank=blank, meaning=told, sureness="guess", why=why)


def _agree(told: Meaning, known: Meaning) -> bool:
    if told.reason or known.reason:
        return bool(told.reason) and bool(known.reason) and told.side == known.side
    return told.path == known.path or told.path in known.instead or known.path in told.instead


def _unread(blank: Blank, reason: str, side: Side | None = None) -> Reading:
    label = f"“{blank.name}”" if blank.name else "a rule to write on"
    meaning = Meaning(name="", label=label, side=side or "agency", reason=reason)
    return Reading(blank=blank, meaning=meaning, sureness="unknown", why=reason)
