"""A letter to ICE about officers who are added, who leave, or whose authority is to be revoked, and their roster.

Only the people who change are named, and of each only name, rank, badge and models: no check, no date of service.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from assistant.documents.blocks import (
    Block,
    Items,
    Lines,
    PaperDocument,
    PaperHeading,
    Paragraph,
    Table,
    TableColumn,
)
from assistant.documents.letter import OWN_LETTER, signature_of
from assistant.documents.setting import to_pdf
from assistant.documents.wording import agency_name, counted, model_name, models_in_order, text_or_mark
from assistant.documents.workbook import cell_text, settle_workbook
from assistant.editions.formats import join_with_and, long_date, phone
from assistant.program import recipient_address
from assistant.program.nominee_changes import CHANGE_KINDS, change_rules
from assistant.spreadsheets.row_height import fit_height

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from assistant.answers import Answers, Model, Nominee
    from assistant.program.nominee_changes import ChangeKind

LETTER, ROSTER, SHEET = "nominee-changes-letter.pdf", "nominee-changes-roster.pdf", "nominee-changes-roster.xlsx"
TITLES: dict[ChangeKind, str] = {
    "added": "Officers nominated in addition",
    "leaves": "Officers who stop taking part",
    "revoked": "Officers whose authority is to be revoked",
}
WORDS: dict[ChangeKind, str] = {"added": "Added", "leaves": "Leaves", "revoked": "Authority to be revoked"}
NO_RULE = "ICE has not published this agreement. Ask ICE how it handles such a change."
HEADINGS = ("Change", "Name", "Rank", "Badge", "Models", "From")


@dataclass(frozen=True, slots=True, kw_only=True)
class NomineeChange:
    """One officer and what changes."""

    kind: ChangeKind
    nominee: Nominee


def nominee_changes_letter(
    answers: Answers, changes: Sequence[NomineeChange], *, effective: date, today: date
) -> bytes:
    """Return the letter as a PDF, to be signed by hand.

    Args:
        answers: the agency, its signatory and its contact.
        changes: the officers, at least one.
        effective: the day from which the changes hold.
        today: the day of the letter.

    Raises:
        FillError: a letter of somebody's name cannot be printed.
    """
    return to_pdf(compose_letter(answers, changes, effective=effective, today=today))


def compose_letter(
    answers: Answers, changes: Sequence[NomineeChange], *, effective: date, today: date
) -> PaperDocument:
    """Return what the letter says."""
    agency, name = answers.agency, agency_name(answers)
    reach = " · ".join(part for part in (phone(agency.phone) if agency.phone else "", agency.email or "") if part)
    models = _models_of(changes, answers)
    named = join_with_and([model_name(model) for model in models])
    blocks: list[Block] = [
        Lines(
            lines=tuple(line for line in (name, agency.address.one_line, reach) if line),
            bold_first=True,
            letterhead=True,
        ),
        Paragraph(text=long_date(today)),
        Lines(lines=_addressee(answers)),
        Paragraph(text=f"Subject: Changes to the officers in the 287(g) program – {named}", bold=True),
        Paragraph(
            text=f"{name} tells ICE about {counted(len(changes), 'change', 'changes')} to its officers under the "
            f"287(g) agreement, from {long_date(effective)}:"
        ),
    ]
    for kind in CHANGE_KINDS:
        of_kind = [change for change in changes if change.kind == kind]
        if of_kind:
            blocks += [
                PaperHeading(text=TITLES[kind], level=3),
                _table(of_kind, effective, full=False),
                Items(items=tuple(_sources(kind, of_kind, answers))),
            ]
    contact = answers.program_contact
    blocks += [
        Paragraph(
            text=f"Questions go to {text_or_mark(contact.full_name, 'program contact’s name')}, "
            f"{text_or_mark(contact.title, 'title')}, {phone(contact.phone) if contact.phone else '[phone: not given]'}"
            f", {text_or_mark(contact.email, 'e-mail')}.",
            with_next=True,
        ),
        signature_of(answers),
    ]
    return PaperDocument(
        title=f"Changes to the officers in the 287(g) program – {name}",
        agency=name,
        day=today,
        blocks=tuple(blocks),
        foot=OWN_LETTER,
        place=LETTER,
    )


def nominee_changes_roster(
    answers: Answers, changes: Sequence[NomineeChange], *, effective: date, today: date
) -> bytes:
    """Return the roster of the changes alone as a PDF; arguments and errors as for the letter."""
    name = agency_name(answers)
    counts = [(kind, sum(change.kind == kind for change in changes)) for kind in CHANGE_KINDS]
    summary = ", ".join(f"{WORDS[kind].lower()}: {number}" for kind, number in counts if number)
    return to_pdf(
        PaperDocument(
            title=f"287(g) roster of changes – {name}",
            agency=name,
            day=today,
            blocks=(
                PaperHeading(text=f"Roster of changes – {name}", level=1),
                Paragraph(text=f"As of {long_date(today)}. {summary.capitalize()}."),
                _table(_in_order(changes), effective, full=True),
                Paragraph(text="It contains personnel information. Give it only to those who need it.", small=True),
            ),
            place=ROSTER,
        )
    )


def nominee_changes_sheet(answers: Answers, changes: Sequence[NomineeChange], *, effective: date, today: date) -> bytes:
    """Return the roster of the changes alone as a workbook; the same bytes for the same changes and day."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Changes"
    for line, row in enumerate([HEADINGS, *(_cells(change, effective) for change in _in_order(changes))], 1):
        for place, text in enumerate(row, 1):
            cell = sheet.cell(line, place, cell_text(text) or None)
            cell.number_format, cell.alignment = "@", Alignment(wrap_text=True, vertical="top")
            if line == 1:
                cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="E6E6E6")
    for place, width in enumerate((24, 34, 16, 14, 18, 20), 1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    for line in range(1, len(changes) + 2):
        fit_height(sheet, line)
    sheet.freeze_panes, sheet.print_title_rows = "A2", "1:1"
    book.properties.title = "287(g) roster of changes"
    book.properties.creator = cell_text(agency_name(answers))
    file = BytesIO()
    book.save(file)
    return settle_workbook(file.getvalue(), today)


def _in_order(changes: Sequence[NomineeChange]) -> list[NomineeChange]:
    return sorted(changes, key=lambda change: CHANGE_KINDS.index(change.kind))


def _addressee(answers: Answers) -> tuple[str, ...]:
    office = text_or_mark(answers.ice.field_office, "ICE field office")
    return (
        "U.S. Immigration and Customs Enforcement",
        f"Enforcement and Removal Operations, {office} Field Office",
        f"Copy by e-mail: 287(g) Program, {recipient_address()}",
    )


def _models_of(changes: Sequence[NomineeChange], answers: Answers) -> tuple[Model, ...]:
    return models_in_order([model for change in changes for model in change.nominee.models] or answers.models)


def _sources(kind: ChangeKind, changes: Sequence[NomineeChange], answers: Answers) -> list[str]:
    """Return what the agreements say of such a change, each with its place."""
    rules = {rule.model: rule for rule in change_rules() if rule.kind == kind}
    return [
        f"{model_name(model)}: {rules[model].text} [{rules[model].citation}]"
        if model in rules
        else f"{model_name(model)}: {NO_RULE}"
        for model in _models_of(changes, answers)
    ]


def _cells(change: NomineeChange, effective: date) -> tuple[str, ...]:
    nominee = change.nominee
    return (
        WORDS[change.kind],
        text_or_mark(nominee.full_name, "name"),
        nominee.rank or "",
        nominee.badge_number or "",
        ", ".join(nominee.models),
        long_date(effective),
    )


def _table(changes: Sequence[NomineeChange], effective: date, *, full: bool) -> Table:
    """Return the people; ``full``: with what changes and from when, which the letter says in its words."""
    shares = (1.3, 2.2, 1.1, 0.9, 1.1, 1.5)
    columns = tuple(
        TableColumn(title=title, share=share, header=title == "Name")
        for title, share in zip(HEADINGS, shares, strict=True)
    )
    part = slice(None) if full else slice(1, -1)
    rows = tuple(_cells(change, effective)[part] for change in changes)
    return Table(columns=columns[part], rows=rows, small=True)
