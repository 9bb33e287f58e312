"""Which column is which: by the heading, by what stands under it, and by the better of two."""

from __future__ import annotations

import itertools
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.roster import Roster, read_roster
from assistant.roster.assignment import assign
from assistant.roster.columns import columns_of

if TYPE_CHECKING:
    from pathlib import Path


def read(head: str, *rows: str) -> Roster:
    return read_roster("\n".join([head, *rows]).encode())


def answers_of(found: Roster) -> dict[str, str | None]:
    return {column.heading: column.answer for column in found.columns}


@pytest.mark.parametrize(
    "heading",
    [
        "Rehire Date", "Re-hire date", "REHIRE_DT", "Recertification Date", "Decertification date", "Retirement date",
        "Termination Date", "Last hire date", "Adjusted service date", "Promotion date",
    ],
)  # fmt: skip
@pytest.mark.parametrize("first", [True, False])
def test_another_day_is_not_the_first_in_service(heading: str, *, first: bool) -> None:
    """It stands before or behind the right one, and never takes its place."""
    head = f"Name,{heading},Hire Date" if first else f"Name,Hire Date,{heading}"
    row = "Lee Ash,6/1/2025,1/5/2005" if first else "Lee Ash,1/5/2005,6/1/2025"
    found = read(head, row)
    assert answers_of(found)[heading] is None
    assert found.nominees[0].law_enforcement_since == date(2005, 1, 5)


@pytest.mark.parametrize(
    "heading", ["Hire Date", "Original Hire Date", "ORIG_HIRE_DT", "Service Date", "Svc Date", "Appointed", "Oath Date"]
)
def test_the_first_day_is_known_by_many_headings(heading: str) -> None:
    found = read(f"Name,{heading}", "Lee Ash,1/5/2005")
    assert found.nominees[0].law_enforcement_since == date(2005, 1, 5)


@pytest.mark.parametrize("grades", [("723", "723"), ("12", "")])
def test_a_pay_grade_is_no_rank(grades: tuple[str, str]) -> None:
    found = read("Name,Grade,Job Title", *(f"Lee Ash {n},{grade},Deputy" for n, grade in enumerate(grades)))
    assert answers_of(found)["Grade"] is None
    assert [nominee.rank for nominee in found.nominees] == ["Deputy", "Deputy"]


def test_a_grade_of_words_is_a_rank_where_nothing_better_stands_beside_it() -> None:
    assert read("Name,Grade", "Lee Ash,Sergeant").nominees[0].rank == "Sergeant"
    found = read("Name,Grade,Rank", "Lee Ash,Grade A,Sergeant")
    assert found.nominees[0].rank == "Sergeant"
    assert any("“Rank” says it better" in warning.message for warning in found.warnings)


@pytest.mark.parametrize(
    ("heading", "cells"),
    [
        ("Sworn (Y/N)", ("Y", "N")),
        ("Sworn", ("yes", "no")),
        ("2+ Years Experience", ("Yes", "Yes")),
        ("Years of service", ("Y", "")),
    ],
)
def test_a_column_of_yes_and_no_is_no_day_and_refuses_nobody(heading: str, cells: tuple[str, str]) -> None:
    found = read(f"Name,{heading}", *(f"Lee Ash {n},{cell}" for n, cell in enumerate(cells)))
    assert answers_of(found)[heading] is None
    assert (len(found.nominees), found.errors) == (2, ())
    assert any("yes or no" in warning.message for warning in found.warnings)


@pytest.mark.parametrize(
    ("heading", "cell", "years"),
    [("Years of service", "1", 1), ("2+ Years Experience", "14", 14), ("Yrs of Svc", "3", 3), ("Yrs Exp", "0", 0)],
)
def test_numbers_stay_years_although_one_and_nought_can_mean_yes_and_no(heading: str, cell: str, years: int) -> None:
    assert read(f"Name,{heading}", f"Lee Ash,{cell}").nominees[0].law_enforcement_years == years


def test_one_odd_cell_does_not_make_a_column_of_days_another() -> None:
    found = read("Name,Sworn", "Lee Ash,yes", "Sam Oak,1/5/2005")
    assert answers_of(found)["Sworn"] == "law_enforcement_since"
    assert [error.row for error in found.errors] == [2]


def test_what_a_person_chose_wins() -> None:
    rows = [["Lee Ash", "6/1/2025"]]
    (_, column) = columns_of(["Name", "Rehire Date"], {1: "law_enforcement_since"}, rows)
    assert column.answer == "law_enforcement_since"


@pytest.mark.parametrize(("cell", "rank"), [("nil", None), ("N/A", None), ("Nĩl", "Nĩl"), ("NÒNE", "NÒNE")])
def test_a_stand_in_for_nothing_has_no_accents(cell: str, rank: str | None) -> None:
    assert read("Name,Rank", f"Lee Ash,{cell}").nominees[0].rank == rank


TRIED = {
    "full_name": "Worker|Employee|Member|Member Name|Staff Name|Last, First|Name (Last, First)|Name (Last, First, MI)",
    "first_name": "Officer First Name|Nominee First Name|EMP_FIRST_NM|FirstName|Legal First Name",
    "last_name": "Officer Last Name|Nominee Last Name|EMP_LAST_NM|LastName|Surname",
    "middle_name": "M|MI|Middle|M.I.|Mid Init",
    "rank": "JOB_TITLE_DESC|Position|Title|Rank|Rank/Title|Position Title|RANK_DESC|Job Class|Classification",
    "badge_number": "EMPLID|Badge/ID|Badge or ID #|Unit #|PID|ID|Employee No.|PIN|BADGE_NBR|Emp #|Call Sign",
    "models": "287(g) Model|Model(s)|Program Type|MOA Model|Nominated for (TFM/WSO/JEM)",
    "us_citizen": "USC|US Cit|USC (Y/N)|Citizen (Y/N)|U.S. Citizen?|Citizenship Status|US_CIT_FLG",
    "background_investigation": "BGI|BI Completed?|Background Cleared|Background Inv. Complete (Y/N)|BKGD_INV_STATUS",
    "background_completed_on": "BI Date|Date of last background|BGI Date Completed|BKGD_INV_CMPL_DT",
    "law_enforcement_since": "Appointed|Service Date|Svc Date|Year Hired|Hire Yr|Original Hire Date|ORIG_HIRE_DT"
    "|LE Since|POST Cert Date|POST Cert. Date|Cert Date|Date Certified|Date Sworn|Sworn Date|Oath Date|DOE"
    "|EOD|Entry on Duty"
    "|Start Dt|HireDate|HIRE DT",
    "law_enforcement_years": "Yrs of Svc|Yrs Svc|Years LE Exp|Years Sworn|Total LEO Yrs|Yrs Exp|Exp (yrs)|Tenure"
    "|Length of Employment|LE Exp|YEARS_LE_EXP",
    "facility_security_trained": "Jail security training|Facility security",
    "model:TFM": "TFO|TFM?|TFM", "model:WSO": "WSO",
}  # fmt: skip
CELLS = {
    "full_name": ("Ash, Lee", "Oak, Sam"), "first_name": ("Lee", "Sam"), "last_name": ("Ash", "Oak"),
    "middle_name": ("Q", "R"), "rank": ("Deputy", "Sergeant"), "badge_number": ("1412", "1413"),
    "models": ("TFM", "WSO; JEM"), "us_citizen": ("Y", "N"), "background_investigation": ("Y", "pending"),
    "background_completed_on": ("11/3/2025", "pending"), "law_enforcement_since": ("6/1/2018", "5/2/2016"),
    "law_enforcement_years": ("7", "9.5"), "facility_security_trained": ("Y", "In-service"),
    "model:TFM": ("X", ""), "model:WSO": ("Y", "N"),
}  # fmt: skip
NOTHING = (
    "2+ Years Experience|2 yrs LE exp?|At least 2 years LEO?|Min 2 yrs|Two years experience (Y/N)|Sworn (Y/N)"
    "|Task Force|Jail"
    "|Seniority Date|Academy Date|Assignment|Shift|Division|E-mail|Work Email|Phone|Cell|Pay Grade|Grade"
    "|LEOSA|Rehire Date"
    "|Position Start Date|Time in Rank|Supervisor Name|Supervisory Organization|Job Grade Step|Cert Expiration|Age"
)
OTHER_CELLS = {
    "Task Force": ("HIDTA", ""), "Jail": ("x", ""), "Seniority Date": ("6/1/2018", "5/2/2016"), "Grade": ("723", "12"),
    "Academy Date": ("6/1/2018", "5/2/2016"), "Assignment": ("Patrol", "Jail"), "Shift": ("A", "B"),
    "Division": ("Patrol", "Courts"), "E-mail": ("a@example.gov", ""), "Work Email": ("a@example.gov", ""),
    "Phone": ("555-010-0100", ""), "Cell": ("555-010-0100", ""), "Pay Grade": ("723", "12"), "LEOSA": ("5/1/2027", ""),
    "Rehire Date": ("6/1/2018", ""), "Position Start Date": ("6/1/2018", ""), "Time in Rank": ("3 years", "2"),
    "Supervisor Name": ("Kay Orr", "Kay Orr"), "Supervisory Organization": ("Police - Patrol", ""),
    "Job Grade Step": ("7", "8"), "Cert Expiration": ("5/1/2027", ""), "Age": ("33", "44"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "heading"), [(answer, heading) for answer, text in TRIED.items() for heading in text.split("|")]
)
def test_headings_that_people_use_are_known_beside_a_name(answer: str, heading: str) -> None:
    head = [heading] if answer == "full_name" else ["Nominee", heading]
    if answer in {"first_name", "last_name"}:
        head = ["Surname" if answer == "first_name" else "Given Name", heading]
    below = [[f"Jo Elm{'ab'[n]}", cell] if len(head) > 1 else [cell] for n, cell in enumerate(CELLS[answer])]
    columns = columns_of(head, below=below)
    assert columns[-1].answer == answer


@pytest.mark.parametrize("heading", NOTHING.split("|"))
def test_headings_of_other_things_are_left_out(heading: str) -> None:
    cells = OTHER_CELLS.get(heading, ("Y", "N"))
    columns = columns_of(["Nominee", heading], below=[["Lee Ash", cells[0]], ["Sam Oak", cells[1]]])
    assert columns[1].answer is None


def test_every_heading_of_the_shared_list_is_known_or_left_out_with_a_reason(shared: Path) -> None:
    headings = (shared / "cases" / "rosters" / "headings-tried.txt").read_text("utf-8").splitlines()
    unknown = [
        heading
        for heading in headings
        if heading and not columns_of([heading])[0].answer and not columns_of([heading])[0].alternatives
        and heading not in NOTHING.split("|")
    ]  # fmt: skip
    assert unknown == []


@pytest.mark.parametrize(
    ("one", "other", "winner"),
    [
        ("Hire Date", "Original Hire Date", "Original Hire Date"),
        ("Hire Date", "Sworn Date", "Sworn Date"),
        ("Continuous Service Date", "ORIG_HIRE_DT", "ORIG_HIRE_DT"),
        ("LE Since", "Date of Hire", "LE Since"),
        ("Hire Date", "Service Date", None),
        ("Start Date", "Date of Appointment", None),
        ("Hire Date", "POST Cert Date", None),
    ],
)
@pytest.mark.parametrize("turned", [True, False])
def test_of_two_days_the_better_is_taken_and_equal_ones_are_asked(
    one: str, other: str, winner: str | None, *, turned: bool
) -> None:
    first, second = (other, one) if turned else (one, other)
    found = read(f"Name,{first},{second}", "Lee Ash,6/1/2018,5/2/2016", "Sam Oak,6/1/2017,5/2/2015")
    taken = [column.heading for column in found.columns if column.answer == "law_enforcement_since"]
    assert taken == ([winner] if winner else [])
    if winner is None:
        assert [column.alternatives for column in found.columns[1:]] == [("law_enforcement_since",)] * 2
        assert all("Choose the right one" in (column.why or "") for column in found.columns[1:])
        assert not any(column.is_sure for column in found.columns[1:])


def test_two_columns_that_say_the_same_need_no_question() -> None:
    found = read("Name,Hire Date,Service Date", "Lee Ash,6/1/2018,6/1/2018", "Sam Oak,5/2/2016,")
    assert answers_of(found) == {"Name": "full_name", "Hire Date": "law_enforcement_since", "Service Date": None}


def test_what_stands_in_a_column_decides_between_two_meanings_of_its_heading() -> None:
    found = read("Employee,Name", "1412,Lee Ash", "1413,Sam Oak")
    assert answers_of(found) == {"Employee": "badge_number", "Name": "full_name"}
    assert answers_of(read("Employee,Badge", "Lee Ash,1412", "Sam Oak,1413"))["Employee"] == "full_name"


def test_a_column_of_names_or_models_under_an_unknown_heading_is_taken_and_not_sure() -> None:
    found = read("Roster 2026,Badge,What", "Lee Ash,1,TFM", "Sam Oak,2,WSO")
    assert [(column.answer, column.is_sure) for column in found.columns] == [
        ("full_name", False), ("badge_number", True), ("models", False),
    ]  # fmt: skip


def test_the_best_sum_wins_over_the_first_best() -> None:
    assert assign([[0.9, 0.8], [0.8, 0.1]]) == [1, 0]
    assert assign([[0.9, 0.0, 0.3], [0.8, 0.0, 0.0]]) == [2, 0]
    assert assign([[0.5, 0.4], [0.0, 0.0]]) == [0, None]
    assert assign([]) == []


@given(st.lists(st.lists(st.floats(0, 1), min_size=4, max_size=4), min_size=1, max_size=4))
def test_the_assignment_is_the_best_of_all(gains: list[list[float]]) -> None:
    places = assign(gains)
    assert len({place for place in places if place is not None}) == sum(place is not None for place in places)
    total = sum(gains[row][place] for row, place in enumerate(places) if place is not None)
    best = max(
        sum(gains[row][place] for row, place in enumerate(order[: len(gains)]))
        for order in itertools.permutations(range(4))
    )
    assert total == pytest.approx(best)
