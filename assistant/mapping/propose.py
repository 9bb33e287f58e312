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
from assistant.mapping.confirm import apply_declared
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
    TEXT_KINDS,
    Reading,
    once_each,
    reading_of,
    unread,
)
from assistant.mapping.rows import page_of, read_rows, squashed
from assistant.pdf.upright_page import MAX_PAGES, upright_pages
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
MAX_SIGNATURE_DISTANCE_PT = 60.0
"""Points: a line so far below the one before it is none of its list unless something is printed for it."""
MOST_ON_A_PAGE = 300
"""Blanks; a page with more of them is none of an agreement, and no label is looked for."""


def propose(
    template: Template,
    known_editions: Sequence[Edition],
    forms: Mapping[str, Template] | None = None,
    declared: DeclaredIdentity | None = None,
) -> tuple[Identity, tuple[Reading, ...]]:
    """Return what the PDF seems to be, and a reading of each of its blanks.

    ``known_editions`` are the mapped editions to learn from; ``forms``, by edition name, those of their forms that are
    on file: with them a page is found again that has moved, and fields count as known places. ``declared`` is what a
    person says that the form is.

    Raises:
        InputError: what a person says does not fit the form.
        PdfError: the PDF cannot be read.
    """
    rows, here = rows_of(template), upright_pages(template)
    known_names = {edition.name for edition in known_editions}
    identity = identify(template, rows, known_names)
    if declared is not None:
        identity = apply_declared(identity, template, declared, known_names)
    blanks = blanks_of(template, rows, spots=identity.agreement)
    if not identity.agreement:
        unknown = _questions_about(blanks, Surroundings(rows), rows).values()
        return identity, tuple(_on_its_page(unread(questions, NO_AGREEMENT), here) for questions in unknown)
    letter = identity.form_id == LETTER
    questions = _questions_about(blanks, Surroundings(rows, letter=letter), rows)
    if letter:
        meanings = {blank: in_letter(questions[blank], rows.get(blank.page, ())) for blank in blanks}
        for blank in signed_by_whom(meanings, questions):
            meanings[blank] = None
            questions[blank] = replace(
                questions[blank], context=replace(questions[blank].context, side=None, party=SOMEBODY)
            )
    else:
        meanings = {blank: _meaning_around(questions[blank], template) for blank in blanks}
        meanings |= _meanings_in_lists([questions[blank] for blank in blanks if meanings[blank] is None])
    places, pages = _neighbours(identity, known_editions, forms or {}, rows)
    readings = once_each(
        [
            reading_of(questions[blank], meanings[blank], same_place(places, pages, blank), letter=letter)
            for blank in blanks
        ]
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
    pages = upright_pages(template)[:MAX_PAGES]
    with DrawnPages(template.drawable) as drawn_pages:
        return {n + 1: read_rows(_as_read(drawn_pages.letters(n), page)) for n, page in enumerate(pages)}


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


def _questions_about(
    blanks: Sequence[Blank], around: Surroundings, rows: Mapping[int, Sequence[MapRow]]
) -> dict[Blank, LabelQuestion]:
    """Return for each blank what stands around it and what its name and tooltip say."""
    contexts = {blank: around.of(blank) for blank in blanks}
    on_page: dict[int, list[Blank]] = {}
    for blank in blanks:
        on_page.setdefault(blank.page, []).append(blank)
    questions = {}
    for blank, context in contexts.items():
        crowded = len(on_page[blank.page]) > MOST_ON_A_PAGE
        others = [other for other in on_page[blank.page] if other is not blank] if not crowded else []
        ours = [other for other in others if contexts[other].side == context.side]
        read = rows.get(blank.page, ()) if not crowded else ()
        heading = squashed(context.party)
        printed = tuple(text for text in printed_for(blank, read, ours, others) if squashed(text) != heading)
        questions[blank] = LabelQuestion(blank=blank, context=context, printed=printed, hints=hear(blank))
    return questions


def _meaning_around(question: LabelQuestion, template: Template) -> Meaning | None:
    """Return what the words around a blank say."""
    blank = question.blank
    if blank.kind not in TEXT_KINDS:
        return None
    width, _ = upright_pages(template)[blank.page - 1].size
    return (
        meanings.in_footer(blank, width)
        or meanings.in_sentence(blank, question.context)
        or meanings.by_title(question.context)
        or by_label(question)
    )


def _meanings_in_lists(blanks: Collection[LabelQuestion]) -> dict[Blank, Meaning | None]:
    """Return the meanings of lines that stand one below the other under one heading."""
    stacks: dict[tuple[int, str | None, bool], list[LabelQuestion]] = {}
    for question in blanks:
        if question.blank.kind in {"Tx", "flat"} and in_contacts(question):
            stacks.setdefault((question.blank.page, question.context.section, question.ices), []).append(question)
    meanings: dict[Blank, Meaning | None] = {}
    for questions in stacks.values():
        # Boxes one below the other overlap a little: their middles tell the order.
        # What may be no place is no line of a list that has real ones.
        stack = [question for question in questions if question.blank.certain] or questions
        stack.sort(key=lambda question: -(question.blank.rect[1] + question.blank.rect[3]))
        meanings |= in_list(_unbroken(stack))
    return meanings


def _unbroken(stack: Sequence[LabelQuestion]) -> list[LabelQuestion]:
    """Return the lines of a list, from the top, without those that stand far below it with nothing printed for them."""
    lines: list[LabelQuestion] = []
    for question in stack:
        if (
            question.printed
            or not lines
            or lines[-1].blank.rect[1] - question.blank.rect[3] <= MAX_SIGNATURE_DISTANCE_PT
        ):
            lines.append(question)
    return lines


def _neighbours(
    identity: Identity,
    known_editions: Sequence[Edition],
    forms: Mapping[str, Template],
    rows: Mapping[int, Sequence[MapRow]],
) -> tuple[tuple[KnownBlank, ...], dict[tuple[str, int], int]]:
    """Return the known places, and for each known page the page here that it corresponds to."""
    places: list[KnownBlank] = []
    pages: dict[tuple[str, int], int] = {}
    here = {page: page_of(page_rows) for page, page_rows in rows.items()}
    for edition in known_editions:
        form = forms.get(edition.name)
        if form is not None:
            there = {page: page_of(page_rows) for page, page_rows in rows_of(form).items()}
            matched = matched_pages(there, here)
        elif edition.form_id == identity.form_id and edition.pages == identity.pages:
            matched = {page: page for page in here}
        else:
            continue
        drawn_pages = upright_pages(form) if form else ()
        places += [
            replace(blank, rect=drawn_pages[blank.page - 1].as_read(blank.rect)) if drawn_pages else blank
            for blank in known_blanks(edition, form)
        ]
        pages |= {(edition.name, page): other for page, other in matched.items()}
    return tuple(places), pages
