"""Dates that cannot be right: in the future, or too long ago."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.answers import years_between
from assistant.rules.nominees import nominee_label
from assistant.rules.registry import FORM_REVIEW, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.rules.registry import Case

LONGEST_SERVICE = 80
FIRST_YEAR = 1990  # The statute is from 1996, so nothing done for an agreement under it is much older.


@rule("date-invalid", source=FORM_REVIEW)
def a_date_of_the_past_is_in_the_past(case: Case) -> Iterator[Problem]:
    """No date about a nominee is in the future or more than 80 years ago."""
    for place, nominee in enumerate(case.answers.nominees):
        name = nominee_label(place, nominee)
        for field, words, group in (
            (
                "background_completed_on",
                f"The background investigation of {name} was completed",
                "The background investigations of these nominees were completed",
            ),
            (
                "law_enforcement_since",
                f"{name} became a law-enforcement officer",
                "These nominees became law-enforcement officers",
            ),
        ):
            day = getattr(nominee, field)
            if day is None:
                continue
            if day > case.today:
                when, what = "on a date in the future", "date"
            elif years_between(day, case.today) > LONGEST_SERVICE:
                when, what = f"over {LONGEST_SERVICE} years ago, by this date", "year"
            else:
                continue
            yield Problem(
                f"nominees.{place}.{field}",
                f"{words} {when}. Correct the {what}.",
                group_message=f"{group} {when.replace('this date', 'these dates')}. Correct the {what}s.",
            )


@rule("date-doubtful", severity="warning", source=FORM_REVIEW)
def a_date_is_not_before_the_program(case: Case) -> Iterator[Problem]:
    """No approval, review or background investigation is dated before 1990."""
    approvals = case.answers.approvals
    days = [
        ("approvals.governing_body_approved_on", "governing body’s approval", approvals.governing_body_approved_on, ""),
        ("approvals.counsel_reviewed_on", "review by counsel", approvals.counsel_reviewed_on, ""),
    ]
    group = (
        f"According to these dates, the background investigations of these nominees were before {FIRST_YEAR}. Check "
        "that the years are right."
    )
    for place, nominee in enumerate(case.answers.nominees):
        day = nominee.background_completed_on
        # `date-invalid` reports dates more than 80 years ago.
        if day is not None and years_between(day, case.today) <= LONGEST_SERVICE:
            what = f"background investigation of {nominee_label(place, nominee)}"
            days.append((f"nominees.{place}.background_completed_on", what, day, group))
    for path, what, when, group_message in days:
        if when is not None and when.year < FIRST_YEAR:
            message = f"According to this date, the {what} was before {FIRST_YEAR}. Check that the year is right."
            yield Problem(path, message, group_message=group_message)
