"""The rules about answers, run on what was read from a finished agreement.

The answers in the blanks make a case like any other. A problem at a path of the answers is reported at its place on
paper. Text recognized from a picture never blocks, because a wrong letter in it may be the recognition's and not the
agency's.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from rapidfuzz import fuzz

from assistant.answers import get_path, with_path
from assistant.editions.form_plan import FormPlan, PlannedBlank
from assistant.editions.library import FormOnHand
from assistant.program.states_and_counties import fold
from assistant.program.words import chief_titles, words
from assistant.reading.answers_of import names_from
from assistant.reading.contacts import STREET
from assistant.reading.slots import CONTACTS, entries_of
from assistant.rules.agreement.believed import is_believed
from assistant.rules.agreement.certainty import cap_severity
from assistant.rules.agreement.misread import correct_words, likeness, looks_clean
from assistant.rules.agreement.party_name import party_name
from assistant.rules.agreement.titles import strip_ices_title
from assistant.rules.registry import Case, check
from assistant.rules.wording import comparable

if TYPE_CHECKING:
    from assistant.answers import Answers
    from assistant.editions.catalog import Edition
    from assistant.reading import ReadAgreement, SlotReading
    from assistant.rules.agreement.registry import DocumentCase
    from assistant.rules.registry import Finding

CODES_ABOUT_ANSWERS = frozenset(
    {
        *("represents-self", "represents-person", "abbrev-undefined", "party-not-lea", "signer-not-chief", "typo"),
        *("opla-not-opla", "opla-address-typo", "contact-mismatch", "contact-format", "title-shared-with-ice"),
        *("pubinfo-no-contact", "poc-a-no-contact", "pubinfo-no-person", "poc-a-no-person"),
    }
)
"""The codes that apply here. Every other rule is about an application, or checks the document itself."""
NOT_OF_PICTURES = frozenset({"typo", "contact-format", "contact-mismatch", "opla-address-typo", "abbrev-undefined"})
PLACES = {
    "agency.legal_name": ("agency",),
    "agency.short_name": ("agency_again", "agency"),
    "agency.represents": ("represents",),
    "signatory.title": ("lea_title", "contact_vii"),
    "signatory.chief_officer": ("lea_title",),
    "signatory.full_name": ("lea_name", "lea_title"),
    "ice.opla_location": ("opla",),
}
COMPARED = {
    "agency.legal_name": "agency",
    "agency.represents": "represents",
    "signatory.title": "lea_title",
    "program_contact.full_name": "contact",
    "public_information_contact.full_name": "public",
    "ice.opla_location": "opla",
}
SURE_DIGITS = 5
LIKE_AN_ADDRESS = 12
"""Letters of a line that nobody could read, from which it may be a telephone number or an e-mail address."""
PARTS = re.compile(r"\s*[,/;&]\s*|\s+and\s+", re.IGNORECASE)
"""Between two titles of one person: "Chief of Police / City Administrator"."""
WORD = re.compile("[A-Za-z]{3}")
OFFICE_HOLDERS = frozenset({"constable", "marshal", "sheriff", "commissioner"})
SAME_NAME = 88
TITLE_MISREAD = 88
AS_LONG, SAME_MISREAD = 0.8, 66
"""A recognized text as long as the name to this part, and as like it as this (0 to 100), is the name, misread."""
LEAST_INITIALS, LEAST_LETTERS, LEAST_AGENCY_LETTERS = 3, 4, 6
"""Letters: of initials that stand for a name, of a word that tells something, of a word of agencies' names."""
UNITS = frozenset({"office", "department"})
AGENCY_WORD = 75
"""A recognized word as like as this to a word of agencies' names is one."""


def run_answers_rules(case: DocumentCase) -> list[Finding]:
    """Return what the rules about answers find in a finished agreement, each with its place on paper."""
    document = case.document
    if document.model is None or document.edition is None or document.answers is None:
        return []
    case_of_answers = Case(
        answers=_answers(document, document.answers),
        today=case.today,
        plans={document.model: _plan(document, document.edition)},
        letter=False,
    )
    findings = [finding for finding in check(case_of_answers).findings if finding.code in CODES_ABOUT_ANSWERS]
    return [placed for finding in findings if (placed := _at_its_place(finding, document))]


def _answers(document: ReadAgreement, answers: Answers) -> Answers:
    """Return the answers with what the title alone says of the person who signs, and misread words set right."""
    party = party_name(document)
    if party and party.is_agreed and party.reading.source == "recognised":
        name, _ = names_from(party.text, None)
        answers = with_path(answers, "agency.legal_name", name, any_text=True)
    for path, slot in COMPARED.items():
        reading, value = document.get(slot), get_path(answers, path)
        if value and reading and reading.source == "recognised":
            answers = with_path(answers, path, correct_words(value), any_text=True)
    name, represents = answers.agency.legal_name, answers.agency.represents
    blank = document.get("represents")
    misread = blank is not None and blank.source == "recognised"
    if name and represents and (_same_agency(name, represents) or (misread and _is_misread_agency(name, represents))):
        answers = with_path(answers, "agency.represents", name, any_text=True)
    title, kind = answers.signatory.title or "", answers.agency.kind
    chief = is_chief(title, kind, name or "")
    line = document.get("lea_title")
    if chief is None and line and line.source == "recognised" and _is_chief_misread(title, kind):
        chief = True
    return replace(answers, signatory=replace(answers.signatory, chief_officer=chief))


def _is_chief_misread(title: str, kind: str | None) -> bool:
    """Say whether a recognized title is a chief officer's of which a letter or two are lost: "Chi of Police"."""
    return any(
        likeness(title, chief) >= TITLE_MISREAD and len(title) < len(chief) + 2 for chief in chief_titles(kind)
    ) and not any(f" {other_title} " in f" {fold(title)} " for other_title in words("no_chief"))


def _same_agency(name: str, represents: str) -> bool:
    """Say whether a text names the agency again: misread, shortened, or by its initials."""
    one, two = comparable(name), comparable(represents)
    initials = "".join(word[0] for word in one.split() if word not in {"of", "the", "and"})
    shortened = set(two.split()) <= set(one.split()) and bool(set(two.split()) & words("agencies"))
    return fuzz.ratio(one, two) >= SAME_NAME or shortened or (len(initials) >= LEAST_INITIALS and two == initials)


def _is_misread_agency(name: str, represents: str) -> bool:
    long_enough = len(represents) >= AS_LONG * len(name)
    return _is_an_agency(represents) or (long_enough and likeness(name, represents) >= SAME_MISREAD)


def _is_an_agency(text: str) -> bool:
    """Say whether a recognized text names a law-enforcement agency, as far as its words can be read.

    Two words of such names in it are enough, or one that stands in the middle of a name: "Sheriff’s Office", "Pol ice".
    """
    text_words = [word for word in comparable(text).split() if len(word) >= LEAST_LETTERS]
    text_words += ["".join(pair) for pair in pairwise(text_words)]
    agency_words = [word for word in words("agencies") if len(word) >= LEAST_AGENCY_LETTERS]
    matches = {word for word in agency_words for one in text_words if likeness(one, word) >= AGENCY_WORD}
    return bool(matches & UNITS) and bool(matches - UNITS)


def is_chief(title: str, kind: str | None, agency: str = "") -> bool | None:
    """Return True if a title is a chief officer's, or None if a person has to be asked.

    A text without any word of a title is a name in the wrong blank and raises no question.
    """
    if fold(strip_ices_title(title)) in chief_titles(kind):
        return True
    parts = [f" {fold(part).removeprefix('the honorable ')} " for part in PARTS.split(title)]
    plain = [part for part in parts if not any(f" {other_title} " in part for other_title in words("no_chief"))]
    if any(f" {chief} " in part for part in plain for chief in chief_titles(kind)):
        return True
    title_words = set(fold(title).split())
    if len(plain) < len(parts):
        return None
    # A constable's office is led by its constable.
    if title_words & set(fold(agency).split()) & OFFICE_HOLDERS:
        return True
    return None if title_words & (words("titles") | words("ranks")) else True


def _plan(document: ReadAgreement, edition: Edition) -> FormPlan:
    """Return what stands in each blank that was read, as if it had been planned so."""
    blanks = tuple(
        PlannedBlank(entry=entry, text=reading.text, wording="full", path=entry.path)
        for slot, reading in document.readings.items()
        for entry in entries_of(slot, edition)[:1]
        if reading.read
    )
    return FormPlan(form=FormOnHand(edition=edition), blanks=blanks)


def _at_its_place(finding: Finding, document: ReadAgreement) -> Finding | None:
    reading = place_of(finding.where, document)
    if reading is None:
        return None
    misread = finding.code in NOT_OF_PICTURES and not is_believed(finding.code, reading, document)
    if reading.source == "recognised" and (misread or _hardly_read(finding.code, reading)):
        return None
    if finding.severity == "blocker":
        finding = replace(finding, severity=cap_severity(reading) or "blocker")
    return replace(finding, where=reading.where)


def _hardly_read(code: str, reading: SlotReading) -> bool:
    """Say whether the blank may have a telephone number or an e-mail address that the program misread."""
    remaining_text = " ".join(
        line.text for line in reading.lines if not (STREET.search(line.text) and WORD.search(line.text))
    )
    garbled = any(
        line.recognized == "unknown" and len(line.text) >= LIKE_AN_ADDRESS and not looks_clean(line.text)
        for line in reading.lines
    )
    return code.endswith("-no-contact") and (
        garbled or "@" in remaining_text or sum(c.isdigit() for c in remaining_text) >= SURE_DIGITS
    )


def place_of(path: str, document: ReadAgreement) -> SlotReading | None:
    """Return where on paper a problem in the answers is."""
    section = path.partition(".")[0]
    slots = next(((slot,) for slot, name in CONTACTS.items() if name == section), PLACES.get(path, ()))
    return next((reading for slot in slots if (reading := document.get(slot))), None)
