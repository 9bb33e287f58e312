"""Whether there is an answer for every blank of the forms and the letter.

The field maps say what is needed: each mapped blank that is not optional and stays empty is reported with its form and
page. Each path is one finding, even if many blanks need it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from assistant.answers import get_path
from assistant.editions.catalog import LETTER, get_edition
from assistant.rules.registry import FORM_REVIEW, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.editions.catalog import Edition, Entry
    from assistant.rules.registry import Case, Severity


class AnswerPlace(NamedTuple):
    """A page that needs an answer, from 1; 0 if the pages of the form are not known."""

    name: str
    document: str
    page: int


FIELD_MAPS = "The blanks of the forms, as this program's field maps name them"

OWN_LETTER = f"{LETTER}/plain"

WORDS = {
    "agency.legal_name": "the agency's legal name",
    "agency.short_name": "the agency's short name or initials",
    "agency.represents": "whom the agency represents: the county, city, state or tribe",
    "agency.county": "the county where the agency is",
    "agency.address.street": "the street of the agency's address",
    "agency.address.city": "the city of the agency's address",
    "agency.address.state": "the state of the agency's address",
    "agency.address.zip": "the ZIP code of the agency's address",
    "agency.phone": "the agency's telephone number",
    "agency.email": "the agency's e-mail address",
    "signatory.full_name": "the name of the person who signs",
    "signatory.title": "the title of the person who signs",
    "signatory.phone": "the telephone number of the person who signs",
    "signatory.email": "the e-mail address of the person who signs",
    "program_contact.title": "the title of the program contact",
    "public_information_contact.title": "the title of the public-information contact",
    "ice.opla_location": "the OPLA location",
    "ice.field_office": "the ERO field office",
    "approvals.governing_body": "the governing body that approves",
    "approvals.governing_body_approved_on": "the date when the governing body approved",
    "approvals.counsel_reviewed_on": "the date when counsel reviewed the agreement",
}

CONTACTS = ("program_contact", "public_information_contact")

# The one-line address is made of parts; it is empty only if the street is empty too.
ASKED_AT = {"agency.address.one_line": "agency.address.street"}

CODES = {
    "ice.opla_location": "opla-blank",
    "signatory.title": "title-blank",
    "agency.short_name": "abbrev-blank",
}


@rule("answer-missing", source=FIELD_MAPS)
def every_blank_has_its_answer(case: Case) -> Iterator[Problem]:
    """Every answer is given that the letter or a chosen form needs."""
    for path, places in _waiting(case, "answer-missing").items():
        # A contact without a title can still be reached.
        yield _needed(path, places, "warning" if path.partition(".")[0] in CONTACTS else None)


@rule("title-blank", source=FORM_REVIEW)
def the_title_is_given(case: Case) -> Iterator[Problem]:
    """The title of the person who signs for the agency is given."""
    yield from _each(case, "title-blank")


@rule("opla-blank", severity="warning", source=FORM_REVIEW)
def the_opla_location_is_given(case: Case) -> Iterator[Problem]:
    """The OPLA location is given; ICE often fills it in, but not always."""
    yield from _each(case, "opla-blank")


@rule("abbrev-blank", source=FORM_REVIEW)
def the_short_name_is_given(case: Case) -> Iterator[Problem]:
    """The second blank for the agency's name, on page 1 of the TFM agreement, is filled."""
    yield from _each(case, "abbrev-blank")


@rule("appb-blank", source=FORM_REVIEW)
def appendix_b_names_the_agency(case: Case) -> Iterator[Problem]:
    """Appendix B of the TFM agreement names the agency."""
    yield from _each(case, "appb-blank")


@rule("poc-vii-blank", source=FORM_REVIEW)
def section_vii_names_the_contact(case: Case) -> Iterator[Problem]:
    """Section VII of the JEM and WSO agreements names the agency's point of contact by title and agency."""
    yield from _each(case, "poc-vii-blank")


@rule("poc-a-blank", source=FORM_REVIEW)
def appendix_a_names_a_contact(case: Case) -> Iterator[Problem]:
    """Appendix A of the TFM agreement names a point of contact."""
    yield from _whole_contact(case, "program_contact", "No program contact is given.")


@rule("pubinfo-blank", source=FORM_REVIEW)
def appendix_c_names_a_contact(case: Case) -> Iterator[Problem]:
    """Appendix C of every agreement names a contact for public information."""
    yield from _whole_contact(case, "public_information_contact", "No public-information contact is given.")


def _each(case: Case, code: str) -> Iterator[Problem]:
    return (_needed(path, places) for path, places in _waiting(case, code).items())


def _whole_contact(case: Case, section: str, sentence: str) -> Iterator[Problem]:
    if not _is_empty(case, section):
        return
    places = [place for entry, place in _empty_blanks(case) if entry.path.startswith(f"{section}.")]
    if places:
        yield Problem(
            f"{section}.full_name",
            f"{sentence} Enter a name, a title, a telephone number and an e-mail address. Needed on {_joined(places)}.",
            source=_sources(places),
        )


def _waiting(case: Case, code: str) -> dict[str, list[AnswerPlace]]:
    """Return the paths that are reported under a code, each with the places that need it."""
    places_by_question: dict[str, list[AnswerPlace]] = {}
    for entry, place in _empty_blanks(case):
        if _code(case, entry) == code and not _told_elsewhere(case, entry.path):
            places_by_question.setdefault(ASKED_AT.get(entry.path, entry.path), []).append(place)
    return places_by_question


def _empty_blanks(case: Case) -> Iterator[tuple[Entry, AnswerPlace]]:
    for name, plan in case.papers():
        for blank in plan.blanks:
            # The maps call the OPLA location optional, because ICE may fill it in: a warning, never a blocker.
            if not blank.text and (not blank.entry.optional or blank.entry.path == "ice.opla_location"):
                yield blank.entry, AnswerPlace(name, _document(plan.form.edition), blank.entry.page)
    if case.letter and case.letter_plan is None and case.answers.models:
        letter = get_edition(OWN_LETTER)
        for entry in letter.entries:
            if not entry.optional and not get_path(case.answers, entry.path):
                yield entry, AnswerPlace("the letter of interest", _document(letter), entry.page)


def _code(case: Case, entry: Entry) -> str:
    """Return the code under which an empty blank is reported."""
    # A blank that is empty although it has an answer is reported separately; a missing answer lists all its places.
    has_answer = bool(get_path(case.answers, entry.path))
    if has_answer and entry.format == "title-and-agency":
        return "poc-vii-blank"
    if has_answer and "appendix b" in entry.label.casefold():
        return "appb-blank"
    return CODES.get(entry.path, "answer-missing")


def _told_elsewhere(case: Case, path: str) -> bool:
    """Say whether another rule reports a contact's empty line: no one is named, or the contact cannot be reached."""
    section, _, part = path.partition(".")
    return section in CONTACTS and (part != "title" or _is_empty(case, section))


def _is_empty(case: Case, section: str) -> bool:
    contact = getattr(case.answers, section)
    return not any((contact.full_name, contact.title, contact.phone, contact.email))


def _needed(path: str, places: list[AnswerPlace], severity: Severity | None = None) -> Problem:
    return Problem(
        path,
        f"Enter {WORDS.get(path, _named(path))}. Needed on {_joined(places)}.",
        severity=severity,
        source=_sources(places),
    )


def _named(path: str) -> str:
    """Return "the answer “agency, website”" for a path that has no words of its own."""
    return f"the answer “{path.replace('_', ' ').replace('.', ', ')}”"


def _document(edition: Edition) -> str:
    return f"{edition.title}, rev. {edition.revision_label}" if edition.revision_label else edition.title


def _joined(places: list[AnswerPlace]) -> str:
    """Return "the TFM agreement, p. 1 and 11; the letter of interest, p. 1"."""
    pages: dict[str, dict[int, None]] = {}
    for place in places:
        pages.setdefault(place.name, {})[place.page] = None
    return "; ".join(
        f"{name}, p. {' and '.join(map(str, numbers))}" if any(numbers) else name for name, numbers in pages.items()
    )


def _sources(places: list[AnswerPlace]) -> str:
    return "; ".join(dict.fromkeys(place.document for place in places))
