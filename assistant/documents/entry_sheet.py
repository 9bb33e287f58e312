"""The entry sheet: what to write into each blank of an official form that is not available.

It is not the form, is not signed and is not sent, and says so on every page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from assistant.documents.blocks import Block, Items, PaperDocument, PaperHeading, Paragraph, Table, TableColumn
from assistant.documents.setting import to_pdf
from assistant.documents.signing_instructions import why_blank
from assistant.documents.wording import (
    DRAFT,
    agency_name,
    agreement_file,
    contact_cells,
    model_name,
    page_runs,
    revision_of,
    text_or_mark,
)
from assistant.editions.formats import long_date
from assistant.program import recipient_address

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from assistant.answers import Answers
    from assistant.documents.signing_instructions import Form
    from assistant.editions.catalog import Edition, Entry

NOT_THE_FORM = "Not the official form"
EVERY_PAGE = "every page"
"""How a map’s label says where a blank without a position is."""
EACH_BLANK = "It lists what to write in each blank of the form."
BLANKS_UNKNOWN = (
    "This program does not know the blanks of this form. The Task Force Model’s form asks for the facts below. "
    "This form may ask for others, in another order."
)


class SheetText(Protocol):
    """What goes into one blank."""

    @property
    def entry(self) -> Entry:
        """Return the blank."""

    @property
    def text(self) -> str:
        """Return what to write into it."""


def entry_sheet(form: Form, texts: Sequence[SheetText], answers: Answers, *, today: date, draft: bool) -> bytes:
    """Return the sheet as a PDF.

    Raises:
        FillError: a letter cannot be printed.
    """
    return to_pdf(compose_entry_sheet(form, texts, answers, today=today, draft=draft))


def compose_entry_sheet(
    form: Form, texts: Sequence[SheetText], answers: Answers, *, today: date, draft: bool
) -> PaperDocument:
    """Return what the sheet says."""
    edition = form.edition
    name = agency_name(answers)
    model = model_name(edition.model) if edition.model else edition.title
    blocks: list[Block] = [
        PaperHeading(text=f"Entry sheet – {model}", level=1),
        Paragraph(
            text=f"For {edition.title}, {revision_of(edition)}. Prepared for {name} on {long_date(today)}.", bold=True
        ),
        Paragraph(
            text="This sheet is not the official form and cannot replace it. Do not sign it and do not send it. "
            + (EACH_BLANK if any(entry.page for entry in edition.entries) else BLANKS_UNKNOWN)
        ),
        PaperHeading(text="Where to get the form"),
        Items(items=_how_to_get(edition, model), numbered=True),
        PaperHeading(text="What to write"),
        *(_by_page(texts, edition) if texts else _by_meaning(answers)),
        PaperHeading(text="What stays blank"),
        *_left_blank(form, answers),
    ]
    return PaperDocument(
        title=f"Entry sheet for the {model} – {NOT_THE_FORM.lower()} – {name}",
        agency=name,
        day=today,
        blocks=tuple(blocks),
        banner=f"{NOT_THE_FORM} · {DRAFT}" if draft else NOT_THE_FORM,
        foot=f"{NOT_THE_FORM}: entry sheet, {model}",
        place=agreement_file(edition.model, is_filled=False),
    )


def _how_to_get(edition: Edition, model: str) -> tuple[str, ...]:
    steps = [
        (
            "Open ICE’s 287(g) page (ice.gov, “Partner With ICE Through the 287(g) Program”) and download "
            f"the fillable MOA for the {model}. If it is not there, ask {recipient_address()}."
        )
    ]
    if edition.fillable:
        steps.append(
            "Add the downloaded form to this program and make the bundle again. This program then fills it for "
            "you. Or copy the lines below into it."
        )
    else:
        steps.append(
            "Write the values below in the downloaded form. Or have this program propose a map of its blanks "
            "(“Official forms”, “Map a form”). After you correct and register the map, this program fills the "
            "form for you."
        )
    if edition.revision_text:
        steps.append(
            "Compare the revision printed on your form with the one named above. In another revision, the blanks "
            "may be on other pages."
        )
    return tuple(steps)


def _by_page(texts: Sequence[SheetText], edition: Edition) -> list[Block]:
    """Return the blanks by page; where no page is known there is no column for it."""
    on_known_page = [item for item in texts if item.entry.page]
    unknown = [item for item in texts if not item.entry.page]
    rows = [
        (_pages(item.entry, edition), item.entry.label or item.entry.blank, _text(item))
        for item in [*sorted(on_known_page, key=lambda item: item.entry.page), *unknown]
    ]
    columns = (
        TableColumn(title="Page", share=0.9),
        TableColumn(title="Blank" if on_known_page else "Asked for", share=3, header=True),
        TableColumn(title="Write", share=4),
    )
    first = 0 if on_known_page else 1
    return [Table(columns=columns[first:], rows=tuple(row[first:] for row in rows))]


def _pages(entry: Entry, edition: Edition) -> str:
    """Return the pages of a blank: "1–14" for a footer."""
    pages = {place.page for place in entry.places}
    if not pages and EVERY_PAGE in entry.label and edition.pages:
        pages = set(range(1, edition.pages + 1))
    return page_runs(sorted(pages or {entry.page})) if entry.page else "not known"


def _text(item: SheetText) -> str:
    if item.text:
        return item.text
    return "(leave empty: not given, and optional)" if item.entry.optional else "[not given yet]"


def _by_meaning(answers: Answers) -> list[Block]:
    """Say what the agency’s blanks are likely to ask, where no map of the form is known."""
    signatory = answers.signatory
    rows = (
        ("Name of the agency", agency_name(answers)),
        ("Short name", text_or_mark(answers.agency.short_name, "short name")),
        ("What the agency represents", text_or_mark(answers.agency.represents, "place represented")),
        ("Signatory’s name", text_or_mark(signatory.full_name, "name")),
        ("Signatory’s title", text_or_mark(signatory.title, "title")),
        ("Point of contact", "; ".join(contact_cells(answers.program_contact))),
        ("Public-information contact", "; ".join(contact_cells(answers.public_information_contact))),
    )
    return [
        Paragraph(
            text="The form will likely ask for these:",
            with_next=True,
        ),
        Table(
            columns=(TableColumn(title="Asked for", share=3, header=True), TableColumn(title="Write", share=5)),
            rows=rows,
        ),
    ]


def _left_blank(form: Form, answers: Answers) -> list[Block]:
    blanks = [blank for blank in form.edition.left_blank if blank.on_paper]
    if not blanks:
        return [
            Paragraph(
                text="Leave everything on ICE’s side empty (under “For ICE”, “For DHS” or the name of an ICE office). "
                "Leave the signature and date on the agency’s side empty until the day of signing."
            )
        ]
    sides = {"agency": "agency", "ice": "ICE", "unknown": "not known"}
    columns = (
        TableColumn(title="Page", share=0.9),
        TableColumn(title="Side", share=0.9),
        TableColumn(title="Blank", share=2.6, header=True),
        TableColumn(title="Why", share=3.5),
    )
    rows = [
        (str(blank.page or "not known"), sides[blank.side], blank.label or blank.blank, why_blank(blank, answers))
        for blank in blanks
    ]
    first = 0 if any(blank.page for blank in blanks) else 1
    return [Table(columns=columns[first:], rows=tuple(row[first:] for row in rows))]
