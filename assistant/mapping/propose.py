"""A field map proposed for a PDF: every blank with a meaning and how sure that is, or why it has none.

Two witnesses are heard: the words around a blank (``meanings``) and the editions mapped already (``known``). Where
neither says anything the blank is left empty and says so; nothing is guessed silently.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.editions.catalog import LETTER
from assistant.mapping import meanings
from assistant.mapping.blanks import blanks_of
from assistant.mapping.confirm import confirmed
from assistant.mapping.context import Surroundings
from assistant.mapping.field_hints import hear
from assistant.mapping.identity import identify
from assistant.mapping.known_blanks import known_blanks, matched_pages, same_place
from assistant.mapping.labelled import LabelQuestion, by_label, in_contacts, in_list
from assistant.mapping.labels import printed_for
from assistant.mapping.letter import in_letter, signed_by_whom
from assistant.mapping.meanings import TICKED, Meaning
from assistant.mapping.readings import (
    NO_AGREEMENT,
    NOT_MAPPED,
    WRITTEN,
    Reading,
    once_each,
    reading_of,
    unread,
)
from assistant.mapping.rows import page_of, read_rows, squashed
from assistant.pdf.upright_page import MOST_PAGES, upright_pages
from assistant.pdf.viewer.drawn_words import rect_turned, turner
from assistant.pdf.viewer.read_back import DrawnPages, ReadLetter

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from assistant.editions.catalog import Edition
    from assistant.mapping.confirm import DeclaredIdentity
    from assistant.mapping.context import Blank
    from assistant.mapping.identity import Identity
    from assistant.mapping.known_blanks import KnownBlank
    from assistant.mapping.rows import MapRow
    from assistant.pdf.form.template import Template
    from assistant.pdf.upright_page import UprightPage

_NO_SPACE = (NOT_MAPPED, TICKED)
SOMEBODY = "a second signature"
FAR = 60.0
"""Points: a line so far below the one before it is none of its list unless something is printed for it."""
MOST_ON_A_PAGE = 300
"""Blanks; a page with more of them is none of an agreement, and no label is looked for."""


def propose(
    template: Template,
    known: Sequence[Edition],
    forms: Mapping[str, Template] | None = None,
    said: DeclaredIdentity | None = None,
) -> tuple[Identity, tuple[Reading, ...]]:
    """Return what the PDF seems to be, and a reading of each of its blanks.

    ``known`` are the mapped editions to learn from; ``forms``, by edition name, those of their forms that are on
    hand: with them a page is found again that has moved, and fields count as known places. ``said`` is what a person
    says that the form is.

    Raises:
        InputError: what a person says does not fit the form.
        PdfError: the PDF cannot be read.
    """
    rows, here = rows_of(template), upright_pages(template)
    taken = {edition.name for edition in known}
    identity = identify(template, rows, taken)
    if said is not None:
        identity = confirmed(identity, template, said, taken)
    blanks = blanks_of(template, rows, spots=identity.agreement)
    if not identity.agreement:
        unknown = _asked(blanks, Surroundings(rows), rows).values()
        return identity, tuple(_on_its_page(unread(asked, NO_AGREEMENT), here) for asked in unknown)
    letter = identity.form_id == LETTER
    asked = _asked(blanks, Surroundings(rows, letter=letter), rows)
    if letter:
        told = {blank: in_letter(asked[blank], rows.get(blank.page, ())) for blank in blanks}
        for blank in signed_by_whom(told, asked):
            told[blank] = None
            asked[blank] = replace(asked[blank], context=replace(asked[blank].context, side=None, party=SOMEBODY))
    else:
        told = {blank: _told(asked[blank], template) for blank in blanks}
        told |= _listed([asked[blank] for blank in blanks if told[blank] is None])
    places, pages = _neighbours(identity, known, forms or {}, rows)
    readings = once_each(
        [reading_of(asked[blank], told[blank], same_place(places, pages, blank), letter=letter) for blank in blanks]
    )
    # What may be a mere space between words is no place where nothing says so, and never a box to tick.
    return identity, tuple(
        _on_its_page(r, here) for r in readings if r.blank.certain or not r.meaning.reason.startswith(_NO_SPACE)
    )


def rows_of(template: Template) -> dict[int, tuple[MapRow, ...]]:
    """Return the rows of text by page, from 1, each page as it is read (``pdf.as_read``).

    Raises:
        PdfError: pdfium cannot open the file.
    """
    pages = upright_pages(template)[:MOST_PAGES]
    with DrawnPages(template.drawable) as drawn:
        return {n + 1: read_rows(_as_read(drawn.letters(n), page)) for n, page in enumerate(pages)}


def _as_read(letters: Sequence[ReadLetter], page: UprightPage) -> Iterator[ReadLetter]:
    turn = turner(page.box, page.turn)
    for letter in letters:
        yield ReadLetter(letter.text, rect_turned(letter.rect, turn), letter.size, letter.number)


def _on_its_page(reading: Reading, pages: Sequence[UprightPage]) -> Reading:
    """Return a reading of a blank in the coordinates of its page."""
    blank = reading.blank
    page = pages[blank.page - 1]
    line = blank.line
    if line is not None:
        x0, y, x1, _ = page.own((line[0], line[1], line[2], line[1]))
        line = x0, y, x1
    return replace(reading, blank=replace(blank, rect=page.own(blank.rect), line=line))


def _asked(
    blanks: Sequence[Blank], around: Surroundings, rows: Mapping[int, Sequence[MapRow]]
) -> dict[Blank, LabelQuestion]:
    """Return for each blank what stands around it and what its name and tooltip say."""
    contexts = {blank: around.of(blank) for blank in blanks}
    on_page: dict[int, list[Blank]] = {}
    for blank in blanks:
        on_page.setdefault(blank.page, []).append(blank)
    found = {}
    for blank, context in contexts.items():
        crowded = len(on_page[blank.page]) > MOST_ON_A_PAGE
        others = [other for other in on_page[blank.page] if other is not blank] if not crowded else []
        ours = [other for other in others if contexts[other].side == context.side]
        read = rows.get(blank.page, ()) if not crowded else ()
        heading = squashed(context.party)
        printed = tuple(text for text in printed_for(blank, read, ours, others) if squashed(text) != heading)
        found[blank] = LabelQuestion(blank=blank, context=context, printed=printed, heard=hear(blank))
    return found


def _told(asked: LabelQuestion, template: Template) -> Meaning | None:
    """Return what the words around a blank say."""
    blank = asked.blank
    if blank.kind not in WRITTEN:
        return None
    width, _ = upright_pages(template)[blank.page - 1].size
    return (
        meanings.in_footer(blank, width)
        or meanings.in_sentence(blank, asked.context)
        or meanings.by_title(asked.context)
        or by_label(asked)
    )


def _listed(blanks: Collection[LabelQuestion]) -> dict[Blank, Meaning | None]:
    """Return the meanings of lines that stand one below the other under one heading."""
    stacks: dict[tuple[int, str | None, bool], list[LabelQuestion]] = {}
    for asked in blanks:
        if asked.blank.kind in {"Tx", "flat"} and in_contacts(asked):
            stacks.setdefault((asked.blank.page, asked.context.section, asked.ices), []).append(asked)
    found: dict[Blank, Meaning | None] = {}
    for stack in stacks.values():
        # Boxes one below the other overlap a little: their middles tell the order.
        # What may be no place is no line of a list that has real ones.
        stack = [asked for asked in stack if asked.blank.certain] or stack  # noqa: PLW2901 - the same, thinned out
        stack.sort(key=lambda asked: -(asked.blank.rect[1] + asked.blank.rect[3]))
        found |= in_list(_unbroken(stack))
    return found


def _unbroken(stack: Sequence[LabelQuestion]) -> list[LabelQuestion]:
    """Return the lines of a list, from the top, without those that stand far below it with nothing printed for them."""
    found: list[LabelQuestion] = []
    for asked in stack:
        if asked.printed or not found or found[-1].blank.rect[1] - asked.blank.rect[3] <= FAR:
            found.append(asked)
    return found


def _neighbours(
    identity: Identity, known: Sequence[Edition], forms: Mapping[str, Template], rows: Mapping[int, Sequence[MapRow]]
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
        drawn = upright_pages(form) if form else ()
        places += [
            replace(blank, rect=drawn[blank.page - 1].seen(blank.rect)) if drawn else blank
            for blank in known_blanks(edition, form)
        ]
        pages |= {(edition.name, page): other for page, other in matched.items()}
    return tuple(places), pages
