"""The roster as a spreadsheet: read back by two readers, nothing computed, nothing lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from io import BytesIO
from typing import TYPE_CHECKING

import openpyxl
import pytest
import python_calamine
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.answers import Answers, Nominee
from assistant.documents.roster_sheet import COLUMNS, roster_xlsx

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

TODAY = date(2026, 2, 1)


def sheet_of(data: bytes) -> Worksheet:
    return openpyxl.load_workbook(BytesIO(data)).worksheets[0]


def test_rows_read_back_as_they_were_given(ready: Answers) -> None:
    data = roster_xlsx(ready, today=TODAY)
    sheet = sheet_of(data)
    assert [cell.value for cell in sheet[1]] == [title for title, _ in COLUMNS]
    assert [cell.value for cell in sheet[2]][:4] == ["Alex Nguyễn", "Deputy", "1412", "JEM, TFM, WSO"]
    assert sheet["C2"].data_type == "s", "a badge number is text"
    assert sheet["F2"].value == datetime(2025, 11, 3)  # noqa: DTZ001 - a sheet has no zone
    assert sheet["F2"].is_date
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref == sheet.dimensions == "A1:M3"
    rows = python_calamine.CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_index(0).to_python()
    assert rows[1][5] == date(2025, 11, 3)
    assert rows[2][0] == "Robin Example"


def test_the_same_bytes_for_the_same_day(ready: Answers) -> None:
    assert roster_xlsx(ready, today=TODAY) == roster_xlsx(ready, today=TODAY)
    properties = openpyxl.load_workbook(BytesIO(roster_xlsx(ready, today=TODAY))).properties
    assert properties.modified == properties.created == datetime(2026, 2, 1)  # noqa: DTZ001 - as openpyxl reads it
    assert properties.title == "Nominee roster – Example County Sheriff’s Office"


def test_no_nominees_is_said_in_words() -> None:
    assert "No nominees yet" in str(sheet_of(roster_xlsx(Answers(), today=TODAY))["A2"].value)


def test_five_hundred_are_all_there(ready: Answers) -> None:
    people = tuple(replace(ready.nominees[0], badge_number=f"B{n:04}") for n in range(500))
    sheet = sheet_of(roster_xlsx(replace(ready, nominees=people), today=TODAY))
    assert [row[2] for row in sheet.iter_rows(min_row=2, values_only=True)] == [f"B{n:04}" for n in range(500)]


TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40)


@pytest.mark.long
@settings(max_examples=500)
@given(st.sampled_from("=+-@\t\r") | st.just(""), TEXT)
def test_no_text_becomes_a_formula(start: str, rest: str) -> None:
    text = (start + rest).replace("\ufffe", "").replace("\uffff", "") or "x"
    answers = Answers(nominees=(Nominee(full_name=text, rank=text, badge_number=text),))
    for cell in sheet_of(roster_xlsx(answers, today=TODAY))[2][:3]:
        assert cell.data_type == "s"
        assert not str(cell.value).startswith(("=", "+", "-", "@", "\t", "\r"))
