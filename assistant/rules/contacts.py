"""Whether the contacts can be reached: a person, and a telephone number or e-mail address in the right form."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from assistant.program.states_and_counties import fold
from assistant.program.words import words
from assistant.rules.registry import FORM_REVIEW, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.answers import Contact
    from assistant.rules.registry import Case

REACHABLE = {
    "agency": "the agency",
    "signatory": "the person who signs",
    "program_contact": "the program contact",
    "public_information_contact": "the public-information contact",
}

US_DIGITS = 10
GOVERNMENTS = frozenset({"county", "municipality", "township"})
"""Words that stand in an agency's name and in nobody's."""
ZIP_CODE = re.compile(r"\d{5}(?:-\d{4})?", re.ASCII)


@rule("contact-format", severity="warning", source=FORM_REVIEW)
def phones_and_emails_are_well_written(case: Case) -> Iterator[Problem]:
    """A telephone number has ten digits, an e-mail address is one address with one @, a ZIP Code has five digits."""
    code = case.answers.agency.address.zip
    if code and not ZIP_CODE.fullmatch(code.strip()):
        yield Problem(
            "agency.address.zip",
            "The agency's ZIP Code is not five digits. Enter five digits, or five and four, for example 34652 or "
            "34652-0100.",
        )
    for section, whose in REACHABLE.items():
        part = getattr(case.answers, section)
        if part.phone and not is_phone(part.phone):
            yield Problem(
                f"{section}.phone",
                f"The telephone number of {whose} is not a ten-digit U.S. number. Enter one number with its area "
                "code, for example (727) 555-0102.",
            )
        if part.email and not is_email(part.email):
            yield Problem(
                f"{section}.email",
                f"The e-mail address of {whose} is not in the form of an e-mail address. Enter one address, for "
                "example name@agency.example.gov.",
            )


@rule("pubinfo-no-contact", severity="warning", source=FORM_REVIEW)
def the_public_contact_can_be_reached(case: Case) -> Iterator[Problem]:
    """The public-information contact has a telephone number or an e-mail address."""
    yield from _unreachable(case.answers.public_information_contact, "public_information_contact")


@rule("poc-a-no-contact", severity="warning", source=FORM_REVIEW)
def the_program_contact_can_be_reached(case: Case) -> Iterator[Problem]:
    """The program contact has a telephone number or an e-mail address."""
    yield from _unreachable(case.answers.program_contact, "program_contact")


@rule("pubinfo-no-person", severity="warning", source=FORM_REVIEW)
def the_public_contact_is_a_person(case: Case) -> Iterator[Problem]:
    """The public-information contact is a person, not an office."""
    yield from _nobody(case.answers.public_information_contact, "public_information_contact")


@rule("poc-a-no-person", severity="warning", source=FORM_REVIEW)
def the_program_contact_is_a_person(case: Case) -> Iterator[Problem]:
    """The program contact is a person, not an office."""
    yield from _nobody(case.answers.program_contact, "program_contact")


@rule("contact-mismatch", severity="warning", source=FORM_REVIEW)
def one_person_has_one_number(case: Case) -> Iterator[Problem]:
    """A person who is both contacts has the same telephone number and e-mail address in both places."""
    program, public = case.answers.program_contact, case.answers.public_information_contact
    if not program.full_name or fold(program.full_name) != fold(public.full_name or ""):
        return
    if program.phone and public.phone and _digits(program.phone) != _digits(public.phone):
        yield Problem(
            "public_information_contact.phone",
            "The same person is both contacts, but with two telephone numbers. Enter the same number in both "
            "places, unless you mean to give both.",
        )
    if program.email and public.email and program.email.strip().casefold() != public.email.strip().casefold():
        yield Problem(
            "public_information_contact.email",
            "The same person is both contacts, but with two e-mail addresses. Enter the same address in both "
            "places, unless you mean to give both.",
        )


def is_phone(text: str) -> bool:
    """Say whether a text is one U.S. telephone number, with or without an extension."""
    try:
        number = phonenumbers.parse(text, "US")
    except phonenumbers.NumberParseException:
        return False
    return number.country_code == 1 and len(str(number.national_number)) == US_DIGITS


def is_email(text: str) -> bool:
    """Say whether a text has the form of one e-mail address; whether it exists is not checked."""
    try:
        validate_email(text.strip(), check_deliverability=False)
    except EmailNotValidError:
        return False
    return True


def is_person(name: str) -> bool:
    """Say whether a text may be a person's name, and not the name of an office or a bare title."""
    name_words = set(fold(name).split())
    return not name_words & (words("offices") | GOVERNMENTS) and not name_words <= words("titles")


def _has_contact_data(contact: Contact) -> bool:
    return any((contact.full_name, contact.title, contact.phone, contact.email))


def _unreachable(contact: Contact, section: str) -> Iterator[Problem]:
    if _has_contact_data(contact) and not contact.phone and not contact.email:
        yield Problem(
            f"{section}.phone",
            f"There is no way to reach {REACHABLE[section]}. Enter a telephone number or an e-mail address.",
        )


def _nobody(contact: Contact, section: str) -> Iterator[Problem]:
    if not contact.full_name:
        if _has_contact_data(contact):
            yield Problem(f"{section}.full_name", f"No person is named as {REACHABLE[section]}. Enter a person's name.")
    elif not is_person(contact.full_name):
        yield Problem(
            f"{section}.full_name",
            f"The name of {REACHABLE[section]} looks like an office or a title. Enter a person's name, and put "
            "the office in the title.",
        )


def _digits(text: str) -> str:
    return "".join(letter for letter in text if letter.isdigit())[-US_DIGITS:]
