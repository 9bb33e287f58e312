"""What the rules about finished agreements take for the same name, a chief's title, a mark of a review, a ZIP Code."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.pdf.viewer.marks import PageMark
from assistant.rules.agreement import check_agreement
from assistant.rules.agreement.answers_rules import _same_agency, is_chief
from tests.unit.test_finished_rules import CONTACT, TODAY, codes, document, found

# The first digits that a ZIP Code may have in each State (USPS, ZIP Code areas).
FIRST_OF = {
    "AK": "9", "AL": "3", "AR": "7", "AZ": "8", "CA": "9", "CO": "8", "CT": "0", "DC": "25", "DE": "1",
    "FL": "3", "GA": "3", "GU": "9", "HI": "9", "IA": "5", "ID": "8", "IL": "6", "IN": "4", "KS": "6", "KY": "4",
    "LA": "7", "MA": "0", "MD": "2", "ME": "0", "MI": "4", "MN": "5", "MO": "6", "MP": "9", "MS": "3", "MT": "5",
    "NC": "2", "ND": "5", "NE": "6", "NH": "0", "NJ": "0", "NM": "8", "NV": "8", "NY": "01", "OH": "4", "OK": "7",
    "OR": "9", "PA": "1", "PR": "0", "RI": "0", "SC": "2", "SD": "5", "TN": "3", "TX": "78", "UT": "8", "VA": "2",
    "VI": "0", "VT": "0", "WA": "9", "WI": "5", "WV": "2", "WY": "8",
}  # fmt: skip


@pytest.mark.parametrize(("state", "digits"), FIRST_OF.items())
def test_a_zip_code_begins_as_its_states_do(state: str, digits: str) -> None:
    unplaced = [found("agency", "Example Sheriff’s Office"), found("represents", "the people of Example")]
    for first in "0123456789":
        line = f"100 Main Street, Example City, {state} {first}0301"
        told = codes(*unplaced, found("contact", *CONTACT[:3], line))
        assert ("other-agency-data" in told) is (first not in digits)


@pytest.mark.parametrize("kind", ["Text", "Highlight", "Underline", "Squiggly", "StrikeOut", "Caret"])
def test_each_mark_of_a_review_is_told(kind: str) -> None:
    both = (PageMark(kind="Link", rect=(0, 0, 9, 9)), PageMark(kind=kind, rect=(0, 0, 9, 9)))
    assert codes(marks={3: both}) == {"review-marks-left": "warning"}
    assert codes(marks={3: both[:1]}) == {}


@pytest.mark.parametrize(
    ("name", "represents", "same"),
    [
        ("Pine County Sheriff’s Office", "Pine County Sheriffs Office", True),
        ("Pine County Sheriff’s Office", "Pine County Shcriffs Offlce", True),
        ("Pine County Sheriff’s Office", "Sheriff’s Office", True),
        ("Pine County Sheriff’s Office", "Pine County", False),
        ("Pine County Sheriff’s Office", "PCSO", True),
        ("Office of the Sheriff and Jail", "OSJ", True),
        ("Pine Police", "PP", False),
        ("Pine County Sheriff’s Office", "Pine County, Georgia", False),
        ("Pine County Sheriff’s Office", "Maple County", False),
    ],
)
def test_whether_the_agency_stands_for_itself(name: str, represents: str, same: bool) -> None:  # noqa: FBT001
    assert _same_agency(name, represents) is same


@pytest.mark.parametrize(
    ("title", "kind", "agency", "chief"),
    [
        ("Sheriff", "county", "", True),
        ("The Honorable Sheriff", "county", "", True),
        ("Sheriff The Honorable Jordan Tester", "county", "", True),
        ("Undersheriff", "county", "", None),
        ("Chief Deputy", "county", "", None),
        ("Assistant Chief", "municipality", "", None),
        ("Chief of Police", "municipality", "", True),
        ("Captain", "county", "", None),
        ("Jordan Tester", "county", "", True),
        ("Constable", "county", "Constable of Pine County, Precinct 4", True),
        ("Commissioner", "state", "Department of the Commissioner", True),
        ("", None, "", True),
    ],
)
def test_whose_title_is_the_chiefs(title: str, kind: str | None, agency: str, chief: bool | None) -> None:  # noqa: FBT001
    assert is_chief(title, kind, agency) is chief


def test_each_finding_about_answers_stands_at_its_blank() -> None:
    def where(code: str, *changed: object) -> list[str]:
        said = check_agreement(document(*changed), today=TODAY).findings  # type: ignore[arg-type]
        return [finding.where for finding in said if finding.code == code]

    assert where("typo", found("lea_title", "Sherriff")) == ["p. 9, title, under “For the LEA”"]
    # A program that recognizes letters doubles none, but it takes one for another.
    assert where("typo", found("lea_title", "Sherriff", source="recognised")) == ["p. 9, title, under “For the LEA”"]
    assert where("typo", found("lea_title", "Sherjff", source="recognised")) == []
    assert where("party-not-lea", found("agency", "City of Example")) == [f"p. 9, {found('agency').label}"]
    assert where("represents-person", found("represents", "Sheriff Jordan Tester")) == [
        f"p. 9, {found('represents').label}"
    ]
    assert where("signer-not-chief", found("lea_title", "County Manager")) == ["p. 9, title, under “For the LEA”"]
    assert where("poc-a-no-contact", found("contact", "Sam Sample", "Captain")) == [f"p. 9, {found('contact').label}"]
    assert where(
        "abbrev-undefined", found("agency", "Pine County Sheriff’s Office"), found("agency_again", "PCSO")
    ) == [f"p. 9, {found('agency_again').label}"]


@pytest.mark.parametrize("line", ["sam@pcso", "555-01", "40455"])
def test_a_recognised_line_that_may_be_a_number_or_an_address_is_believed(line: str) -> None:
    assert "pubinfo-no-contact" not in codes(found("public", "Dana Example", line, source="recognised"))
    street = found("public", "Dana Example", "100 Main Street, Example City, GA 30301", source="recognised")
    assert codes(street)["pubinfo-no-contact"] == "warning"
    assert "pubinfo-no-contact" in codes(found("public", "Dana Example", "4045", source="recognised"))


def test_a_page_that_was_scanned_badly_may_be_the_missing_one() -> None:
    pages = document().pages
    scanned = [replace(page, scanned=True, likeness=0.9) for page in pages[:-1]]
    assert codes(pages=tuple(scanned), missing=(14,)) == {"pages-missing": "blocker"}
    poor = (*scanned[:5], replace(scanned[5], likeness=0.5), *scanned[6:])
    assert codes(pages=poor, missing=(14,)) == {}
    assert codes(pages=(*scanned[:5], replace(scanned[5], likeness=0.6), *scanned[6:]), missing=(14,)) == {
        "pages-missing": "blocker"
    }
