"""Which column is which: by the heading, by what stands under it, and by the better of two."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.roster import Roster, read_roster


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
    from assistant.roster.columns import columns_of  # noqa: PLC0415

    rows = [["Lee Ash", "6/1/2025"]]
    (_, column) = columns_of(["Name", "Rehire Date"], {1: "law_enforcement_since"}, rows)
    assert column.answer == "law_enforcement_since"


@pytest.mark.parametrize(("cell", "rank"), [("nil", None), ("N/A", None), ("Nĩl", "Nĩl"), ("NÒNE", "NÒNE")])
def test_a_stand_in_for_nothing_has_no_accents(cell: str, rank: str | None) -> None:
    assert read("Name,Rank", f"Lee Ash,{cell}").nominees[0].rank == rank
