"""Dates that cannot be: in the future, or before living memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.answers import years_between
from assistant.rules.nominees import nominee_label
from assistant.rules.registry import FORM_REVIEW, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.rules.registry import Case

LONGEST_SERVICE = 80
FIRST_YEAR = 1990  # the statute is of 1996; nothing that is done for an agreement under it is much older


@rule("date-invalid", source=FORM_REVIEW)
def a_date_of_the_past_is_in_the_past(case: Case) -> Iterator[Problem]:
    """What a nominee has done lies neither in the future nor over 80 years back."""
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
                when, what = "on a day in the future", "date"
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
    """No approval, review or background investigation lies before 1990."""
    approvals = case.answers.approvals
    days = [
        ("approvals.governing_body_approved_on", "governing body’s approval", approvals.governing_body_approved_on, ""),
        ("approvals.counsel_reviewed_on", "review by counsel", approvals.counsel_reviewed_on, ""),
    ]
    group = (
        f"The background investigations of these nominees lie before {FIRST_YEAR}, by these dates. See whether the "
        "years are right."
    )
    for place, nominee in enumerate(case.answers.nominees):
        day = nominee.background_completed_on
        # Over 80 years back is `date-invalid`'s.
        if day is not None and years_between(day, case.today) <= LONGEST_SERVICE:
            what = f"background investigation of {nominee_label(place, nominee)}"
            days.append((f"nominees.{place}.background_completed_on", what, day, group))
    for path, what, when, group_message in days:
        if when is not None and when.year < FIRST_YEAR:
            message = f"The {what} lies before {FIRST_YEAR}, by this date. See whether the year is right."
            yield Problem(path, message, group_message=group_message)
