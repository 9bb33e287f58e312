"""The review of an application: the rules, asked about its answers and about what its forms would say.

Opens no database: the same for the wizard and for an answers file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.rules import Case, check
from assistant.rules.invalid import INVALID
from assistant.services.application.plan import plan_application

if TYPE_CHECKING:
    from datetime import date

    from assistant.answers import Answers
    from assistant.editions.library import FormLibrary
    from assistant.program.agency_listing import AgencyListing
    from assistant.rules import Finding, Review
    from assistant.services.application.plan import ApplicationPlan


def review(answers: Answers, library: FormLibrary, *, today: date, listings: tuple[AgencyListing, ...] = ()) -> Review:
    """Return every finding about answers that nothing is planned for yet; see ``review_plan``."""
    return review_plan(plan_application(answers, library), today=today, listings=listings)


def find_invalid_answers(answers: Answers, *, today: date) -> list[Finding]:
    """Return the findings that say that an answer cannot be right; the same as those of a whole review.

    Their rules look at the answers and the day alone, so no form is planned for it.
    """
    return list(check(Case(answers=answers, today=today), codes=INVALID).findings)


def review_plan(plan: ApplicationPlan, *, today: date, listings: tuple[AgencyListing, ...] = ()) -> Review:
    """Return every finding, in the order of the rules; ``today`` is the day on which the agency's time is.

    A pinned edition that is known no more is a finding; a bundle cannot be made then
    (``ApplicationPlan.require_editions``). ``listings`` is what ICE's lists say of the agency (``listed_for``). An
    export leaves it out, so that the same answers make the same bundle whatever list was loaded since.
    """
    return check(
        Case(
            answers=plan.answers,
            today=today,
            plans=plan.agreements,
            letter_plan=plan.letter,
            missing_editions=plan.missing_editions,
            listings=listings,
        )
    )
