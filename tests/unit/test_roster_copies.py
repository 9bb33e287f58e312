"""The empty roster, and the marked copy that goes back."""

from __future__ import annotations

import csv
import io
from datetime import date

import openpyxl
import openpyxl.utils.datetime
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.roster import annotate, make_template, read_roster
from assistant.roster.headings import HEADINGS
from assistant.spreadsheets import read


def test_the_template_holds_no_nominee_and_nothing_wrong() -> None:
    found = read_roster(make_template())
    assert (found.people, found.set_aside, found.errors, found.warnings) == ((), (), (), ())


def test_the_template_filled_in_is_read_with_and_without_its_example() -> None:
    book = openpyxl.load_workbook(io.BytesIO(make_template()))
    page = book.worksheets[0]
    assert [cell.value for cell in page[1]] == list(HEADINGS.values())
    page.append(["Sam O’Brien", "Sergeant", "0042", "WSO", "Yes", "pending", None, date(2018, 6, 1)])
    filled = io.BytesIO()
    book.save(filled)
    found = read_roster(filled.getvalue())
    assert [(n.full_name, n.badge_number, n.law_enforcement_since) for n in found.nominees] == [
        ("Sam O’Brien", "0042", date(2018, 6, 1))
    ]
    page["B2"] = "Captain"
    filled = io.BytesIO()
    book.save(filled)
    assert [error.row for error in read_roster(filled.getvalue()).errors] == [2]


def test_the_marked_copy_says_what_to_do_beside_the_row_and_runs_nothing() -> None:
    data = b"Roster,\nName,Badge,DOB,Note\nAlex,=1+1,1/1/1990,=cmd\nSam,123-45-6789,,\nDana,7,,\n"
    found = read_roster(data)
    marked = annotate(data, found)
    book = openpyxl.load_workbook(io.BytesIO(marked))
    page = book.worksheets[0]
    assert [[cell.value for cell in row] for row in page.iter_rows(min_row=2)] == [
        ["Name", "Badge", "DOB", "Note", "What to do"],
        [
            "Alex",
            "=1+1",
            None,
            "=cmd",
            "Badge: This starts like a formula. Type plain text that starts with a letter or digit.",
        ],
        [
            "Sam",
            None,
            None,
            None,
            "Badge: This looks like a Social Security number. Remove it; this program never stores one.",
        ],
        ["Dana", "7", None, None, None],
    ]
    assert {cell.data_type for row in page.iter_rows() for cell in row} <= {"s", "n"}
    assert page["B3"].quotePrefix
    assert page["B3"].fill.fgColor.rgb == "00F8DFE2"
    again = read_roster(marked)
    assert [person.nominee.full_name for person in again.ready] == ["Sam", "Dana"]
    assert not any(warning.column == "What to do" for warning in again.warnings)
    assert len(read(annotate(marked, again))[0].rows[1]) == 5


TYPED = st.builds(
    str.__add__, st.sampled_from("=+-@\t\r"), st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)
)


@settings(max_examples=10)
@given(st.lists(TYPED, min_size=50, max_size=50))
def test_no_cell_of_a_marked_copy_is_a_formula(texts: list[str]) -> None:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows([["Name", "Note"], *(["Alex", text] for text in texts)])
    data = out.getvalue().encode()
    page = openpyxl.load_workbook(io.BytesIO(annotate(data, read_roster(data)))).worksheets[0]
    assert all(cell.data_type in {"s", "n"} for row in page.iter_rows() for cell in row)
    assert all(cell.quotePrefix for (cell,) in page.iter_rows(min_row=2, min_col=2, max_col=2))
