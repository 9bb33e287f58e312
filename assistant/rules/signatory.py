"""Whether the person who signs is the agency's chief officer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.program.states_and_counties import fold
from assistant.program.words import chief_titles, words
from assistant.rules.registry import FORM_REVIEW, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.rules.registry import Case


@rule("signer-not-chief", severity="warning", source=FORM_REVIEW)
def the_chief_officer_signs(case: Case) -> Iterator[Problem]:
    """The agency's chief officer signs, or someone whom a resolution authorizes."""
    signatory = case.answers.signatory
    if signatory.chief_officer is False:
        yield Problem(
            "signatory.chief_officer",
            "Someone other than the chief officer signs. Keep the resolution or law that authorizes this person "
            "with the agreement.",
        )
    elif (
        signatory.chief_officer is None
        and signatory.title
        and fold(signatory.title) not in chief_titles(case.answers.agency.kind)
    ):
        yield Problem(
            "signatory.chief_officer",
            "Say whether the person who signs is the agency's chief officer. If not, have ready the resolution "
            "that authorizes this person.",
        )


@rule("title-shared-with-ice", source=FORM_REVIEW)
def the_title_is_not_ices(case: Case) -> Iterator[Problem]:
    """The title of the person who signs for the agency is not the title of the person who signs for ICE."""
    if fold(case.answers.signatory.title or "") in words("ices_titles"):
        yield Problem(
            "signatory.title",
            "This is the title under which ICE signs. Enter the title of the person who signs for the agency.",
        )
