"""Whether each text is what its blank asks for: no placeholder, no repeated name, no wrong office."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from assistant.answers import to_document
from assistant.program import program_contact
from assistant.program.states_and_counties import fold, states
from assistant.program.words import words
from assistant.rules.registry import FORM_REVIEW, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.answers import Answers
    from assistant.rules.registry import Case

# From this TFM edition on, one value is used for both the agency and the place it represents.
ONE_VALUE_FROM = "2025-03-07"

SHORT_FORMS = {"co": "county", "dept": "department", "pd": "police department", "so": "sheriffs office"}

NO_TEXTS = ("format", "models", "editions", "agency.kind", "agency.state")
NOMINEE_TEXTS = ("full_name", "rank", "badge_number")

PLACEHOLDERS = re.compile(
    r"""
    \bx{4,}\b | ^x{3,}$ | _{3,} | \?{3,}
    | \bto\ be\ (?:completed|determined)\b | \blorem\ ipsum\b
    | ^[\[<{].*[\]>}]$ | \[(?:insert|enter|name|title)\b
    """,
    re.IGNORECASE | re.VERBOSE,
)


@rule("placeholder-left", source=FORM_REVIEW)
def no_placeholder_is_left(case: Case) -> Iterator[Problem]:
    """No answer is a placeholder: "ADDRESS", "XXXXXXXXX", "to be completed"."""
    for path, text in texts(case.answers):
        if is_placeholder(text, initials=path == "agency.short_name"):
            yield Problem(path, "A placeholder was left here. Enter the real text, or clear the field.")


@rule("represents-self", severity="warning", source=FORM_REVIEW)
def the_agency_represents_a_place(case: Case) -> Iterator[Problem]:
    """The blank "represents" names the county, city or state, not the agency again."""
    agency = case.answers.agency
    if "TFM" not in case.answers.models or not agency.represents:
        return
    own = {comparable(name) for name in (agency.legal_name, agency.short_name) if name}
    if comparable(agency.represents) in own:
        plan = case.plans.get("TFM")
        one_value = plan is not None and plan.form.edition.revision >= ONE_VALUE_FROM
        yield Problem(
            "agency.represents",
            "This names the agency again. Enter the county, city or state that it represents, for example "
            "“Example County, Florida”.",
            severity="note" if one_value else None,
        )


@rule("represents-person", severity="warning", source=FORM_REVIEW)
def the_agency_represents_no_person(case: Case) -> Iterator[Problem]:
    """The blank "represents" names a county, city or state, not a person."""
    text = fold(case.answers.agency.represents or "")
    if "TFM" not in case.answers.models or not text:
        return
    text_words = text.split()
    signer = fold(case.answers.signatory.full_name or "")
    if (signer and f" {signer} " in f" {text} ") or (
        text_words[0] in words("ranks") and not words("places") & set(text_words)
    ):
        yield Problem(
            "agency.represents",
            "This names a person. Enter the county, city or state that the agency represents.",
        )


@rule("abbrev-undefined", severity="note", source=FORM_REVIEW)
def initials_are_defined(case: Case) -> Iterator[Problem]:
    """Initials used in a blank are explained after the agency's name: "… (ECSO)"."""
    short = case.answers.agency.short_name
    if not short or comparable(short) == comparable(case.answers.agency.legal_name or ""):
        return
    for name, plan in case.papers():
        used = [blank for blank in plan.blanks if blank.text == short]
        if used and not any(f"({short})" in blank.text for blank in plan.blanks):
            yield Problem(
                "agency.short_name",
                f"The initials are alone in “{used[0].entry.label}” ({name}, p. {used[0].entry.page}) and are not "
                "explained anywhere. They do not fit after the name, so use the full name if it fits.",
            )


@rule("opla-not-opla", severity="warning", source=FORM_REVIEW)
def the_opla_blank_names_opla(case: Case) -> Iterator[Problem]:
    """The OPLA blank names a location of ICE's lawyers, not a field office, headquarters or the agency itself."""
    text = case.answers.ice.opla_location or ""
    folded, agency = fold(text), case.answers.agency
    if not folded or "opla" in folded.split() or "principal legal advisor" in folded or "chief counsel" in folded:
        return
    own = {comparable(name) for name in (agency.legal_name, agency.short_name) if name}
    if (
        re.search(r"\b(?:ero|aor|field office|sub ?office|enforcement and removal)\b", folded)
        or fold(program_contact().headquarters[1]) in folded
        or comparable(text) in own
    ):
        yield Problem(
            "ice.opla_location",
            "This does not name an office of OPLA, ICE's lawyers. Enter the OPLA location that serves the "
            "agency, for example “Orlando”.",
        )


@rule("party-not-lea", severity="warning", source=FORM_REVIEW)
def the_party_is_the_agency(case: Case) -> Iterator[Problem]:
    """The party is the law-enforcement agency, not the city, county, board or state above it."""
    name = fold(case.answers.agency.legal_name or "")
    governing = any(f"{name} ".startswith(f"{start} ") for start in words("governments")) or " board of " in name
    if governing and not words("agencies") & set(name.split()):
        yield Problem(
            "agency.legal_name",
            "This names the government above the agency. Enter the law-enforcement agency itself, or have ready "
            "the resolution that lets the government sign.",
        )


def is_placeholder(text: str, *, initials: bool = False) -> bool:
    """Say whether a text is only a placeholder; initials such as "LEA" may be an agency's own."""
    return bool(PLACEHOLDERS.search(text.strip())) or (not initials and fold(text) in words("placeholders"))


def comparable(name: str) -> str:
    """Return an agency's name for comparison: quotes, "Co.", "PD", "SO", "(ECSO)" and ", ST" make no difference."""
    bare = re.sub(r"\([^)]*\)", " ", name)
    bare = re.sub(r",\s*([A-Za-z. ]+)$", lambda match: "" if _is_state(match[1]) else match[0], bare)
    name_words = [SHORT_FORMS.get(word, word) for word in fold(bare).split()]
    return " ".join(name_words).removeprefix("the ")


def texts(answers: Answers) -> Iterator[tuple[str, str]]:
    """Yield (path, text) for every text that a person wrote in the answers."""
    yield from _texts(to_document(replace(answers, nominees=())))
    for n, nominee in enumerate(answers.nominees):
        for name in NOMINEE_TEXTS:
            if text := getattr(nominee, name):
                yield f"nominees.{n}.{name}", text


def _texts(document: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(document, str):
        if not path.startswith(NO_TEXTS):
            yield path, document
    elif isinstance(document, dict | list):
        items = document.items() if isinstance(document, dict) else enumerate(document)
        for key, value in items:
            yield from _texts(value, f"{path}.{key}" if path else str(key))


def _is_state(text: str) -> bool:
    return fold(text) in {code.casefold() for code in states()} | {fold(name) for name in states().values()}
