"""Who has approved the agreement for the agency: governing body and counsel. Counsel says what the law requires."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.program import cite
from assistant.rules.registry import Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.rules.registry import Case

AUTHORITY = f"{cite('moa-tfm', 'XVIII', 9)}: each party represents that it is fully authorized to sign"


@rule("governing-body-unnamed", severity="note", source=AUTHORITY)
def the_governing_body_is_considered(case: Case) -> Iterator[Problem]:
    """The governing body that approves the agreement is named, if the agency's law requires one."""
    if case.answers.approvals.governing_body is None:
        yield Problem(
            "approvals.governing_body",
            "No governing body is named. Ask counsel whether a board, council or commission must approve, and name it.",
        )


@rule("governing-body-not-approved", severity="warning", source=AUTHORITY)
def the_governing_body_has_approved(case: Case) -> Iterator[Problem]:
    """A governing body that is named approves before the agreement is signed."""
    approvals = case.answers.approvals
    if approvals.governing_body and not approvals.needs_no_body and approvals.governing_body_approved_on is None:
        yield Problem(
            "approvals.governing_body_approved_on",
            "A governing body is named, but not the date of its approval. Enter the date after it approves. Do "
            "not sign before.",
        )


@rule("tribal-council-unnamed", severity="warning", source=str(cite("usc-2804")))
def a_tribal_council_is_named(case: Case) -> Iterator[Problem]:
    """A tribal agency names the tribal council, because the statute is about an agreement with the tribe."""
    if case.answers.agency.kind == "tribal" and case.answers.approvals.governing_body is None:
        yield Problem(
            "approvals.governing_body",
            "25 U.S.C. 2804(e) is about an agreement with the tribe. Ask counsel whether the tribal council must "
            "approve, and name it.",
        )


@rule("counsel-not-reviewed", severity="note", source=AUTHORITY)
def counsel_has_reviewed(case: Case) -> Iterator[Problem]:
    """Counsel reviews the agreement before it is signed."""
    if case.answers.approvals.counsel_reviewed_on is None:
        yield Problem(
            "approvals.counsel_reviewed_on",
            "No review by counsel is recorded. Give counsel the unsigned agreement, and enter the date of the review.",
        )


@rule("approval-in-future", severity="warning", source=AUTHORITY)
def an_approval_has_happened(case: Case) -> Iterator[Problem]:
    """An approval or review with a date has already happened."""
    for field, words in (
        ("governing_body_approved_on", "The approval of the governing body"),
        ("counsel_reviewed_on", "The review by counsel"),
    ):
        day = getattr(case.answers.approvals, field)
        if day is not None and day > case.today:
            yield Problem(
                f"approvals.{field}", f"{words} is in the future. Correct the date, or sign only after that day."
            )
