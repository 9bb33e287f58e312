"""The roster of nominees as a spreadsheet: text as text, dates as dates, nothing that a program would compute.

openpyxl makes the workbook and its looks; the rows are written straight into its sheet, which for hundreds of
nominees takes a twentieth of the time.
"""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from assistant.documents.roster import CRITERIA, NO_NOMINEES
from assistant.documents.wording import agency_name, yes_no
from assistant.documents.workbook import quoted, settle_workbook
from assistant.spreadsheets.row_height import fit_height
from assistant.text import replace_characters_not_in_xml

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from openpyxl.worksheet.worksheet import Worksheet

    from assistant.answers import Answers, Nominee

RosterCell = str | int | float | date | None

SHEET = "xl/worksheets/sheet1.xml"
FIRST_DAY = date(1899, 12, 30)  # day 0 of a spreadsheet's calendar, for every day after February 1900
DATE_FORMAT = "yyyy-mm-dd"
# Column heads with widths in characters.
COLUMNS: Sequence[tuple[str, float]] = (
    ("Full name", 32),
    ("Rank", 14),
    ("Badge number", 14),
    ("Models", 18),
    ("Background investigation", 16),
    ("Background completed on", 16),
    ("Law-enforcement officer since", 16),
    ("Law-enforcement years", 16),
    *((title, 14) for title in CRITERIA.values()),
)


def roster_xlsx(answers: Answers, *, today: date, draft: bool = False) -> bytes:
    """Return the roster as a workbook; the same bytes for the same answers and day.

    A draft has the word on its tab and at the head of each printed page.
    """
    book = Workbook()
    sheet: Worksheet = book.worksheets[0]
    sheet.title = "Nominees DRAFT" if draft else "Nominees"
    sheet.append([title for title, _ in COLUMNS])
    # Row 2 only brings the two looks into the workbook; the real rows take its place.
    sheet["A2"], sheet["B2"] = "text", 1
    sheet["A2"].number_format, sheet["B2"].number_format = "@", DATE_FORMAT
    _dress(sheet, answers)
    if draft and sheet.oddHeader is not None:
        sheet.oddHeader.right.text = "DRAFT"
    name = replace_characters_not_in_xml(agency_name(answers), "\ufffd")
    book.properties.title = f"Nominee roster – {name}"
    book.properties.creator = name
    workbook_file = BytesIO()
    book.save(workbook_file)
    people = [_cells(nominee) for nominee in answers.nominees] or [[NO_NOMINEES]]
    rows = {SHEET: lambda text: _with_rows(text, people)}
    return settle_workbook(workbook_file.getvalue(), today, changes=rows)


def _cells(nominee: Nominee) -> list[RosterCell]:
    return [
        nominee.full_name,
        nominee.rank,
        nominee.badge_number,
        ", ".join(nominee.models),
        nominee.background_investigation or "not known",
        nominee.background_completed_on,
        nominee.law_enforcement_since,
        nominee.law_enforcement_years,
        *(yes_no(getattr(nominee, field)) for field in CRITERIA),
    ]


def _rows(people: list[list[RosterCell]], text_style: str, date_style: str) -> Iterator[str]:
    letters = [get_column_letter(place) for place in range(1, len(COLUMNS) + 1)]
    for number, cells in enumerate(people, 2):
        yield f'<row r="{number}">'
        for letter, value in zip(letters, cells, strict=False):
            where = f'<c r="{letter}{number}"'
            if isinstance(value, str):
                text = escape(replace_characters_not_in_xml(quoted(value), "")).replace("\r", "&#13;")
                yield f'{where} s="{text_style}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
            elif isinstance(value, date):
                yield f'{where} s="{date_style}"><v>{(value - FIRST_DAY).days}</v></c>'
            elif value is not None:
                yield f"{where}><v>{value!r}</v></c>"
        yield "</row>"


def _dress(sheet: Worksheet, answers: Answers) -> None:
    for place, (_, width) in enumerate(COLUMNS, 1):
        head = sheet.cell(1, place)
        head.font = Font(bold=True)
        head.fill = PatternFill("solid", fgColor="E6E6E6")
        head.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.column_dimensions[get_column_letter(place)].width = width
    fit_height(sheet, 1)
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(COLUMNS))}{max(2, len(answers.nominees) + 1)}"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    # In a header "&" begins a code.
    if sheet.oddHeader is not None and sheet.oddFooter is not None:
        sheet.oddHeader.left.text = "Nominee roster – " + replace_characters_not_in_xml(
            agency_name(answers), "\ufffd"
        ).replace("&", "&&")
        sheet.oddFooter.right.text = "Page &P of &N"


def _with_rows(sheet: str, people: list[list[RosterCell]]) -> str:
    start = sheet.index('<row r="2"')
    end = sheet.index("</row>", start) + len("</row>")
    text_style, date_style = re.findall(r's="(\d+)"', sheet[start:end])
    rows = "".join(_rows(people, text_style, date_style))
    last = f"{get_column_letter(len(COLUMNS))}{len(people) + 1}"
    head = re.sub(r'<dimension ref="[^"]*"', f'<dimension ref="A1:{last}"', sheet[:start])
    return head + rows + sheet[end:]
