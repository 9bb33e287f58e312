"""The worksheet: what an agency needs before it starts, each answer asked once, to be filled by hand.

Part of the blank packet. Not the official form, never signed, never sent, and it says so on every page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.documents.blocks import Block, PaperDocument, PaperHeading, Paragraph, Table, TableColumn
from assistant.documents.setting import to_pdf
from assistant.documents.wording import model_name, place_in_words, short_title
from assistant.editions.catalog import LETTER, get_edition
from assistant.editions.formats import join_with_and, long_date

if TYPE_CHECKING:
    from collections.abc import Sequence
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
_CONTACT = ("full_name", "title", "phone", "email")
_ALSO = {
    "agency": (
        *("agency.legal_name", "agency.short_name", "agency.represents", "agency.kind", "agency.county"),
        *(f"agency.address.{part}" for part in ("street", "city", "state", "zip")),
        *("agency.phone", "agency.email", "agency.law_enforcement_agency"),
    ),
    "signatory": tuple(f"signatory.{part}" for part in _CONTACT),
    "ice": ("ice.field_office",),
}
"""What the program asks for in addition to the form’s blanks, for every form."""
_OWN_LETTER = f"{LETTER}/plain"
_IN_LETTER = [f"{section}.{part}" for section in ("program_contact", "public_information_contact") for part in _CONTACT]
"""What the agency’s own letter prints, in addition to what it cannot do without."""
_PARTS = {"agency.address.one_line": ("street", "city", "state", "zip")}
"""What is asked for in parts. A form has one line for it; the letter does not."""
_WORDS = {
    "agency.represents": "County, city, State or tribe it represents",
    "agency.kind": "Kind of agency (circle one)",
    "agency.county": "County where it is",
    "agency.address.street": "Street address",
    "agency.address.city": "City",
    "agency.address.state": "State",
    "agency.address.zip": "ZIP Code",
    "agency.law_enforcement_agency": "Is it a law-enforcement agency?",
    "agency.operates_jail": "Does it operate a jail?",
    "ice.field_office": "ERO field office",
    "ice.opla_location": "Legal office (OPLA), its location",
}
_YES_NO = "yes   /   no"
_CHOICES = {
    "agency.kind": "county  /  municipality  /  state  /  tribal  /  other",
    "agency.law_enforcement_agency": _YES_NO,
    "agency.operates_jail": _YES_NO,
}
_JAIL = ("JEM", "WSO")


def worksheet(forms: Sequence[Form], *, today: date) -> bytes:
    """Return the worksheet as a PDF.

    Raises:
        FillError: a letter of a form's title cannot be printed.
    """
    return to_pdf(compose_worksheet(forms, today=today))


def compose_worksheet(forms: Sequence[Form], *, today: date) -> PaperDocument:
    """Return what the worksheet says."""
    models = [model_name(form.edition.model) if form.edition.model else form.edition.title for form in forms]
    stands = _where(forms)
    blocks: list[Block] = [
        PaperHeading(text="Worksheet for a 287(g) application", level=1),
        Paragraph(text=f"For: {join_with_and(models)}. As of {long_date(today)}.", bold=True),
        Paragraph(
            text="Collect the answers here by hand, then type them into the program. It writes each answer in every "
            "blank where it belongs. This is not the official form. Do not sign it or send it."
        ),
    ]
    for section, title in _TITLES.items():
        paths = dict.fromkeys([*_ALSO.get(section, ()), *(p for p in stands if p.split(".")[0] == section)])
        if paths:
            blocks += [PaperHeading(text=title), _questions(list(paths), stands)]
    blocks += [
        PaperHeading(text="Nominees"),
        Paragraph(
            text="Name, rank, badge number and the criteria of each nominee go into the roster spreadsheet. You can "
            "download an empty one from the wizard, or make one with the command moa roster template. Never "
            "write a Social Security number on any of these papers."
        ),
    ]
    return PaperDocument(
        title="Worksheet for a 287(g) application",
        agency="",
        day=today,
        blocks=tuple(blocks),
        banner=NOT_THE_FORM,
        text_size=9,
        place=PLACE,
    )


def _questions(paths: Sequence[str], stands: dict[str, list[str]]) -> Table:
    return Table(
        columns=(
            TableColumn(title="Answer", share=2, header=True),
            TableColumn(title="Write", share=3.2),
            TableColumn(title="Where it goes", share=2.6),
        ),
        rows=tuple(
            (_question(path), _CHOICES.get(path, LINE), "; ".join(stands.get(path, ["application"]))) for path in paths
        ),
    )


def _question(path: str) -> str:
    """Return "Legal name" for "agency.legal_name": the section stands above."""
    words = place_in_words(path).partition(", ")[2]
    return _WORDS.get(path, words[:1].upper() + words[1:])


def _where(forms: Sequence[Form]) -> dict[str, list[str]]:
    """Return for every answer where it stands: "TFM p. 1, 9", "letter"."""
    names_by_path: dict[str, list[str]] = {}
    for form in forms:
        name = short_title(form.edition)
        pages: dict[str, list[int]] = {}
        for entry in form.edition.entries:
            for path in _question_rows(entry.path):
                pages.setdefault(path, []).append(entry.page)
        for path, numbers in pages.items():
            page_list = ", ".join(str(page) for page in sorted(set(numbers)) if page)
            names_by_path.setdefault(path, []).append(f"{name} p. {page_list}" if page_list else name)
        if form.edition.model in _JAIL:
            names_by_path.setdefault("agency.operates_jail", []).append(name)
    if not any(form.edition.is_letter for form in forms):
        for path in dict.fromkeys([*(entry.path for entry in get_edition(_OWN_LETTER).entries), *_IN_LETTER]):
            names_by_path.setdefault(path, []).append("letter")
    return names_by_path


def _question_rows(path: str) -> tuple[str, ...]:
    """Return the answers that are asked for what stands in a blank."""
    stem = path.rpartition(".")[0]
    return tuple(f"{stem}.{part}" for part in _PARTS[path]) if path in _PARTS else (path,)
