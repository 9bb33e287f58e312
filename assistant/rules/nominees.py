"""Whether each nominee meets each criterion of the models that the person is nominated for.

A criterion applies to the models that the application and the nominee have in common. Messages give a nominee's name
and nothing else about the person.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from assistant.answers import years_between
from assistant.program import cite, criteria_for, criterion_source
from assistant.program.states_and_counties import fold
from assistant.rules.registry import Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from assistant.answers import Nominee
    from assistant.program import Criterion
    from assistant.rules.registry import Case

Standing = Literal["met", "not known", "not met"]

OWN_READING = "How this program reads a nomination"
YEARS_NEEDED = 2
EACH = "each of these nominees"


def standing(criterion: Criterion, nominee: Nominee, today: date) -> Standing:
    """Return "met", "not met" or "not known" for a nominee and a criterion; "not known" if ICE decides it."""
    if not criterion.fields:
        return "not known"
    if criterion.code == "nominee-two-years":
        return _years_standing(nominee, today)
    answer = getattr(nominee, criterion.fields[0])
    if answer is None:
        return "not known"
    return "met" if answer in {True, "completed"} else "not met"


def nominee_label(place: int, nominee: Nominee) -> str:
    """Return the nominee's name, or "Nominee 3" if there is none."""
    return nominee.full_name or f"Nominee {place + 1}"


def _years_standing(nominee: Nominee, today: date) -> Standing:
    years: float
    if nominee.law_enforcement_years is not None:
        years = nominee.law_enforcement_years
    elif nominee.law_enforcement_since is not None:
        years = years_between(nominee.law_enforcement_since, today)
    else:
        return "not known"
    return "met" if years >= YEARS_NEEDED else "not met"


def _unmet(case: Case, code: str, *, unknown: str, unmet: str, unmet_group: str) -> Iterator[Problem]:
    criteria = [
        (m, criterion, criterion.source)
        for m in case.answers.models
        for criterion in criteria_for(m)
        if criterion.code == code
    ]
    for place, nominee in enumerate(case.answers.nominees):
        for model, criterion, source in criteria:
            if model not in nominee.models:
                continue
            result = standing(criterion, nominee, case.today)
            if result != "met":
                sentence, group = (unknown, unknown) if result == "not known" else (unmet, unmet_group)
                yield Problem(
                    f"nominees.{place}.{_field(criterion, nominee)}",
                    sentence.format(name=nominee_label(place, nominee), model=model),
                    source=source,
                    group_message=group.format(name=EACH, model=model),
                )
            break


def _field(criterion: Criterion, nominee: Nominee) -> str:
    answered = [name for name in reversed(criterion.fields) if getattr(nominee, name) is not None]
    return answered[0] if answered else criterion.fields[0]


@rule("nominee-citizen", source=criterion_source("nominee-citizen"))
def nominee_is_a_citizen(case: Case) -> Iterator[Problem]:
    """Every nominee is a citizen of the United States."""
    return _unmet(
        case,
        "nominee-citizen",
        unknown="Say whether {name} is a citizen of the United States.",
        unmet="Every nominee must be a citizen of the United States, and {name} is not. Nominate someone else.",
        unmet_group="Every nominee must be a U.S. citizen, and these nominees are not. Nominate others.",
    )


@rule("nominee-background", source=criterion_source("nominee-background"))
def nominee_passed_a_background_investigation(case: Case) -> Iterator[Problem]:
    """Every nominee has completed and passed a background investigation."""
    return _unmet(
        case,
        "nominee-background",
        unknown="Say whether {name} has completed and passed a background investigation.",
        unmet="{name} has not completed a background investigation. Nominate {name} after passing it.",
        unmet_group="These nominees have not completed a background investigation. Nominate them after passing it.",
    )


@rule("nominee-enforced-laws", source=criterion_source("nominee-enforced-laws"))
def nominee_has_enforced_laws(case: Case) -> Iterator[Problem]:
    """Every nominee knows and has enforced the laws and regulations of law-enforcement work in the jurisdiction."""
    return _unmet(
        case,
        "nominee-enforced-laws",
        unknown="Say whether {name} knows and has enforced the laws of your jurisdiction.",
        unmet="Every nominee must have enforced the laws of your jurisdiction, and {name} has not. Nominate someone "
        "else.",
        unmet_group="Every nominee must have enforced the laws of your jurisdiction, and these nominees have not. "
        "Nominate others.",
    )


@rule("nominee-two-years", source=criterion_source("nominee-two-years"))
def task_force_nominee_has_two_years(case: Case) -> Iterator[Problem]:
    """A Task Force Model nominee has at least two years of experience as a law-enforcement officer in total."""
    return _unmet(
        case,
        "nominee-two-years",
        unknown="Enter when {name} became a law-enforcement officer, or the total years if service was interrupted.",
        unmet="{model} requires two years as a law-enforcement officer, and {name} has less. Nominate someone else, or "
        "wait until {name} has two years.",
        unmet_group="{model} requires two years as a law-enforcement officer, and these nominees have less. "
        "Nominate others, or wait until they have two years.",
    )


@rule("nominee-facility-security", source=criterion_source("nominee-facility-security"))
def jail_nominee_is_trained_in_security(case: Case) -> Iterator[Problem]:
    """A JEM or WSO nominee has been trained to maintain the security of the agency's facilities."""
    return _unmet(
        case,
        "nominee-facility-security",
        unknown="Say whether {name} has been trained to maintain the security of the agency's facilities.",
        unmet="{name} has not been trained in facility security, which {model} requires. Nominate {name} after the "
        "training, or nominate someone else.",
        unmet_group="These nominees have not been trained in facility security, which {model} requires. Nominate them "
        "after the training, or nominate others.",
    )


@rule("nominee-inmate-rules-enforced", source=criterion_source("nominee-inmate-rules-enforced"))
def warrant_nominee_has_enforced_inmate_rules(case: Case) -> Iterator[Problem]:
    """A WSO nominee has enforced rules on the accountability and conduct of inmates."""
    return _unmet(
        case,
        "nominee-inmate-rules-enforced",
        unknown="Say whether {name} has enforced rules on inmate accountability and conduct.",
        unmet="{name} has not enforced rules on inmate accountability and conduct, which {model} requires. Nominate "
        "someone else.",
        unmet_group="These nominees have not enforced rules on inmate accountability and conduct, which {model} "
        "requires. Nominate others.",
    )


@rule("nominee-inmate-rules-authority", source=criterion_source("nominee-inmate-rules-authority"))
def jail_nominee_may_enforce_inmate_rules(case: Case) -> Iterator[Problem]:
    """A JEM nominee has the authority to enforce rules on the accountability and conduct of inmates."""
    return _unmet(
        case,
        "nominee-inmate-rules-authority",
        unknown="Say whether {name} may enforce the rules on how inmates are accounted for and behave.",
        unmet="{name} has no authority to enforce rules on inmate accountability and conduct, which {model} requires. "
        "Nominate someone else, or give {name} that authority.",
        unmet_group="These nominees have no authority to enforce rules on inmate accountability and conduct, which "
        "{model} requires. Nominate others.",
    )


@rule("nominee-no-name", source=OWN_READING)
def nominee_has_a_name(case: Case) -> Iterator[Problem]:
    """Every nominee has a name."""
    for place, nominee in enumerate(case.answers.nominees):
        if not (nominee.full_name or "").strip():
            yield Problem(
                f"nominees.{place}.full_name",
                f"Enter the name of nominee {place + 1}, or remove the row.",
                group_message=f"Enter the name of {EACH}, or remove the rows.",
            )


@rule("nominee-no-model", source=OWN_READING)
def nominee_has_a_model(case: Case) -> Iterator[Problem]:
    """Every nominee is nominated for a model, because the criteria depend on it."""
    for place, nominee in enumerate(case.answers.nominees):
        if not nominee.models:
            yield Problem(
                f"nominees.{place}.models",
                f"Choose the model that {nominee_label(place, nominee)} is nominated for, or remove the row.",
                group_message=f"Choose the model that {EACH} is nominated for, or remove the rows.",
            )


@rule("nominee-model-not-applied", severity="warning", source=OWN_READING)
def nominee_is_for_a_model_applied_for(case: Case) -> Iterator[Problem]:
    """No one is nominated for a model that the agency does not apply for."""
    for place, nominee in enumerate(case.answers.nominees):
        for model in nominee.models:
            if model not in case.answers.models:
                yield Problem(
                    f"nominees.{place}.models",
                    f"{nominee_label(place, nominee)} is nominated for {model}, but you are not applying for it. "
                    f"Add {model} to the application, or remove it from this nominee.",
                    group_message=f"These nominees are nominated for {model}, but you are not applying for it. Add "
                    f"{model} to the application, or remove it from these nominees.",
                )


@rule("nominee-twice", severity="warning", source=OWN_READING)
def nominee_stands_once(case: Case) -> Iterator[Problem]:
    """No one is on the list twice: no badge number and no name repeats."""
    badges: dict[str, int] = {}
    names: dict[str, int] = {}
    for place, nominee in enumerate(case.answers.nominees):
        badge, name = fold(nominee.badge_number or ""), fold(nominee.full_name or "")
        if badge and badge in badges:
            yield Problem(
                f"nominees.{place}.badge_number",
                f"{nominee_label(place, nominee)} has the same badge number as nominee {badges[badge] + 1}. "
                "Correct the number, or combine the two rows.",
                group_message="Each of these nominees has the same badge number as an earlier nominee. Correct the "
                "numbers, or combine the rows that are one person.",
                group_detail=f"like nominee {badges[badge] + 1}",
            )
        elif name and name in names:
            yield Problem(
                f"nominees.{place}.full_name",
                f"{nominee_label(place, nominee)} has the same name as nominee {names[name] + 1}. If it is one "
                "person, combine the two rows.",
                group_message="Each of these nominees has the same name as an earlier nominee. Combine the rows that "
                "are one person.",
                group_detail=f"like nominee {names[name] + 1}",
            )
        badges.setdefault(badge, place)
        names.setdefault(name, place)


@rule("nominee-background-date", severity="note", source=OWN_READING)
def background_date_fits_its_answer(case: Case) -> Iterator[Problem]:
    """A background investigation that is completed has a completion date, and no other has one."""
    for place, nominee in enumerate(case.answers.nominees):
        path = f"nominees.{place}.background_completed_on"
        completed = nominee.background_investigation == "completed"
        if completed and nominee.background_completed_on is None:
            yield Problem(
                path,
                f"Enter the date when the background investigation of {nominee_label(place, nominee)} was completed.",
                group_message=f"Enter the date when the background investigation of {EACH} was completed.",
            )
        elif nominee.background_completed_on is not None and not completed:
            yield Problem(
                path,
                f"The background investigation of {nominee_label(place, nominee)} has a completion date but is "
                "not marked as completed. Correct one of them.",
                severity="warning",
                group_message="The background investigations of these nominees have a completion date but are not "
                "marked as completed. Correct one of the two for each nominee.",
            )


@rule("model-without-nominees", severity="note", source=str(cite("page", "How Can Your Agency Participate")))
def every_model_has_nominees(case: Case) -> Iterator[Problem]:
    """Every model applied for has nominees, now or after ICE signs."""
    for model in case.answers.models:
        if not any(case.answers.nominees_for(model)):
            yield Problem(
                "nominees",
                f"No one is nominated for {model} yet. You may nominate now, or after ICE has signed.",
            )


@rule("nominee-tribal-years", severity="note", source=criterion_source("nominee-tribal-years"))
def tribal_years_are_asked_of_ice(case: Case) -> Iterator[Problem]:
    """For TTFM, the agency asks ICE how many years of service it requires; none are published."""
    if "TTFM" in case.answers.models and any(case.answers.nominees_for("TTFM")):
        yield Problem(
            "nominees", "ICE has not published how many years of service TTFM requires. Ask ICE before you nominate."
        )
