"""Values as people word them: years, days, yes and no, background checks, models; each beside one that is asked."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.roster import read_roster
from assistant.roster.cell_words import CITIZEN, NOT_CITIZEN, CellError, training, truth
from assistant.roster.days import day
from assistant.roster.values import background, models, service

JUNE = date(2015, 6, 1)


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("4 1/2", 4.5), ("4½", 4.5), ("~20", 20), ("> 10", 10), ("10+", 10), ("over 10", 10), ("ten", 10),
        ("twenty-five years", 25), ("34 year(s), 7 month(s), 9 day(s)", 34.6), ("9y7m", 9.58),
        ("9 yrs, 11 months", 9.91),
        ("1 year, 11 months, 30 days", 1.99), ("7 Yrs.", 7), ("8 mos", 0.66), ("about 12", 12), ("12.5 years", 12.5),
        ("15 years of service", 15), ("20+ years", 20), ("0 year(s), 3 month(s), 8 day(s)", 0.27),
        ("3 yrs and 6 mos", 3.5),
    ],
)  # fmt: skip
def test_years_in_many_wordings(text: str, years: float) -> None:
    years_read = service(text).years
    assert years_read is not None
    assert years - 0.011 <= years_read <= years + 0.005, "never more than is written"


@pytest.mark.parametrize(
    "text", ["a while", "10-15", "<1", "two or three", "4 1/3", "9y7", "20 or so", "x", "1,5", "7 dogs"]
)
def test_years_that_nobody_can_read_are_asked(text: str) -> None:
    with pytest.raises(CellError):
        service(text)


@pytest.mark.parametrize("text", ["~20", "> 10", "10+", "about 12"])
def test_years_that_are_not_exact_are_read_with_a_word(text: str) -> None:
    assert service(text).note
    assert not service("12").note


@pytest.mark.parametrize(
    "text",
    [
        "6/1/15", "06/01/15", "6-1-15", "1-Jun-15", "20150601", "01JUN2015", "1JUN15", "Monday, June 1, 2015",
        "Mon 6/1/2015", "June 1st, 2015", "1 June 2015", "2015-06-01T00:00:00", "6/1/2015 12:00:00 AM", "Jun 1, 2015",
        "Jun. 1, '15", "since 6/1/2015", "6/1/2015 - present", "6/1/2015 (full time)", "2015.06.01",
        "2015/6/1", "June 1 2015", "'6/1/2015",
    ],
)  # fmt: skip
def test_a_day_in_many_wordings(text: str) -> None:
    reading = day(text)
    assert reading is not None
    assert reading.day == JUNE


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("06/2015", "whole date"), ("June 2015", "whole date"), ("Jun-18", "whole date"), ("2015", "whole date"),
        ("Since 2015", "whole date"), ("6/1/2015 (rehired 2019)", "more than one date"), ("06.01.2015", "not clear"),
        ("13/06/2015", "no such month"), ("2/30/15", "no such day"), ("Tuesday, June 1, 2015", "day of the week"),
        ("6/1", "cannot be read"), ("6/1/2015, 7/1/2016", "cannot be read"), ("20151301", "no such day"),
        ("1/2/3/2015", "cannot be read"), ("6/1/015", "cannot be read"),
    ],
)  # fmt: skip
def test_a_day_that_could_be_two_or_none_is_asked(text: str, words: str) -> None:
    with pytest.raises(CellError, match=words):
        day(text)


@pytest.mark.parametrize(("text", "year"), [("6/1/00", 2000), ("6/1/49", 2049), ("6/1/50", 1950), ("6/1/99", 1999)])
def test_two_digits_of_a_year_are_read_by_one_rule_and_said(text: str, year: int) -> None:
    reading = day(text)
    assert reading is not None
    assert (reading.day.year, "two digits" in reading.note) == (year, True)


@given(
    st.dates(date(1950, 1, 1), date(2049, 12, 31)),
    st.sampled_from(["%m/%d/%y", "%m/%d/%Y", "%d-%b-%y", "%Y%m%d", "%A, %B %d, %Y", "%d%b%Y"]),
)
def test_a_day_is_the_same_however_it_is_written(moment: date, form: str) -> None:
    reading = day(moment.strftime(form))
    assert reading is not None
    assert reading.day == moment


@pytest.mark.parametrize(
    "text",
    [
        "Naturalized",
        "Born US",
        "Y (native)",
        "USC",
        "US Citizen",
        "Yes - naturalized",
        "US-born",
        "Y, by birth",
        "Native",
    ],
)
def test_a_citizen_in_many_wordings(text: str) -> None:
    assert truth(text, CITIZEN, NOT_CITIZEN) is True


@pytest.mark.parametrize("text", ["LPR", "Permanent Resident", "No - LPR", "non-citizen", "N (green card)"])
def test_no_citizen_in_many_wordings(text: str) -> None:
    assert truth(text, CITIZEN, NOT_CITIZEN) is False


@pytest.mark.parametrize(
    "text",
    ["Y?", "Yes, pending naturalization", "Y/N", "dual", "Mexico", "Yes (expired)", "No, but applied", "perhaps"],
)
def test_a_citizenship_that_is_not_clear_is_asked(text: str) -> None:
    with pytest.raises(CellError):
        truth(text, CITIZEN, NOT_CITIZEN)


@pytest.mark.parametrize("text", ["In-service", "Completed 2019", "trained", "2019", "40 hrs", "Y", "Academy 2015"])
def test_trained_in_many_wordings(text: str) -> None:
    assert training(text) is True


@pytest.mark.parametrize("text", ["scheduled 3/2026", "2019?", "expired 2019", "in progress", "some"])
def test_a_training_that_is_not_clear_is_asked(text: str) -> None:
    with pytest.raises(CellError):
        training(text)


@pytest.mark.parametrize(
    ("text", "status", "on"),
    [
        ("Completed 2019", "completed", None), ("Initiated 1/2026", "pending", None), ("pending", "pending", None),
        ("Cleared 11/3/2025", "completed", date(2025, 11, 3)), ("In process", "pending", None),
        ("Favorable", "completed", None), ("Monday, June 1, 2015", "completed", JUNE),
        ("Passed - 6/1/15", "completed", JUNE),
        ("Yes (6/1/2015)", "completed", JUNE), ("not started", None, None), ("No", None, None), ("N/A", None, None),
    ],
)  # fmt: skip
def test_a_background_check_in_many_wordings(text: str, status: str | None, on: date | None) -> None:
    reading = background(text)
    assert (reading.status, reading.day) == (status, on)


@pytest.mark.parametrize(
    "text", ["DUI 2009", "see Lt. Orr", "completed?", "failed", "adjudicated unfavorably", "Done-ish"]
)
def test_a_background_check_that_says_more_is_asked_and_not_repeated(text: str) -> None:
    with pytest.raises(CellError):
        background(text)
    found = read_roster(f"Name,Background\nLee Ash,{text}\nSam Oak,Y\n".encode())
    assert text not in repr(found)
    assert [person.row for person in found.people if person.questions] == [2]


def test_pending_in_a_column_of_days_is_an_answer_and_a_month_is_asked() -> None:
    found = read_roster(b"Name,BGI Date Completed\nA Ash,11/3/2025\nB Bay,pending\nC Cay,Jan 2026\nD Day,Completed\n")
    assert [(n.background_investigation, n.background_completed_on) for n in found.nominees] == [
        ("completed", date(2025, 11, 3)), ("pending", None), (None, None), ("completed", None),
    ]  # fmt: skip
    assert [error.row for error in found.errors] == [4]


def test_two_columns_about_a_check_that_contradict_each_other_are_asked() -> None:
    found = read_roster(
        b"Name,Background,Background Date\nA Ash,Completed,pending\nB Bay,No,11/3/2025\nC Cay,Y,11/3/2025\n"
    )
    assert [error.row for error in found.errors] == [2, 3]
    assert len(found.nominees) == 3


@pytest.mark.parametrize(
    ("text", "models_read"),
    [
        ("TFM/WSO", ("TFM", "WSO")), ("Task Force & Jail", ("JEM", "TFM")), ("TFO", ("TFM",)), ("J.E.M.", ("JEM",)),
        ("Warrant Service Officer", ("WSO",)), ("287(g) TFM", ("TFM",)), ("TFM + WSO", ("TFM", "WSO")), ("n/a", ()),
        ("Jail Enforcement; Warrant Service", ("JEM", "WSO")), ("Model: JEM", ("JEM",)),
    ],
)  # fmt: skip
def test_models_in_many_wordings(text: str, models_read: tuple[str, ...]) -> None:
    assert models(text) == models_read


@pytest.mark.parametrize(
    "text", ["ALL", "JEM?", "Task Farce", "both", "287g", "TFM or WSO", "TF", "TFM (JEM)", "not TFM", "Jail Enforcment"]
)
def test_a_model_is_never_guessed(text: str) -> None:
    with pytest.raises(CellError):
        models(text)


def test_ten_odd_cells_drop_nobody() -> None:
    odd = ["a while", "10-15", "ALL", "Y?", "06/2015", "Task Farce", "13/13/2015", "DUI", "perhaps", "see file 3"]
    columns = [
        "Yrs of Svc",
        "Yrs of Svc",
        "Model",
        "US Citizen",
        "Hire Date",
        "Model",
        "Hire Date",
        "BI",
        "US Citizen",
        "BI",
    ]
    heads = ["Name", "Yrs of Svc", "Model", "US Citizen", "Hire Date", "BI"]
    good = ["7", "TFM", "Y", "6/1/2015", "Y"]
    rows = []
    for number in range(40):
        row = [f"Lee Ash {chr(65 + number % 26)}{'x' * (number // 26)}", *good]
        if number < len(odd):
            row[heads.index(columns[number])] = odd[number]
        rows.append(",".join(row))
    found = read_roster("\n".join([",".join(heads), *rows]).encode())
    assert (len(found.people), len(found.ready), len(found.errors)) == (40, 30, 10)
    for number, person in enumerate(found.people[:10]):
        (cell,) = person.questions
        assert (cell.heading, person.row) == (columns[number], number + 2)
        assert cell.text == ("" if cell.heading == "BI" else odd[number])
