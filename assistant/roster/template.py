"""Make the empty roster: headings, one row of examples, lists to choose from, and how to fill it in."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties

from assistant.answers import MODELS
from assistant.roster.headings import EXAMPLES, HEADINGS
from assistant.spreadsheets.row_height import fit_height

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

LAST_ROW = 1_000
"""Last row with lists and formats. Rows below it are read too."""
HEAD = PatternFill("solid", fgColor="DCE4EF")
GREY = Font(italic=True, color="5C5C5C")
AUTHOR = "moa"

HELP: dict[str, str] = {
    "full_name": "First and last name, with the letters the person uses. One person per row.",
    "rank": "For example Deputy, Sergeant, Detention Officer.",
    "badge_number": "Badge or employee number. Never a Social Security number.",
    "models": "TFM, WSO, JEM or TTFM. Separate two or more with a semicolon: TFM; WSO.",
    "us_citizen": "Yes or No. Empty means not known yet.",
    "background_investigation": (
        "“completed” (completed and passed, as the agency attests), “pending”, or empty. Never write the result."
    ),
    "background_completed_on": "The day it was completed, for example 2025-11-03 or 11/3/2025.",
    "law_enforcement_since": "The day service as a law-enforcement officer began. Needed for TFM only.",
    "law_enforcement_years": "Instead of the date, if service was interrupted: total years, for example 7.5.",
    "enforced_laws": "Yes or No: knowledge of and has enforced laws and regulations in your jurisdiction.",
    "facility_security_trained": "Yes or No: trained on keeping your facilities secure. Needed for JEM and WSO.",
    "enforced_inmate_rules": "Yes or No: has enforced rules on inmate accountability and conduct. Needed for WSO.",
    "inmate_rules_authority": (
        "Yes or No: has authority to enforce rules on inmate accountability and conduct. Needed for JEM."
    ),
}
CHOICES: dict[str, tuple[str, ...]] = {
    "models": MODELS,
    "us_citizen": ("Yes", "No"),
    "background_investigation": ("completed", "pending"),
    "enforced_laws": ("Yes", "No"),
    "facility_security_trained": ("Yes", "No"),
    "enforced_inmate_rules": ("Yes", "No"),
    "inmate_rules_authority": ("Yes", "No"),
}
FORMATS = {
    "badge_number": "@",
    "full_name": "@",
    "background_completed_on": "yyyy-mm-dd",
    "law_enforcement_since": "yyyy-mm-dd",
}
NEVER = (
    "Do not add dates of birth, Social Security numbers or home addresses. They are not needed, and such columns "
    "are left out."
)


def make_template() -> bytes:
    """Return the empty roster as XLSX; read as it is, it holds no nominee and nothing wrong."""
    book = Workbook()
    page = book.active
    if page is None:
        message = "A new workbook has a sheet."
        raise RuntimeError(message)
    page.title = "Nominees"
    for index, (name, heading) in enumerate(HEADINGS.items(), 1):
        _fill_column(page, index, name, heading)
    page.freeze_panes = "B2"
    page.row_dimensions[1].height = 32
    page.print_title_rows = "1:1"
    page.page_setup.orientation = "landscape"
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    _write_help(book.create_sheet("How to fill this in"))
    book.properties.title = "Nominee roster"
    book.properties.creator = AUTHOR
    output = BytesIO()
    book.save(output)
    return output.getvalue()


def _fill_column(page: Worksheet, index: int, name: str, heading: str) -> None:
    letter = get_column_letter(index)
    page.column_dimensions[letter].width = max(16, len(heading) * 0.8 + 4)
    head = page.cell(1, index, heading)
    head.font, head.fill = Font(bold=True), HEAD
    head.alignment = Alignment(wrap_text=True, vertical="center")
    head.comment = Comment(HELP[name], AUTHOR, height=110, width=260)
    example = page.cell(2, index, EXAMPLES[name] or None)
    example.font = GREY
    if name in FORMATS:
        for row in range(2, LAST_ROW + 1):
            page.cell(row, index).number_format = FORMATS[name]
    if name in CHOICES:
        # Several models may stand in one cell, so that list only offers; it refuses nothing.
        offered = DataValidation(
            type="list",
            formula1=f'"{",".join(CHOICES[name])}"',
            allow_blank=True,
            showErrorMessage=name != "models",
            error=HELP[name][:220],
            errorTitle=heading[:30],
        )
        page.add_data_validation(offered)
        offered.add(f"{letter}2:{letter}{LAST_ROW}")


def _write_help(page: Worksheet) -> None:
    page.column_dimensions["A"].width, page.column_dimensions["B"].width = 32, 100
    page.append(["Column", "What to write"])
    page["A1"].font = page["B1"].font = Font(bold=True)
    for name, heading in HEADINGS.items():
        page.append([heading, HELP[name]])
    page.append([])
    page.append(["Left out", NEVER])
    page.append(["The second row", "is an example and is skipped. Write over it, or leave it."])
    for row in page.iter_rows():
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    for line in range(1, page.max_row + 1):
        fit_height(page, line)
    page.page_setup.orientation = "landscape"
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
