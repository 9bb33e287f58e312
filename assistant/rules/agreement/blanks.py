"""Whether every blank that the agency fills is filled: one finding per blank that was seen to be empty."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.rules.agreement.certainty import cap_severity, is_surely_signed
from assistant.rules.agreement.registry import Problem, document_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.rules.agreement.registry import DocumentCase
    from assistant.rules.registry import Severity

CONTACT = "Write a name, a title, a telephone number and an e-mail address."


@document_rule("answer-missing")
def the_agency_is_named(case: DocumentCase) -> Iterator[Problem]:
    """The first page names the agency that is the party."""
    yield from _empty(case, "agency", "The agency is not named here. Write its full legal name.")


@document_rule("abbrev-blank")
def the_second_name_is_given(case: DocumentCase) -> Iterator[Problem]:
    """The second blank for the agency's name, on page 1 of the TFM agreement, is filled."""
    yield from _empty(case, "agency_again", "The blank is empty. Write the agency's name, or its initials.")


@document_rule("appb-blank")
def appendix_b_names_the_agency(case: DocumentCase) -> Iterator[Problem]:
    """Appendix B of the TFM agreement names the agency."""
    yield from _empty(case, "appendix_b", "The blank is empty. Write the agency's name.")


@document_rule("poc-vii-blank")
def section_vii_names_the_contact(case: DocumentCase) -> Iterator[Problem]:
    """Section VII of the JEM and WSO agreements names the agency's point of contact by title and agency."""
    yield from _empty(case, "contact_vii", "The blank is empty. Write the title and agency of the point of contact.")


@document_rule("poc-a-blank")
def appendix_a_names_a_contact(case: DocumentCase) -> Iterator[Problem]:
    """Appendix A of the TFM agreement names a point of contact."""
    yield from _empty(case, "contact", f"No point of contact is named. {CONTACT}")


@document_rule("pubinfo-blank")
def appendix_c_names_a_contact(case: DocumentCase) -> Iterator[Problem]:
    """Appendix C of every agreement names a contact for public information."""
    yield from _empty(case, "public", f"No public-information contact is named. {CONTACT}")


@document_rule("title-blank")
def the_title_is_given(case: DocumentCase) -> Iterator[Problem]:
    """The title of the person who signs for the agency is given; after signing, an empty one blocks."""
    yield from _empty(
        case,
        "lea_title",
        "The blank is empty. Write the title of the person who signs for the agency.",
        severity=None if is_surely_signed(case.document) else "warning",
    )


@document_rule("opla-blank", severity="warning")
def the_opla_location_is_given(case: DocumentCase) -> Iterator[Problem]:
    """The OPLA location is given; ICE often fills it in, but not always."""
    yield from _empty(case, "opla", "The blank is empty. Write the OPLA location that serves the agency, or ask ICE.")


def _empty(case: DocumentCase, slot: str, message: str, *, severity: Severity | None = None) -> Iterator[Problem]:
    reading = case.document.get(slot)
    if reading and reading.source == "nothing":
        yield Problem(reading.where, message, severity=severity or cap_severity(reading))
