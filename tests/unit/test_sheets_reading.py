"""Reading spreadsheets: what stands in them, and what is refused before it can do harm."""

from __future__ import annotations

import io
from datetime import date, datetime
from typing import TYPE_CHECKING

import openpyxl
import openpyxl.utils.datetime
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.spreadsheets import column_letters, is_blank, read, serial_date, text_of

if TYPE_CHECKING:
    from pathlib import Path


def workbook(rows: list[list[object]], **pages: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    for name, more in pages.items():
        page = book.create_sheet(name)
        for row in more:
            page.append(row)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def test_values_come_as_they_are_meant() -> None:
    book = workbook([["a", 1.5, 7, True, date(2018, 6, 1), datetime(2018, 6, 1, 8, 30), None, "  x\xa0y "]])  # noqa: DTZ001 - a cell has no zone
    (sheet,) = read(book)
    assert [text_of(cell) for cell in sheet.rows[0]] == [
        "a", "1.5", "7", "TRUE", "2018-06-01", "2018-06-01 08:30:00", "", "x y",
    ]  # fmt: skip


def test_rows_keep_their_numbers_when_the_first_are_empty() -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active["C4"] = "here"
    kept = io.BytesIO()
    book.save(kept)
    (sheet,) = read(kept.getvalue())
    assert sheet.rows[3][2] == "here"


def test_links_hidden_rows_and_formulas_are_told() -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page["A1"], page["B1"] = "link", '=HYPERLINK("https://example.gov/b.pdf","link")'
    page["A1"].hyperlink = "https://example.gov/a.pdf?x=1&y=2"
    page["A2"] = "=1+1"
    page.row_dimensions[2].hidden = True
    kept = io.BytesIO()
    book.save(kept)
    (sheet,) = read(kept.getvalue())
    assert sheet.links == {(1, 0): "https://example.gov/a.pdf?x=1&y=2", (1, 1): "https://example.gov/b.pdf"}
    assert sheet.hidden_rows == {2}
    assert sheet.unsolved == {(2, 0), (1, 1)}


def test_days_are_counted_from_1904_where_the_file_says_so() -> None:
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    assert book.active is not None
    book.active["A1"] = date(2018, 6, 1)
    kept = io.BytesIO()
    book.save(kept)
    (sheet,) = read(kept.getvalue())
    assert text_of(sheet.rows[0][0]) == "2018-06-01"
    assert sheet.date1904


@given(st.dates(date(1900, 3, 1), date(9999, 12, 31)))
def test_a_serial_number_is_its_day(day: date) -> None:
    assert serial_date((day - date(1899, 12, 30)).days) == day
    if day.year >= 1905:
        assert serial_date((day - date(1904, 1, 1)).days, date1904=True) == day


def test_numbers_that_are_no_day() -> None:
    assert [serial_date(number) for number in (0, -3, 3e9)] == [None] * 3
    assert serial_date(2_958_000, date1904=True) is None


@given(st.integers(0, 18_000))
def test_column_letters_are_those_of_the_sheet(index: int) -> None:
    assert column_letters(index) == openpyxl.utils.get_column_letter(index + 1)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_text_in_the_encodings_and_delimiters_of_excel(delimiter: str, encoding: str) -> None:
    text = f'Name{delimiter}Note\r\n"Núñez{delimiter} José"{delimiter}"two\nlines"\r\n'
    (sheet,) = read(text.encode(encoding))
    assert sheet.rows == [["Name", "Note"], [f"Núñez{delimiter} José", "two\nlines"]]


def test_the_line_that_names_the_delimiter_keeps_its_row() -> None:
    (sheet,) = read(b"sep=;\r\na,b;c\r\n")
    assert sheet.rows == [[], ["a,b", "c"]]


def test_lines_that_end_in_a_carriage_return_alone() -> None:
    assert read(b"a,b\rc,d\r")[0].rows == [["a", "b"], ["c", "d"]]


CELLS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)


@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=8))
def test_a_csv_that_was_written_reads_the_same(rows: list[list[str]]) -> None:
    import csv  # noqa: PLC0415 - the one test that writes

    rows = [["a", "b", "c"], *rows]
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows(rows)
    assert read(out.getvalue().encode("utf-8-sig"))[0].rows == rows


def test_every_sheet_is_read_and_hidden_ones_are_marked() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook([["a"]], Second=[["b"]])))
    book["Second"].sheet_state = "hidden"
    kept = io.BytesIO()
    book.save(kept)
    assert [(sheet.name, sheet.hidden, sheet.rows[0][0]) for sheet in read(kept.getvalue())] == [
        ("Sheet", False, "a"),
        ("Second", True, "b"),
    ]


def test_blank_means_nothing_to_be_seen() -> None:
    assert all(is_blank(value) for value in ("", " \xa0\n", "\u200b"))
    assert not any(is_blank(value) for value in ("x", 0.0, False))


def test_ices_lists_are_read_whole(program_sheets: Path) -> None:
    shapes = {}
    for path in sorted(program_sheets.iterdir()):
        (sheet,) = read(path.read_bytes())
        shapes[path.name] = (len(sheet.rows), len(sheet.links), len(sheet.hidden_rows))
    assert shapes == {
        "participatingAgencies05162025am.xlsx": (572, 416, 0),
        "participatingAgencies07012025pm.xlsx": (745, 596, 0),
        "pendingAgencies05152025am.xlsx": (93, 0, 0),
        "pendingAgencies07032025pm.xlsx": (48, 0, 32),
    }
