"""The letter of interest: a plain letter on the agency's own letterhead.

ICE's page asks for a signed letter of interest with the signed MOA, and calls it a form; no such form was to be had
on 2026-01-28. So the letter says that it is the agency's own. Where ICE's form is kept, it is filled in this one's
place (``services.export``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.documents.blocks import Block, Items, Lines, PaperDocument, Paragraph, SignatureLine, Table, TableColumn
from assistant.documents.setting import to_pdf
from assistant.documents.wording import (
    LETTER_FILE,
    agency_name,
    banner,
    contact_cells,
    counted,
    model_name,
    models_in_order,
    text_or_mark,
)
from assistant.editions.formats import join_with_and, long_date, phone
from assistant.program import program_contact

if TYPE_CHECKING:
    from datetime import date

    from assistant.answers import Answers

CAPTIONS = ("Signature", "Date signed (by hand)")
"""Under the two lines to write on."""
OWN_LETTER = "This letter is the agency’s own. It is not a form issued by ICE."


def letter_of_interest(answers: Answers, *, today: date, draft: bool) -> bytes:
    """Return the letter as a PDF, to be signed by hand or electronically.

    Raises:
        FillError: a letter of somebody's name cannot be printed.
    """
    return to_pdf(compose_letter(answers, today=today, draft=draft))


def signature_of(answers: Answers) -> SignatureLine:
    """Return how a letter of the agency's own ends: its signatory's line to sign and date."""
    return SignatureLine(
        before=("Sincerely,",),
        captions=CAPTIONS,
        after=(
            text_or_mark(answers.signatory.full_name, "signatory’s name"),
            text_or_mark(answers.signatory.title, "signatory’s title"),
            agency_name(answers),
        ),
    )


def compose_letter(answers: Answers, *, today: date, draft: bool) -> PaperDocument:
    """Return what the letter says."""
    agency = answers.agency
    name = agency_name(answers)
    reach = " · ".join(part for part in (phone(agency.phone) if agency.phone else "", agency.email or "") if part)
    models = models_in_order(answers.models)
    names = [model_name(model) for model in models] or ["[models: not given]"]
    known_as = f" (“{agency.short_name}”)" if agency.short_name and agency.short_name != agency.legal_name else ""
    blocks: list[Block] = [
        Lines(
            lines=tuple(line for line in (name, agency.address.one_line, reach) if line),
            bold_first=True,
            letterhead=True,
        ),
        Paragraph(text=long_date(today)),
        Lines(lines=_addressee()),
        Paragraph(text=f"Subject: Letter of Interest in the 287(g) program – {join_with_and(names)}", bold=True),
        Paragraph(text="To the 287(g) Program:"),
        Paragraph(
            text=f"The {name}{known_as} is interested in taking part in ICE’s 287(g) program and "
            f"requests to enter into a Memorandum of Agreement (MOA) under the following "
            f"{'model' if len(names) == 1 else 'models'}:".replace("The The ", "The ")
        ),
        Items(items=tuple(names)),
        Paragraph(text=_about(answers, name)),
        Paragraph(text=_officers(answers)),
    ]
    if approval := _approval(answers):
        blocks.append(Paragraph(text=approval))
    blocks += [
        Paragraph(text="The agency’s points of contact are:", with_next=True),
        Table(
            columns=(
                TableColumn(title="For", share=1.1, header=True),
                TableColumn(title="Name", share=1.95),
                TableColumn(title="Title", share=1.65),
                TableColumn(title="Phone", share=1.2),
                TableColumn(title="E-mail", share=2.2),
            ),
            rows=(
                ("The program", *contact_cells(answers.program_contact)),
                ("Public information", *contact_cells(answers.public_information_contact)),
            ),
            small=True,
        ),
        Paragraph(
            text=f"The signed {'MOA is' if len(names) == 1 else 'MOAs are'} enclosed. "
            "Please send any question about this request to the point of contact for the program.",
            with_next=True,
        ),
        signature_of(answers),
        Paragraph(text=f"Enclosed: signed Memorandum of Agreement – {join_with_and(names)}", small=True),
    ]
    return PaperDocument(
        title=f"Letter of Interest in the 287(g) program – {name}",
        agency=name,
        day=today,
        blocks=tuple(blocks),
        banner=banner(draft=draft),
        foot=OWN_LETTER,
        place=LETTER_FILE,
    )


def _about(answers: Answers, name: str) -> str:
    agency = answers.agency
    parts = [f"{name} represents {text_or_mark(agency.represents, 'place represented')}."]
    duties = [
        duty
        for duty, is_so in (("operates a jail", agency.operates_jail), ("conducts patrol", agency.conducts_patrol))
        if is_so
    ]
    if duties:
        parts.append(f"The agency {join_with_and(duties)}.")
    if "TTFM" in answers.models:
        parts.append("Its request under the Tribal Task Force Model is made under Title 25 U.S.C. 2804.")
    return " ".join(parts)


def _officers(answers: Answers) -> str:
    models = models_in_order(answers.models)
    numbers = {model: sum(1 for _ in answers.nominees_for(model)) for model in models}
    people = sum(1 for nominee in answers.nominees if set(nominee.models) & set(models))
    if not people:
        return "The agency names no officers with this letter; its nominations will follow."
    each = [f"{number:,} for the {model_name(model, code=False)}" for model, number in numbers.items() if number]
    missing = [model_name(model, code=False) for model, number in numbers.items() if not number]
    text = f"The agency nominates {counted(people, 'officer', 'officers')}: {join_with_and(each)}."
    if sum(numbers.values()) > people:
        text += " An officer nominated under more than one model is counted under each."
    if missing:
        text += f" Nominations for the {join_with_and(missing)} will follow."
    return text


def _approval(answers: Answers) -> str:
    approvals = answers.approvals
    if approvals.needs_no_body or not (approvals.governing_body and approvals.governing_body_approved_on):
        return ""
    day = long_date(approvals.governing_body_approved_on)
    return f"{approvals.governing_body} approved entering into the agreement on {day}."


def _addressee() -> tuple[str, ...]:
    """Return the lines of the address. ICE's page names the program and its headquarters, and no person."""
    contact = program_contact()
    agency, *street = contact.headquarters
    return (
        agency,
        "Enforcement and Removal Operations, 287(g) Program",
        *street,
        f"By e-mail: {contact.recipient}",
    )
