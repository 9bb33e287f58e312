"""Drawn rosters are read as well as the figures say, and headings of HR exports are known together."""

from __future__ import annotations

import pytest

from assistant.roster.columns import columns_of
from tests.unit.made_roster_files import make_roster
from tests.unit.measure_rosters import Score, measure

EXPORTS = (
    # (headings, one row, what each column is), as HR programs and record requests write them.
    (
        "LAST_NME|FIRST_NME|MIDDLE_INITIAL|SEX_CODE_CD|DOBYEAR|CURRAGE|STATUS_I|APPOINTED_DATE|DESCR|RESIGNATION_DATE",
        "ASH|LEE|Q|M|1980|45|Y|1/5/2005|POLICE OFFICER|",
        "last_name|first_name|middle_name|||||law_enforcement_since|rank|",
    ),
    (
        "LAST NAME|FIRST NAME|STAR/BADGE|DATE OF APPOINTMENT|GENDER|SESSION END DATE",
        "ASH|LEE|1412|1/5/2005|M|1/5/2015",
        "last_name|first_name|badge_number|law_enforcement_since||",
    ),
    (
        "PersonnelNumber|LastName|FirstName|JobTitle|OrigHireDate|RehireDate|ServiceDate|BadgeNum|UnitDesc",
        "1|Ash|Lee|Deputy|1/5/2005||1/5/2005|1412|Patrol",
        "|last_name|first_name|rank|law_enforcement_since|||badge_number|",
    ),
    (
        "Ee Id|Ee Full Name|Position|Position Eff Date|Orig Hire Dt|Yrs Svc|Org Unit",
        "1412|Ash, Lee|Deputy|1/1/2020|1/5/2005|21.2|Patrol",
        "badge_number|full_name|rank||law_enforcement_since|law_enforcement_years|",
    ),
    (
        (
            "Deputy First Name|Deputy Last Name|Agency Badge Number|Agency Hire Date|Total Years of LE Experience"
            "|Is the officer a US citizen?|Date of last BI"
        ),
        "Lee|Ash|1412|1/5/2005|21|Yes|1/5/2022",
        "first_name|last_name|badge_number|law_enforcement_since|law_enforcement_years|us_citizen|background_completed_on",
    ),
    (
        "NAME (LAST, FIRST MI)|TITLE|DATE OF HIRE|LE EXPERIENCE (YRS)|U.S. CITIZEN (Y/N)|287(G) PROGRAM (TFM/JEM/WSO)",
        "Ash, Lee Q|Deputy|1/5/2005|21|Y|TFM",
        "full_name|rank|law_enforcement_since|law_enforcement_years|us_citizen|models",
    ),
)


@pytest.mark.parametrize(("headings", "cells", "answers"), EXPORTS)
def test_the_columns_of_an_export_are_known_together(headings: str, cells: str, answers: str) -> None:
    row = cells.split("|")
    columns = columns_of(headings.split("|"), below=[row, row])
    assert [column.answer or "" for column in columns] == answers.split("|")


def test_drawn_rosters_are_read_without_a_wrong_value_that_nobody_is_told() -> None:
    score = Score()
    for seed in range(40):
        measure(seed, score)
    assert (score.silent, score.health) == (0, 0), score.notes
    assert score.share("columns") >= 99, score.notes
    assert score.share("people") >= 99.5, score.notes
    assert score.share("values") >= 99, score.notes


def test_the_same_seed_draws_the_same_roster() -> None:
    (one, truth), (other, same) = make_roster(7), make_roster(7)
    assert truth == same
    assert one == other or one.startswith(b"PK"), "a workbook holds the time it was made"
    assert make_roster(8)[1] != truth
