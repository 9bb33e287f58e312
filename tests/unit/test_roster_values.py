"""What one cell of a roster says: days, years, yes and no, checks, models."""

from __future__ import annotations

import io
from datetime import date, datetime

import openpyxl
import openpyxl.utils.datetime
import pytest

from assistant.roster import read_roster


def sheet_of(rows: list[list[object]], **more: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    for row in rows:
        page.append(row)
    for title, lines in more.items():
        other = book.create_sheet(title)
        for row in lines:
            other.append(row)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def one(value: object, heading: str) -> object:
    """Return what the nominee in a sheet of a name and one more column says, or the sentence that refuses it."""
    found = read_roster(sheet_of([["Name", heading], ["Alex Nguyễn", value]]))
    if found.errors:
        (error,) = found.errors
        assert (error.row, error.column) == (2, heading)
        return error.message
    document = found.to_document()["nominees"][0]
    said = {key: value for key, value in document.items() if value not in (None, []) and key != "full_name"}
    return next(iter(said.values())) if len(said) == 1 else said


DAYS: list[object] = [
    "6/1/2018", "06/01/2018", "6-1-2018", "June 1 2018", "June 1, 2018", "Jun. 1st, 2018", "1 June 2018", "1-Jun-2018",
    "2018-06-01", "2018/6/1", "2018-06-01 00:00:00", "6/1/2018 12:00:00 AM", 43252, "43252 ", date(2018, 6, 1),
    datetime(2018, 6, 1, 9, 30),  # noqa: DTZ001 - a cell has no zone
]  # fmt: skip


@pytest.mark.parametrize("value", [day for day in DAYS if day != "43252 "])
def test_days_in_every_form(value: object) -> None:
    assert one(value, "Date sworn") == "2018-06-01"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("01.06.2018", "not clear"),
        ("13/1/2018", "no such month"),
        ("2/30/2018", "no such day"),
        ("June 2018", "whole date"),
        ("2018", "whole date"),
        ("1850-06-01", "Check the year"),
        ("next year", "date cannot be read"),
        (2018, "whole date"),
        (201, "number, not a date"),
    ],
)
def test_days_that_are_none_or_two_are_refused_with_what_to_do(value: object, words: str) -> None:
    assert words in str(one(value, "Date sworn"))


def test_a_file_of_1904_keeps_its_days() -> None:
    book = openpyxl.load_workbook(io.BytesIO(sheet_of([["Name", "Hired"], ["Alex", None], ["Sam", None]])))
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    page = book.active
    assert page is not None
    page["B2"] = date(2018, 6, 1)
    page["B3"] = 43252 - 1462
    kept = io.BytesIO()
    book.save(kept)
    assert [nominee.law_enforcement_since for nominee in read_roster(kept.getvalue()).nominees] == [
        date(2018, 6, 1)
    ] * 2


@pytest.mark.parametrize(
    ("value", "years"),
    [("7", 7), ("7 yrs", 7), (7.5, 7.5), ("7 years 6 months", 7.5), ("6 months", 0.5), ("10+", 10), ("12 years", 12)],
)
def test_years_of_service_in_place_of_a_day(value: object, years: float) -> None:
    assert one(value, "Years of service") == one(value, "Date of hire") == years


def test_a_day_in_the_column_of_years_is_a_day() -> None:
    assert one("6/1/2018", "Years of service") == "2018-06-01"
    assert "number" in str(one(123, "Years of service"))


@pytest.mark.parametrize("value", ["Y", "yes", "Yes.", "x", "X", "true", "TRUE", "1", 1, True, "✓"])
def test_yes(value: object) -> None:
    assert one(value, "US citizen") is True


@pytest.mark.parametrize("value", ["N", "no", "false", "0", 0, False, "☐"])
def test_no(value: object) -> None:
    assert one(value, "Enforced laws") is False


@pytest.mark.parametrize("value", ["", "-", "—", "?", "N/A", "n/a", "unknown", "TBD", None, " \xa0"])
def test_nothing_said_is_not_no(value: object) -> None:
    for heading in ("US citizen", "Hired", "Years", "Background", "Models", "Badge"):
        assert one(value, heading) == {}


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("completed", "completed"),
        ("Yes", "completed"),
        ("passed 11/3/2025", {"background_investigation": "completed", "background_completed_on": "2025-11-03"}),
        ("Completed (Nov 3, 2025)", {"background_investigation": "completed", "background_completed_on": "2025-11-03"}),
        (date(2025, 11, 3), {"background_investigation": "completed", "background_completed_on": "2025-11-03"}),
        ("In progress", "pending"),
        ("pending 11/3/2025", "pending"),
        ("No", {}),
    ],
)
def test_background(value: object, said: object) -> None:
    assert one(value, "Background") == said


@pytest.mark.parametrize("value", ["failed", "denied 11/3/2025", "DUI 2009"])
def test_a_result_of_a_check_is_refused_and_not_repeated(value: str) -> None:
    message = str(one(value, "Background"))
    assert "never stored" in message
    assert value not in message


@pytest.mark.parametrize(
    ("value", "models"),
    [
        ("TFM", ["TFM"]),
        ("Task Force", ["TFM"]),
        ("WSO; tfm", ["TFM", "WSO"]),
        ("TFM WSO", ["TFM", "WSO"]),
        ("Jail Enforcement and Warrant Service Officer", ["JEM", "WSO"]),
        ("Tribal Task Force", ["TTFM"]),
        ("Task Force Model (TFM)", ["TFM"]),
    ],
)
def test_models(value: str, models: list[str]) -> None:
    assert one(value, "Model") == models
