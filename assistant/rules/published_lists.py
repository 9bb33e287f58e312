"""What ICE's published lists say about the agency, if they are loaded. A list can be wrong, so nothing blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.editions.formats import long_date
from assistant.program.agency_listing import written_alike
from assistant.rules.registry import FORM_REVIEW, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.program.agency_listing import AgencyListing
    from assistant.rules.registry import Case

LISTS = "ICE's published lists of participating and pending agencies"


def list_named(listing: AgencyListing) -> str:
    """Return how a list is cited."""
    return f"ICE's list of {listing.status} agencies, as of {long_date(listing.as_of)}"


def _own(case: Case) -> list[AgencyListing]:
    return [listing for listing in case.listings if listing.is_of(case.answers.agency.county)]


@rule("model-already-held", severity="warning", source=LISTS)
def the_model_is_not_held_already(case: Case) -> Iterator[Problem]:
    """The agency does not hold an agreement for a model that it applies for."""
    for model in case.answers.models:
        same_model = [listing for listing in _own(case) if listing.status == "participating" and listing.model == model]
        if same_model:
            one = same_model[0]
            signed = f", signed {long_date(one.signed)}" if one.signed else ""
            yield Problem(
                "models",
                f"ICE already lists {one.agency} with {model}{signed}. Ask ICE before you apply again, or remove "
                f"{model} from the application.",
                source=list_named(one),
            )


@rule("model-pending", severity="warning", source=LISTS)
def the_model_is_not_pending(case: Case) -> Iterator[Problem]:
    """The agency has no pending application with ICE for the same model."""
    for model in case.answers.models:
        pending = [listing for listing in _own(case) if listing.status == "pending" and listing.model == model]
        if pending:
            yield Problem(
                "models",
                f"ICE lists {pending[0].agency} as pending for {model}. Ask ICE about its status before you send "
                "another application.",
                source=list_named(pending[0]),
            )


@rule("name-vs-list", severity="warning", source=FORM_REVIEW)
def the_name_is_that_of_the_list(case: Case) -> Iterator[Problem]:
    """The agency's name matches ICE's list, or the difference is known."""
    name, own = case.answers.agency.legal_name, _own(case)
    if name and own and not any(written_alike(name, listing.agency) for listing in own):
        yield Problem(
            "agency.legal_name",
            f"ICE's list writes this agency's name “{own[0].agency}”. The list can be wrong. Keep your legal name "
            "if it is right.",
            source=list_named(own[0]),
        )
