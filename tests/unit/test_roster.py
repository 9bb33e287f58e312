"""Rosters as people make them: what is read, what is refused with an order, what is never kept."""

from __future__ import annotations

import csv
import io
import json
from datetime import date

import openpyxl
import openpyxl.utils.datetime
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from assistant.answers import MAX_TEXT, Answers, Nominee, from_document, to_document
from assistant.errors import SpreadsheetError
from assistant.roster import Roster, annotate, read_roster
from assistant.roster.headings import HEADINGS
from assistant.roster.names import NameReading, read_name

HEAD = "Name,Rank,Badge,Model,US citizen,Background,Hired"


def roster(*rows: str, head: str = HEAD) -> Roster:
    return read_roster("\n".join([head, *rows]).encode())


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


def test_a_row_becomes_a_nominee_of_the_answers_file() -> None:
    found = roster("Alex Nguyễn,Deputy,1412,TFM; WSO,Y,passed 11/3/2025,6/1/2018")
    document = found.to_document()
    assert {key: document[key] for key in ("nominees", "errors", "warnings", "set_aside")} == {
        "nominees": [
            {
                "full_name": "Alex Nguyễn",
                "rank": "Deputy",
                "badge_number": "1412",
                "models": ["TFM", "WSO"],
                "us_citizen": True,
                "background_investigation": "completed",
                "background_completed_on": "2025-11-03",
                "law_enforcement_since": "2018-06-01",
                "law_enforcement_years": None,
                "enforced_laws": None,
                "facility_security_trained": None,
                "enforced_inmate_rules": None,
                "inmate_rules_authority": None,
            }
        ],
        "errors": [],
        "warnings": [],
        "set_aside": [],
    }
    assert [column["taken_for"] for column in document["columns"]] == [
        "full_name", "rank", "badge_number", "models", "us_citizen", "background_investigation",
        "law_enforcement_since",
    ]  # fmt: skip
    assert all(column["sure"] for column in document["columns"])


@pytest.mark.parametrize(
    ("heading", "answer"),
    [
        ("Badge #", "badge_number"),
        ("SHIELD NO.", "badge_number"),
        ("Rank/Title", "rank"),
        ("Date of Hire (mm/dd/yyyy)", "law_enforcement_since"),
        ("Hire date", "law_enforcement_since"),
        ("HIRE DT", "law_enforcement_since"),
        ("LEO Yrs", "law_enforcement_years"),
        ("BI Complete", "background_investigation"),
        ("Has authority to enforce rules on inmates", "inmate_rules_authority"),
        ("Has enforced rules for jail inmates", "enforced_inmate_rules"),
        ("Trained in security of facilities", "facility_security_trained"),
        ("Enforces laws?", "enforced_laws"),
        ("Date swron", "law_enforcement_since"),
        ("Yrs of service", "law_enforcement_years"),
        ("Years of LE experience", "law_enforcement_years"),
        ("U.S. Citizen? (Y/N)", "us_citizen"),
        ("Citizenship", "us_citizen"),
        ("Backgroud investigation", "background_investigation"),
        ("Background Investigation Date", "background_completed_on"),
        ("287(g) Model", "models"),
        ("Support type", "models"),
        ("Knowledge of and have enforced laws and regulations", "enforced_laws"),
        ("Trained on maintaining the security of LEA facilities", "facility_security_trained"),
    ],
)
def test_columns_are_known_by_many_wordings(heading: str, answer: str) -> None:
    found = read_roster(sheet_of([[heading, "Officer name"], ["", "Alex"]]))
    assert [column.answer for column in found.columns] == [answer, "full_name"]


@given(st.permutations(list(HEADINGS.items())), st.sampled_from([str.upper, str.lower, str.title]))
def test_columns_come_in_any_order_and_case(headings: list[tuple[str, str]], case: object) -> None:
    assert callable(case)
    found = read_roster(sheet_of([[case(heading) for _, heading in headings]]))
    assert [column.answer for column in found.columns] == [name for name, _ in headings]


@pytest.mark.parametrize(
    ("heading", "words"),
    [
        ("SSN", "Social Security"),
        ("Soc. Sec. No.", "Social Security"),
        ("DOB", "birth"),
        ("Date of birth", "birth"),
        ("Birthdate (mm/dd/yyyy)", "birth"),
        ("Home address", "home addresses"),
        ("Address", "home addresses"),
        ("Disciplinary history", "checks"),
        ("Race", "does not ask"),
    ],
)
def test_what_is_never_kept_is_left_out_by_name(heading: str, words: str) -> None:
    found = read_roster(sheet_of([["Name", heading, "Rank"], ["Alex", "canary 1990", "Deputy"]]))
    (warning,) = found.warnings
    assert (warning.row, warning.column) == (None, heading)
    assert words in warning.message
    assert "left out" in warning.message
    assert "canary" not in json.dumps(found.to_document())


@pytest.mark.parametrize(
    "heading",
    [
        "Supervisor name",
        "Emergency contact",
        "Jail",
        "Home agency",
        "Email address",
        "Date of promotion",
        "Phone",
        "Notes",
    ],
)
def test_a_column_that_only_resembles_one_is_left_out_and_said(heading: str) -> None:
    found = read_roster(sheet_of([["Name", heading], ["Alex", "x"]]))
    assert [column.answer for column in found.columns] == ["full_name", None]
    assert [warning.column for warning in found.warnings] == [heading]


def test_models_ticked_in_columns_of_their_own() -> None:
    found = roster("Alex,x,,yes", "Sam,no,,", head="Name,TFM,Jail Enforcement Model,WSO")
    assert [nominee.models for nominee in found.nominees] == [("TFM", "WSO"), ()]


def test_an_odd_cell_is_asked_by_row_and_column_and_drops_nobody() -> None:
    found = roster("Alex,Deputy,1,TFM,Y,,", "Sam,Deputy,2,xyz,perhaps,,", ",Deputy,3,TFM,Y,,", "Dana,,4,,,,")
    assert [nominee.full_name for nominee in found.nominees] == ["Alex", "Sam", None, "Dana"]
    assert found.nominees[1:3] == (
        Nominee(full_name="Sam", rank="Deputy", badge_number="2"),
        Nominee(rank="Deputy", badge_number="3", models=("TFM",), us_citizen=True),
    )
    assert [person.row for person in found.ready] == [2, 5]
    sam = found.people[1]
    assert [(cell.column, cell.field, cell.text, cell.value, cell.is_question) for cell in sam.cells] == [
        (3, "models", "xyz", "", True), (4, "us_citizen", "perhaps", "", True),
    ]  # fmt: skip
    assert [(error.row, error.column) for error in found.errors] == [(3, "Model"), (3, "US citizen"), (4, "Name")]
    assert not any("xyz" in error.message or "perhaps" in error.message for error in found.errors)


def test_titles_may_stand_above_and_rows_count_as_in_the_sheet() -> None:
    found = read_roster(b"Nominees of Example County\n\n,Name,Badge\n,Alex,1\n,,2\n")
    assert found.headings_row == 3
    assert [person.row for person in found.ready] == [4]
    assert [row.row for row in found.set_aside] == [5]


def test_names_from_parts_and_turned_round() -> None:
    found = roster("Alex,Q.,Nguyễn,Jr.", "Sam,,O’Brien,", head="First name,MI,Last name,Suffix")
    assert [nominee.full_name for nominee in found.nominees] == ["Alex Q. Nguyễn Jr.", "Sam O’Brien"]
    found = roster('"Nguyễn, Alex"', '"Sam O’Brien, Jr."', "Null", head="Name")
    assert [nominee.full_name for nominee in found.nominees] == ["Alex Nguyễn", "Sam O’Brien, Jr.", "Null"]
    assert [warning.row for warning in found.warnings] == [2]


@pytest.mark.parametrize("number", ["123-45-6789", "123 45 6789", "123456789", "912-45-6789"])
def test_social_security_numbers_are_refused_wherever_they_stand(number: str) -> None:
    found = roster(f"Alex,,{number},,,,", "Sam,,7,,,,", "Dana,,8,,,,")
    assert [(error.row, error.column) for error in found.errors] == [(2, "Badge")]
    assert number not in json.dumps(found.to_document())


def test_a_column_full_of_them_is_left_out_whole() -> None:
    found = roster("Alex,,123-45-6789,,,,", "Sam,,123-45-6780,,,,")
    assert [nominee.badge_number for nominee in found.nominees] == [None, None]
    assert [(warning.column, "left out" in warning.message) for warning in found.warnings] == [("Badge", True)]


@pytest.mark.parametrize("text", ["=1+1", "=HYPERLINK(0)", "+1", "-x", "@sum", '"\tAlex"'])
def test_text_that_begins_like_a_formula_is_refused(text: str) -> None:
    (error,) = roster(f"{text},Deputy,1,,,,").errors
    assert (error.row, error.column) == (2, "Name")
    assert "formula" in error.message


def test_a_formula_without_a_result_is_told() -> None:
    found = read_roster(sheet_of([["Name", "Badge"], ["Alex", "=1+1"]]))
    assert [(error.row, error.column) for error in found.errors] == [(2, "Badge")]


def test_twins_are_pointed_out_and_kept() -> None:
    found = roster("Alex Nguyễn,,1,,,,", "ALEX  NGUYEN,,2,,,,", "Sam,,1,,,,")
    assert len(found.nominees) == 3
    assert [(warning.row, warning.column) for warning in found.warnings] == [(3, "Name"), (4, "Badge")]


def test_a_name_with_figures_is_kept_and_pointed_out() -> None:
    found = roster("Alex,,1,,,,", "Sam 2nite Ash,,2,,,,")
    assert [(warning.row, warning.column) for warning in found.warnings] == [(3, "Name")]


def test_hidden_rows_other_sheets_and_totals_are_said() -> None:
    data = sheet_of([["Name", "Badge"], ["Alex", 1], ["Sam", 2], ["Total", 2]], Old=[["Name", "Badge"], ["Dana", 3]])
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert book.active is not None
    book.active.row_dimensions[3].hidden = True
    kept = io.BytesIO()
    book.save(kept)
    found = read_roster(kept.getvalue())
    assert [nominee.full_name for nominee in found.nominees] == ["Alex", "Sam"]
    assert [(warning.row, warning.message.split()[1]) for warning in found.warnings] == [
        (None, "sheet"),
        (3, "is"),
        (4, "row"),
    ]


@pytest.mark.parametrize("data", [b"a,b\n1,2\n", b"Rank,Badge\nDeputy,1\n", b"\n\n,\n"])
def test_a_file_without_names_is_no_roster(data: bytes) -> None:
    with pytest.raises(SpreadsheetError):
        read_roster(data)


def test_more_nominees_than_an_application_holds_are_refused() -> None:
    with pytest.raises(SpreadsheetError, match="5,000"):
        read_roster(b"Name\n" + b"Alex\n" * 5_001)


CELL = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        ["yes", "TFM", "6/1/2018", "completed", "pending 1/1/2020", "=x", "123-45-6789", "a\x07", "\ud83d"]
    ),
    st.text("0123456789/-. ,ayrmosTFWx", max_size=14),
)


@settings(max_examples=40)
@given(st.lists(st.lists(CELL, min_size=13, max_size=13), max_size=6))
def test_whatever_stands_in_the_cells_what_is_kept_is_an_answer(rows: list[list[str]]) -> None:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows([list(HEADINGS.values()), *rows])
    data = out.getvalue().replace("\0", " ").encode("utf-8", "replace")
    found = read_roster(data)
    document = {"format": "moa-application/1", "nominees": found.to_document()["nominees"]}
    assert from_document(document).nominees == found.nominees
    assert {error.row for error in found.errors} == {person.row for person in found.people if person.questions}
    # A row whose only fault was a Social Security number comes back without it, and is then good.
    assert {person.nominee for person in found.ready} <= set(read_roster(annotate(data, found)).nominees)


TEXTS = st.text(st.characters(categories=["L", "M"]), min_size=1, max_size=20).filter(lambda t: t.split() == [t])
TRUTHS = st.sampled_from([True, False, None])
NOMINEES = st.builds(
    Nominee,
    # A name that holds a rank, or is a word for a vacancy, is read otherwise on purpose.
    full_name=st.builds("{} {}".format, TEXTS, TEXTS).filter(
        lambda t: any(c.isalpha() for c in t) and read_name(t) == NameReading(name=t)
    ),
    rank=TEXTS.filter(
        lambda t: t.casefold() not in {"na", "null", "nil", "none", "tbd", "unknown"} and len(t) < MAX_TEXT
    ),
    badge_number=st.integers(1, 99_999).map(str),
    models=st.sampled_from([(), ("TFM",), ("JEM", "WSO"), ("TTFM",)]),
    us_citizen=TRUTHS,
    background_investigation=st.sampled_from(["pending", None]),
    law_enforcement_since=st.one_of(st.none(), st.dates(date(1950, 1, 1), date(2026, 1, 1))),
    law_enforcement_years=st.one_of(st.none(), st.integers(0, 60)),
    enforced_laws=TRUTHS,
    facility_security_trained=TRUTHS,
    enforced_inmate_rules=TRUTHS,
    inmate_rules_authority=TRUTHS,
)


@given(st.lists(NOMINEES, min_size=1, max_size=4))
def test_nominees_written_under_our_headings_read_the_same(nominees: list[Nominee]) -> None:
    rows: list[list[object]] = [list(HEADINGS.values())]
    rows += [
        [", ".join(value) if isinstance(value, list) else value for value in document.values()]
        for document in to_document(Answers(nominees=tuple(nominees)))["nominees"]
    ]
    found = read_roster(sheet_of(rows))
    assume(not found.set_aside)
    assert found.errors == ()
    assert found.nominees == tuple(nominees)
