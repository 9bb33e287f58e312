"""Findings about many nominees in the same words: one text, and everybody whom it concerns by name."""

from __future__ import annotations

import io
import json
import re
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answers import Nominee, parse
from assistant.documents.blocks import Checks
from assistant.documents.checklist import checklist_pdf, compose_checklist
from assistant.documents.fonts import faces
from assistant.documents.setting import _rows_of_people
from assistant.pdf.viewer.read_back import DrawnPages, joined
from assistant.rules import Case, Finding, check
from assistant.rules.groups import MAX_SINGLE_FINDINGS, group_findings
from tests.unit.conftest import READY, TODAY

if TYPE_CHECKING:
    from assistant.answers import Answers
    from assistant.documents.blocks import Check

SAME = "Say whether each of these nominees is a citizen of the United States."


def answers_with(*people: Nominee) -> Answers:
    return replace(parse(READY), nominees=people)


def person(number: int, **known: Any) -> Nominee:
    return replace(Nominee(full_name=f"Officer Number{number}", badge_number=str(number), models=("TFM",)), **known)


def lines_of(answers: Answers) -> list[Check]:
    composed = compose_checklist(answers, check(Case(answers=answers, today=TODAY)), today=TODAY, draft=True)
    return [line for block in composed.blocks if isinstance(block, Checks) for line in block.checks]


def finding(number: int, code: str, place: int, message: str) -> Finding:
    return Finding(
        code=code,
        severity="blocker",
        where=f"nominees.{place}.us_citizen" if place >= 0 else "models",
        message=f"{message} {number}",
        source="a source",
        group_message=message if place >= 0 else "",
    )


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(-1, 9), st.sampled_from(["x", "y", ""]))))
def test_no_finding_is_lost_none_stands_twice_and_each_stands_where_its_group_begins(
    drawn: list[tuple[str, int, str]],
) -> None:
    findings = [finding(number, *one) for number, one in enumerate(drawn)]
    groups = group_findings(findings)
    assert Counter(one.message for group in groups for one in group.findings) == Counter(f.message for f in findings)
    order = [findings.index(group.first) for group in groups]
    assert order == sorted(order)
    for group in groups:
        assert len(group.findings) == 1 or len(group.findings) > MAX_SINGLE_FINDINGS
        assert len({(one.code, one.group_message) for one in group.findings}) == 1
        assert len(group.nominees) in {0, len(group.findings)}


def test_many_nominees_with_the_same_problem_are_one_line_that_names_each() -> None:
    (line,) = [one for one in lines_of(answers_with(*map(person, range(6)))) if one.text == SAME]
    assert line.about_people == "All 6 nominees:"
    assert line.people == tuple(f"{n + 1}  Officer Number{n}" for n in range(6))
    assert line.detail == "Where: U.S. citizenship"


def test_a_few_have_a_line_each() -> None:
    found = [
        one
        for one in lines_of(answers_with(*map(person, range(MAX_SINGLE_FINDINGS))))
        if "a citizen of the" in one.text
    ]
    assert [one.text for one in found] == [
        f"Say whether Officer Number{n} is a citizen of the United States." for n in range(MAX_SINGLE_FINDINGS)
    ]
    assert {one.people for one in found} == {()}


@pytest.mark.parametrize(
    ("asked", "start"),
    [({3, 4, 5, 6, 7}, "Nominees 4 to 8:"), ({0, 2, 4, 6, 8}, "5 nominees, with their")],
)
def test_the_numbers_are_rows_of_the_roster(asked: set[int], start: str) -> None:
    people = [person(n, us_citizen=None if n in asked else True) for n in range(9)]
    (line,) = [one for one in lines_of(answers_with(*people)) if one.text == SAME]
    assert line.about_people.startswith(start)
    assert line.people == tuple(f"{n + 1}  Officer Number{n}" for n in sorted(asked))


def test_a_nominee_without_a_name_is_among_them_by_number() -> None:
    people = [person(n, full_name=None if n == 2 else f"Officer Number{n}") for n in range(5)]
    (line,) = [one for one in lines_of(answers_with(*people)) if one.text == SAME]
    assert line.people[2] == "3  [name: not given]"


def test_a_long_name_takes_more_columns_and_a_longer_one_more_lines() -> None:
    width = faces().regular.width
    people = ("1  Ann Lee", "2  " + "Maximiliana " * 3 + "Lee", "3  Bo Lee", "4  " + "Maximiliana " * 20, "5  Cy Lee")
    rows = list(_rows_of_people(people, 300, 8, "a place"))
    assert " ".join(text for row in rows for _, text in row).split() == " ".join(people).split()
    assert [text for _, text in rows[0]] == ["1  Ann Lee", people[1]]
    for row in rows:
        ends = [x + width(text, 8) for x, text in row]
        assert ends[-1] <= 300
        assert all(end < x for end, (x, _) in zip(ends, row[1:], strict=False))


@pytest.mark.parametrize(
    ("twin", "said", "where"),
    [
        (
            {"badge_number": "7"},
            (
                "Each of these nominees has the same badge number as an earlier nominee. Correct the numbers, or "
                "combine the rows that are one person."
            ),
            "Where: badge number",
        ),
        (
            {"full_name": "Ann Lee", "badge_number": None},
            "Each of these nominees has the same name as an earlier nominee. Combine the rows that are one person.",
            "Where: full name",
        ),
    ],
)
def test_nominees_that_stand_twice_are_one_line_that_says_like_whom(
    twin: dict[str, Any], said: str, where: str
) -> None:
    people = [person(n, **twin) for n in range(MAX_SINGLE_FINDINGS + 2)]
    (line,) = [one for one in lines_of(answers_with(*people)) if "as an earlier nominee" in one.text]
    assert (line.text, line.detail, line.about_people) == (said, where, "Nominees 2 to 6:")
    assert line.people == tuple(f"{n + 1}  {people[n].full_name} (like nominee 1)" for n in range(1, 6))


def test_pairs_of_twins_are_one_line_and_each_names_its_own_twin() -> None:
    people = [person(n, badge_number=str(n % 5)) for n in range(10)]
    (line,) = [one for one in lines_of(answers_with(*people)) if "as an earlier nominee" in one.text]
    assert line.people == tuple(f"{n + 1}  Officer Number{n} (like nominee {n - 4})" for n in range(5, 10))
    few = [one.text for one in lines_of(answers_with(*people[:9])) if "same badge number" in one.text]
    assert few == [
        f"Officer Number{n} has the same badge number as nominee {n - 4}. Correct the number, or combine the two rows."
        for n in range(5, 9)
    ]


def test_two_problems_of_one_rule_are_two_lines() -> None:
    people = [person(n, us_citizen=None if n < 5 else False) for n in range(10)]
    texts = [one.text for one in lines_of(answers_with(*people)) if "citizen" in one.text]
    assert texts == [
        SAME,
        "Every nominee must be a U.S. citizen, and these nominees are not. Nominate others.",
    ]


def test_every_printed_name_can_be_read_off_the_pages() -> None:
    answers = answers_with(*map(person, range(300)))
    data = checklist_pdf(answers, check(Case(answers=answers, today=TODAY)), today=TODAY, draft=True)
    with DrawnPages(data) as drawn:
        text = " ".join(joined(drawn.letters(n)) for n in range(len(drawn)))
    counted = Counter(re.findall(r"Number(\d+)\b", text))
    # A name may be parted by the end of a page, its last word not: citizen, investigation, laws, years.
    assert counted == {str(number): 4 for number in range(300)}


PEOPLE = {
    "nothing known": {},
    "all denied": {
        "us_citizen": False, "background_investigation": "pending", "law_enforcement_years": 1, "enforced_laws": False,
        "facility_security_trained": False, "enforced_inmate_rules": False, "inmate_rules_authority": False,
    },
    "no name, no model": {"full_name": None, "models": ()},
    "another model": {"models": ("TTFM",)},
    "completed, no date": {"background_investigation": "completed"},
    "a date, not completed": {"background_completed_on": TODAY},
    "days to come": {
        "background_completed_on": TODAY + timedelta(days=9), "law_enforcement_since": TODAY + timedelta(days=9),
    },
    "long ago": {"background_completed_on": date(1901, 1, 1), "law_enforcement_since": date(1901, 1, 1)},
    "before the program": {"background_completed_on": date(1980, 1, 1), "background_investigation": "completed"},
}  # fmt: skip


@pytest.mark.parametrize("known", PEOPLE.values(), ids=PEOPLE)
def test_what_is_said_of_many_names_nobody_and_is_the_same_for_all(known: dict[str, Any]) -> None:
    people = [person(n, **({"models": ("JEM", "TFM", "WSO")} | known)) for n in range(6)]
    found = check(Case(answers=answers_with(*people), today=TODAY), subjects={"nominees", "dates"}).findings
    about = [one for one in found if one.where.startswith("nominees.")]
    assert about
    assert all(one.group_message for one in about)
    groups = [group for group in group_findings(about) if group.nominees]
    assert {group.nominees for group in groups} == {(0, 1, 2, 3, 4, 5)}
    for group in groups:
        assert "Officer" not in group.message
        assert "{" not in group.message
        assert "nominees" in group.message


def test_the_json_of_a_review_holds_every_finding_and_no_group() -> None:
    answers = answers_with(*map(person, range(7)))
    document = check(Case(answers=answers, today=TODAY)).to_document()
    assert sum(row["code"] == "nominee-citizen" for row in document["findings"]) == 7
    written = io.StringIO()
    json.dump(document, written)
    assert "each of these nominees" not in written.getvalue()
