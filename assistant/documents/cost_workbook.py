"""The cost sheet as a workbook: the agency fills the yellow cells, and formulas work the sums out.

A sum stays empty until every cell that it needs is filled, so that no part of a sum is taken for the whole.
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties

from assistant.documents.cost_sheet import (
    HOW_TO_COUNT,
    ICE_PAYS,
    INTRODUCTION,
    NOT_TAKEN_OFF,
    as_of,
    payer_rows,
    sources_of,
    training_rows,
    training_sentence,
)
from assistant.documents.wording import agency_name, model_name
from assistant.documents.workbook import cell_text, settle_workbook
from assistant.editions.formats import long_date
from assistant.program.costs import reported_payments
from assistant.spreadsheets.row_height import LINE_HEIGHT, fit_height

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from openpyxl.worksheet.worksheet import Worksheet

    from assistant.answers import Answers, Model
    from assistant.documents.cost_sheet import TrainingRow

PLACE = "cost-sheet.xlsx"
COST, PAYERS, PAYMENTS, SOURCES = "Cost", "Who pays", "Reported payments", "Sources"
HEADINGS = (
    "Model",
    "Officers",
    "Training days each",
    "Officer-days",
    "Pay and benefits for a day ($)",
    "Officer who fills in, for a day ($)",
    "Travel for an officer ($)",
    "Total ($)",
)
FIRST_ROW = 6
"""The row of the first model; the row of all models follows the last one."""
COUNT, MONEY = "#,##0", "#,##0.00"
INPUT, HEAD = PatternFill("solid", fgColor="FFF8C5"), PatternFill("solid", fgColor="E6E6E6")
THIN = Side(style="thin", color="999999")
LINE = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
WRAPPED = Alignment(wrap_text=True, vertical="top")
YELLOW = "Fill in the yellow cells. The sums appear when all cells of a line are filled."


def cost_workbook(answers: Answers, *, today: date) -> bytes:
    """Return the workbook; the same bytes for the same answers and day. It names no nominee."""
    book = Workbook()
    name = cell_text(agency_name(answers))
    book.properties.title = f"287(g) cost sheet – {name}"
    book.properties.creator = name
    rows = training_rows(answers)
    models = [row.model for row in rows]
    sheet: Worksheet = book.worksheets[0]
    sheet.title = COST
    _write_costs(sheet, rows, name, today)
    _write_payers(book.create_sheet(PAYERS), models)
    if any(reported_payments(model) for model in models):
        _write_payments(book.create_sheet(PAYMENTS), rows)
    sources = [(source.title, as_of(source), source.note or "") for source in sources_of(models)]
    _write_table(book.create_sheet(SOURCES), ("Document", "Read", "Note"), sources, widths=(50, 26, 70))
    for page in book.worksheets:
        page.page_setup.orientation = "landscape"
        page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
        page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    if book.calculation is not None:
        book.calculation.fullCalcOnLoad = True
    file = BytesIO()
    book.save(file)
    return settle_workbook(file.getvalue(), today)


def _write_costs(sheet: Worksheet, rows: Sequence[TrainingRow], name: str, today: date) -> None:
    for place, width in enumerate((34, 12, 14, 14, 18, 18, 18, 18), 1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    _write_note(sheet, 1, f"Cost sheet – {name}", bold=True)
    _write_note(sheet, 2, f"As of {long_date(today)}. {INTRODUCTION}", lines=2)
    _write_note(sheet, 3, YELLOW, bold=True)
    _write_heading(sheet, FIRST_ROW - 1, HEADINGS)
    fit_height(sheet, FIRST_ROW - 1)
    last = FIRST_ROW + len(rows) - 1
    for line, row in enumerate(rows, FIRST_ROW):
        _write_training(sheet, line, row)
    total = last + 1
    sheet.cell(total, 1, "All models")
    whole = f"COUNT(H{FIRST_ROW}:H{last})<{len(rows)}"
    sheet.cell(total, 8, f'=IF({whole},"",SUM(H{FIRST_ROW}:H{last}))').number_format = MONEY
    for cell in sheet[total]:
        cell.font, cell.border = Font(bold=True), LINE
    numbers = DataValidation(type="decimal", operator="greaterThanOrEqual", formula1="0", allow_blank=True)
    numbers.error, numbers.errorTitle = "Enter a number, 0 or more.", "Not a number"
    numbers.add(f"B{FIRST_ROW}:C{last}")
    numbers.add(f"E{FIRST_ROW}:G{last}")
    sheet.add_data_validation(numbers)
    for place, text in enumerate([HOW_TO_COUNT, *map(training_sentence, rows)], total + 2):
        _write_note(sheet, place, text, lines=2)
    sheet.freeze_panes = f"B{FIRST_ROW}"


def _write_training(sheet: Worksheet, line: int, row: TrainingRow) -> None:
    values: list[str | int | None] = [
        row.name,
        row.officers,
        row.days,
        f'=IF(COUNT(B{line}:C{line})<2,"",B{line}*C{line})',
        None,
        None,
        ICE_PAYS if row.ice_pays_travel else None,
        _total_formula(line, with_travel=not row.ice_pays_travel),
    ]
    inputs = {2, 3, 5, 6} | (set() if row.ice_pays_travel else {7})
    for place, value in enumerate(values, 1):
        cell = sheet.cell(line, place, value)
        cell.border = LINE
        cell.number_format = COUNT if place in {2, 3, 4} else MONEY
        if place in inputs:
            cell.fill = INPUT
    sheet.cell(line, 1).alignment = WRAPPED


def _total_formula(line: int, *, with_travel: bool) -> str:
    needed = f"COUNT(D{line}:G{line})<4" if with_travel else f"COUNT(D{line}:F{line})<3"
    travel = f"+B{line}*G{line}" if with_travel else ""
    return f'=IF({needed},"",D{line}*(E{line}+F{line}){travel})'


def _write_payers(sheet: Worksheet, models: Sequence[Model]) -> None:
    rows = [(model_name(model), *row) for model in models for row in payer_rows(model)]
    _write_table(sheet, ("Model", "For", "Who pays", "Source"), rows, widths=(34, 56, 16, 62))


def _write_payments(sheet: Worksheet, rows: Sequence[TrainingRow]) -> None:
    headings = ("Model", "Reported", "At most ($)", "Source")
    payments = [(line, row, one) for line, row in enumerate(rows, FIRST_ROW) for one in reported_payments(row.model)]
    texts = [
        (row.name, payment.text, "", f"{payment.citation}, {as_of(payment.citation.source)}")
        for _, row, payment in payments
    ]
    _write_table(sheet, headings, texts, widths=(34, 62, 16, 62))
    for place, (line, _, payment) in enumerate(payments, 2):
        cell = sheet.cell(place, 3)
        cell.number_format = MONEY
        if payment.dollars and payment.each == "officer":
            cell.value = f'=IF(COUNT({COST}!B{line})<1,"",{COST}!B{line}*{payment.dollars})'
        elif payment.dollars:
            cell.value = payment.dollars
    _write_note(sheet, len(payments) + 3, NOT_TAKEN_OFF, lines=2, columns=4)


def _write_table(
    sheet: Worksheet, headings: Sequence[str], rows: Sequence[Sequence[str]], *, widths: Sequence[float]
) -> None:
    _write_heading(sheet, 1, headings)
    for place, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    for line, row in enumerate(rows, 2):
        for place, text in enumerate(row, 1):
            cell = sheet.cell(line, place, cell_text(text) or None)
            cell.alignment, cell.border = WRAPPED, LINE
        fit_height(sheet, line)
    fit_height(sheet, 1)
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"


def _write_heading(sheet: Worksheet, line: int, headings: Sequence[str]) -> None:
    for place, text in enumerate(headings, 1):
        cell = sheet.cell(line, place, text)
        cell.font, cell.fill, cell.alignment, cell.border = Font(bold=True), HEAD, WRAPPED, LINE


def _write_note(
    sheet: Worksheet, line: int, text: str, *, bold: bool = False, lines: int = 1, columns: int = len(HEADINGS)
) -> None:
    """Write a text over the whole width of a table."""
    sheet.merge_cells(start_row=line, end_row=line, start_column=1, end_column=columns)
    cell = sheet.cell(line, 1, cell_text(text))
    cell.alignment, cell.font = WRAPPED, Font(bold=bold)
    sheet.row_dimensions[line].height = LINE_HEIGHT * lines
