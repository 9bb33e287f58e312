"""Whether the agency may apply, and for which models."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.program import cite, state_code
from assistant.rules.registry import Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.rules.registry import Case

PAGE = str(cite("page", "How Can Your Agency Participate"))
MODELS_ON_PAGE = str(cite("page", "287(g) Program Models"))
JAIL_SOURCES = {
    "JEM": str(cite("moa-jem", "II. Purpose", 1)),
    "WSO": str(cite("moa-wso", "II. Purpose", 1)),
}


@rule("agency-not-lea", source=PAGE)
def agency_is_a_law_enforcement_agency(case: Case) -> Iterator[Problem]:
    """The applicant is a law-enforcement agency; no one else may take part."""
    answer = case.answers.agency.law_enforcement_agency
    if answer is None:
        yield Problem(
            "agency.law_enforcement_agency",
            "Say whether this is a law-enforcement agency. Only law-enforcement agencies may take part.",
        )
    elif not answer:
        yield Problem(
            "agency.law_enforcement_agency",
            "Only law-enforcement agencies may take part. Apply in the name of the law-enforcement agency itself.",
        )


@rule("no-model", source=MODELS_ON_PAGE)
def a_model_is_chosen(case: Case) -> Iterator[Problem]:
    """At least one model is chosen; each has its own agreement."""
    if not case.answers.models:
        yield Problem("models", "Choose at least one model. Without one, there is no agreement to fill.")


@rule("agency-kind-missing", severity="warning", source=MODELS_ON_PAGE)
def the_kind_of_agency_is_told(case: Case) -> Iterator[Problem]:
    """The answers say whether the agency belongs to a county, a municipality, a State or a tribe."""
    if case.answers.agency.kind is None:
        yield Problem(
            "agency.kind",
            "Choose the kind of agency. It decides which models fit and who signs.",
        )


@rule("state-unknown", severity="warning", source=str(cite("field-offices")))
def the_state_is_known(case: Case) -> Iterator[Problem]:
    """The agency's state is the postal code of a State, the District of Columbia or a territory."""
    state = case.answers.agency.state
    if state and state_code(state) is None:
        yield Problem("agency.state", "This is not a state's postal code. Enter two letters, for example FL.")


@rule("model-needs-jail", source="; ".join(JAIL_SOURCES.values()))
def jail_models_need_a_jail(case: Case) -> Iterator[Problem]:
    """An agency that applies for JEM or WSO operates a jail or correctional facility."""
    operates_jail = case.answers.agency.operates_jail
    if operates_jail:
        return
    for model in case.answers.models:
        if model not in JAIL_SOURCES:
            continue
        if operates_jail is None:
            yield Problem(
                "agency.operates_jail",
                f"Say whether the agency operates a jail. {model} works only inside the agency's own jail.",
                source=JAIL_SOURCES[model],
            )
        else:
            yield Problem(
                "agency.operates_jail",
                f"{model} works only inside the agency's own jail, and the agency has no jail. Remove {model} "
                "from the application, or correct the answer.",
                source=JAIL_SOURCES[model],
            )


@rule("tfm-without-patrol", severity="warning", source=MODELS_ON_PAGE)
def the_task_force_model_is_for_patrol(case: Case) -> Iterator[Problem]:
    """A task force model is for agencies with routine police duties."""
    if case.answers.agency.conducts_patrol is not False:
        return
    for model in case.answers.models:
        if model in {"TFM", "TTFM"}:
            yield Problem(
                "agency.conducts_patrol",
                f"{model} is for routine police duties, and the agency does not patrol. Ask ICE whether {model} "
                "fits before you apply.",
            )


@rule("ttfm-tribal-only", source=MODELS_ON_PAGE)
def the_tribal_model_is_for_tribes(case: Case) -> Iterator[Problem]:
    """Only a tribal agency applies for the Tribal Task Force Model."""
    agency = case.answers.agency
    if "TTFM" not in case.answers.models or agency.kind == "tribal":
        return
    if agency.kind is None:
        yield Problem("agency.kind", "Choose the kind of agency. TTFM is for tribal agencies only.", severity="warning")
    else:
        yield Problem(
            "models",
            "TTFM is for tribal law-enforcement agencies only. Remove TTFM from the application, or correct the "
            "kind of agency.",
        )


@rule("tribal-agency-287g", severity="note", source=str(cite("moa-tfm", "II. Authority", 1)))
def a_tribal_agency_asks_about_287g(case: Case) -> Iterator[Problem]:
    """A tribal agency that chooses a model other than TTFM asks ICE and counsel whether it may."""
    others = [model for model in case.answers.models if model != "TTFM"]
    if case.answers.agency.kind == "tribal" and others:
        yield Problem(
            "models",
            f"The agreement for {' and '.join(others)} is based on section 287(g), which covers a State or a "
            "political subdivision of a State. Ask ICE and counsel whether a tribal agency may sign it.",
        )
