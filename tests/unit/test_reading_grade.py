"""Findings are in plain American English: a reader with nine years of school understands them."""

from __future__ import annotations

import json
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from tests.unit.reading_grade import count_syllables, reading_grade

GOLDEN = Path(__file__).resolve().parent.parent / "golden" / "findings.json"
MEDIAN, MOST = 9, 12
# What these print is mostly a list of names and laws.
LISTS = {"state-law"}


def messages(found: Any) -> dict[str, str]:
    """Return the code of each different message in the golden file of findings."""
    if isinstance(found, dict):
        return {message: code for value in found.values() for message, code in messages(value).items()}
    if (
        isinstance(found, list)
        and len(found) > 3
        and isinstance(found[0], str)
        and found[0] in ("blocker", "warning", "note")
    ):
        return {found[3]: found[1]}
    if isinstance(found, list):
        return {message: code for value in found for message, code in messages(value).items()}
    return {}


def test_a_clerk_understands_every_finding() -> None:
    found = messages(json.loads(GOLDEN.read_text("utf-8")))
    grades = sorted(((reading_grade(text), code, text) for text, code in found.items() if code not in LISTS))
    for grade, code, text in grades:
        print(f"{grade:5.1f}  {code}: {text}")  # noqa: T201 - the grades are this test's output
    middle = median(grade for grade, _, _ in grades)
    print(f"{len(grades)} findings, median {middle:.1f}, highest {grades[-1][0]:.1f}")  # noqa: T201
    assert len(grades) > 200
    assert middle <= MEDIAN
    assert [one for one in grades if one[0] > MOST] == []


@pytest.mark.parametrize(
    ("word", "syllables"),
    [
        ("the", 1),
        ("signed", 1),
        ("completed", 3),
        ("agency", 3),
        ("table", 2),
        ("pages", 2),
        ("authority", 4),
        ("TFM", 1),
    ],
)
def test_syllables_are_counted_as_they_are_spoken(word: str, syllables: int) -> None:
    assert count_syllables(word) == syllables


def test_a_hard_sentence_has_a_higher_grade_than_an_easy_one() -> None:
    hard = (
        "Countersignature notwithstanding, participation necessitates jurisdictional authorization by the legislature."
    )
    assert reading_grade(hard) > MOST > MEDIAN > reading_grade("Enter the name of the agency. Then save the page.")
