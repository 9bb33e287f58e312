"""Numbers by month in a report that somebody kept: told by its months, and nothing taken that is no number."""

from __future__ import annotations

import io
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import openpyxl
import pytest

from assistant.agencies.chart import bars_by_name
from assistant.agencies.line_chart import lines_by_month, plain_number, running_totals
from assistant.services.published_lists.report_tables import read_report_table

if TYPE_CHECKING:
    from collections.abc import Sequence

SVG = "{http://www.w3.org/2000/svg}"


def sheet(rows: Sequence[Sequence[object]]) -> bytes:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(list(row))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize(
    "months",
    [
        (date(2025, 10, 1), date(2025, 11, 1)),
        ("October 2025", "Nov. 2025"),
        ("Oct-25", "Nov-25"),
        ("2025-10", "2025/11"),
        ("10/2025", "11/2025"),
    ],
)
def test_months_are_read_as_people_write_them(months: tuple[object, object]) -> None:
    rows: list[list[object]] = [
        ["287(g) report"],
        ["Month", "Encounters", "Note"],
        [months[0], 12, "a"],
        [months[1], "1,234", "b"],
    ]
    table = read_report_table(sheet(rows))
    assert table is not None
    assert table.months == ("2025-10", "2025-11")
    assert table.series == {"Encounters": {"2025-10": 12, "2025-11": 1234}}


@pytest.mark.parametrize(
    "rows",
    [
        [["Month", "Encounters"], ["October 2025", 12]],  # one month is no line
        [["Name", "Encounters"], ["Lee Ash", 12], ["Sam Oak", 3]],
        [["Month", "Note"], ["October 2025", "many"], ["November 2025", "few"]],
        [["Month", "Rate"], ["13/2025", 1], ["Octember 2025", 2]],
        [],
    ],
)
def test_a_sheet_without_such_a_table_gives_none(rows: Sequence[Sequence[object]]) -> None:
    assert read_report_table(sheet(rows)) is None


def test_a_pdf_and_a_broken_file_give_none() -> None:
    assert read_report_table(b"%PDF-1.7 whatever") is None
    assert read_report_table(b"PK\x03\x04 broken") is None


def test_rows_of_one_month_are_added_up_and_columns_beyond_five_are_counted() -> None:
    csv = b"state,month,a,b,c,d,e,f\nFL,2025-10,1,1,1,1,1,1\nGA,2025-10,2,1,1,1,1,1\nFL,2025-11,5,1,1,1,1,-1\n"
    table = read_report_table(csv)
    assert table is not None
    assert table.series["a"] == {"2025-10": 3, "2025-11": 5}
    assert (list(table.series), table.more) == (["a", "b", "c", "d", "e"], 1)


def test_a_line_breaks_where_a_month_has_no_value() -> None:
    series = {"A & B": {"2025-01": 1.0, "2025-02": 2.0, "2025-04": 33.5}, "C": {"2025-03": 4.0}}
    root = ET.fromstring(lines_by_month(series, title='By <month> & "more"'))  # noqa: S314 - our own drawing
    lines = [one.attrib["points"] for one in root.iter(f"{SVG}polyline")]
    assert [len(line.split()) for line in lines] == [2, 1, 1]
    texts = [one.text for one in root.iter(f"{SVG}text")]
    assert {"A & B: 33.5", "C: 4", 'By <month> & "more"'} <= {*texts}
    described = root.find(f"{SVG}desc")
    assert described is not None
    assert described.text == (
        "From Jan 2025 to Apr 2025. A & B: 1 in Jan 2025, 33.5 in Apr 2025. C: 4 in Mar 2025, 4 in Mar 2025."
    )


def test_names_at_the_ends_do_not_overlap() -> None:
    series = {name: {"2025-01": 5.0, "2025-02": 5.0} for name in "ABCDE"}
    root = ET.fromstring(lines_by_month(series, title="t"))  # noqa: S314 - our own drawing
    heights = sorted(float(one.attrib["y"]) for one in root.iter(f"{SVG}text") if (one.text or "").endswith(": 5"))
    assert len(heights) == 5
    assert all(below - above >= 12 for above, below in pairwise(heights))
    with pytest.raises(ValueError, match="at most 5"):
        lines_by_month({name: {} for name in "ABCDEF"}, title="t")


def test_numbers_totals_and_bars() -> None:
    assert [plain_number(value) for value in (1234567, 0.5, 2.25, 3.0)] == ["1,234,567", "0.5", "2.25", "3"]
    assert running_totals({"2025-01": 2, "2025-03": 1}, ["2025-01", "2025-02", "2025-03"]) == {
        "2025-01": 2, "2025-02": 2, "2025-03": 3,
    }  # fmt: skip
    root = ET.fromstring(bars_by_name({"Pasco <x>": 3, "Lee": 0}, title="t", empty="none"))  # noqa: S314 - our own
    assert [one.attrib["width"] for one in root.iter(f"{SVG}rect")][1:] == ["340.0", "0.0"]
    assert "none" in bars_by_name({}, title="t", empty="none")
