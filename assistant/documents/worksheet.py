"""The worksheet: what an agency has to have at hand before it starts, each answer asked once, to be filled by hand.

Part of the blank packet. Not the official form, never signed, never sent, and it says so on every page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.documents.blocks import Block, Column, Document, Heading, Paragraph, Table
from assistant.documents.setting import to_pdf
from assistant.documents.wording import model_name, place_in_words, short_title
from assistant.formats import listed, long_date

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from assistant.documents.signing_instructions import Form

PLACE = "worksheet.pdf"
NOT_THE_FORM = "Worksheet – not the official form"
LINE = "_" * 34
_TITLES = {
    "agency": "The agency",
    "signatory": "Who signs",
    "program_contact": "Point of contact for the program",
    "public_information_contact": "Point of contact for public information",
    "ice": "ICE’s offices",
}
_ALSO = {
    "agency": ("agency.legal_name", "agency.short_name", "agency.represents", "agency.phone"),
    "signatory": ("signatory.full_name", "signatory.title", "signatory.email", "signatory.phone"),
    "ice": ("ice.field_office",),
}
"""What the program asks for beside the form’s blanks, whatever the form."""
_WORDS = {
    "agency.represents": "County, city or State it represents",
    "agency.address.one_line": "Address",
    "ice.field_office": "ERO field office",
    "ice.opla_location": "Legal office (OPLA), its location",
}


def worksheet(forms: Sequence[Form], *, today: date) -> bytes:
    """Return the worksheet as a PDF.

    Raises:
        FillError: a letter of a form's title cannot be printed.
    """
    return to_pdf(compose_worksheet(forms, today=today))


def compose_worksheet(forms: Sequence[Form], *, today: date) -> Document:
    """Return what the worksheet says."""
    models = [model_name(form.edition.model) if form.edition.model else form.edition.title for form in forms]
    stands = _where(forms)
    blocks: list[Block] = [
        Heading(text="Worksheet for a 287(g) application", level=1),
        Paragraph(text=f"For: {listed(models)}. As of {long_date(today)}.", bold=True),
        Paragraph(
            text="Collect the answers here, by hand, then type them into the program: it writes each of them into "
            "every blank where it belongs. This is not the official form; it is not signed and not sent."
        ),
    ]
    for section, title in _TITLES.items():
        paths = dict.fromkeys([*_ALSO.get(section, ()), *(p for p in stands if p.split(".")[0] == section)])
        if paths:
            blocks += [Heading(text=title), _questions(list(paths), stands)]
    blocks += [
        Heading(text="Nominees"),
        Paragraph(
            text="Name, rank, badge number and the criteria of each nominee go into the roster spreadsheet: "
            "`moa roster template` makes an empty one. Never write a Social Security number on any of these papers."
        ),
    ]
    return Document(
        title="Worksheet for a 287(g) application",
        agency="",
        made=today,
        blocks=tuple(blocks),
        banner=NOT_THE_FORM,
        text_size=9,
        place=PLACE,
    )


def _questions(paths: Sequence[str], stands: dict[str, list[str]]) -> Table:
    return Table(
        columns=(
            Column(title="Answer", share=2, header=True),
            Column(title="Write", share=3.2),
            Column(title="Where it goes", share=2.6),
        ),
        rows=tuple((_question(path), LINE, "; ".join(stands.get(path, ["application"]))) for path in paths),
    )


def _question(path: str) -> str:
    """Return "Legal name" for "agency.legal_name": the section stands above."""
    words = place_in_words(path).partition(", ")[2]
    return _WORDS.get(path, words[:1].upper() + words[1:])


def _where(forms: Iterable[Form]) -> dict[str, list[str]]:
    """Return for every answer where it stands: "TFM p. 1, 9"."""
    found: dict[str, list[str]] = {}
    for form in forms:
        name = short_title(form.edition)
        pages: dict[str, list[int]] = {}
        for entry in form.edition.entries:
            pages.setdefault(entry.path, []).append(entry.page)
        for path, numbers in pages.items():
            known = ", ".join(str(page) for page in sorted(set(numbers)) if page)
            found.setdefault(path, []).append(f"{name} p. {known}" if known else name)
    return found
