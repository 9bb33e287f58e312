"""Dates that cannot be: in the future, or before living memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.answers import years_between
from assistant.rules.nominees import called
from assistant.rules.registry import FORM_REVIEW, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.rules.registry import Case

LONGEST_SERVICE = 80


@rule("date-invalid", source=FORM_REVIEW)
def a_date_of_the_past_is_in_the_past(case: Case) -> Iterator[Problem]:
    """What a nominee has done lies neither in the future nor over 80 years back."""
    for place, nominee in enumerate(case.answers.nominees):
        name = called(place, nominee)
        for field, words in (
            ("background_completed_on", f"The background investigation of {name} was completed"),
            ("law_enforcement_since", f"{name} became a law-enforcement officer"),
        ):
            day = getattr(nominee, field)
            if day is None:
                continue
            if day > case.today:
                yield Problem(f"nominees.{place}.{field}", f"{words} on a day in the future. Correct the date.")
            elif years_between(day, case.today) > LONGEST_SERVICE:
                yield Problem(
                    f"nominees.{place}.{field}",
                    f"{words} over {LONGEST_SERVICE} years ago, by this date. Correct the year.",
                )
