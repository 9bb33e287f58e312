"""Typing errors in the words of titles and places, and in OPLA's addresses. Names of people are not checked."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from rapidfuzz.distance import DamerauLevenshtein

from assistant.answers import get_path
from assistant.program import cite, opla_locations
from assistant.program.states_and_counties import county_names, fold
from assistant.program.words import fold_address, words
from assistant.rules.registry import FORM_REVIEW, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.rules.registry import Case

LOOKED_AT = {
    "agency.legal_name": "the agency's name",
    "agency.represents": "whom the agency represents",
    "signatory.title": "the title of the person who signs",
    "program_contact.title": "the title of the program contact",
    "public_information_contact.title": "the title of the public-information contact",
    "approvals.governing_body": "the governing body",
}
NEAR_ADDRESS = 0.9
SLIPS = 2
LONG = 7
"""Letters: in a word this long, with the right first and last letter, two typing errors do not make another word."""


@rule("typo", severity="note", source=FORM_REVIEW)
def words_of_titles_and_places_are_spelled_right(case: Case) -> Iterator[Problem]:
    """Words in titles and places are spelled correctly."""
    for path, what in LOOKED_AT.items():
        for word in fold(get_path(case.answers, path) or "").split():
            suggestion = meant_word(word)
            if suggestion:
                yield Problem(path, f"In {what}, “{word}” may be a typing error for “{suggestion}”. If so, correct it.")


@rule("opla-address-typo", severity="warning", source=str(cite("opla-list")))
def the_opla_address_is_spelled_as_listed(case: Case) -> Iterator[Problem]:
    """An address in the OPLA blank is spelled as it is on the list."""
    text = case.answers.ice.opla_location or ""
    folded = fold_address(text)
    if not any(letter.isdigit() for letter in folded):
        return
    addresses = {fold_address(location.address): location.address for location in opla_locations()}
    if any(address.startswith(folded) or address in folded for address in addresses):
        return
    near = max(addresses, key=lambda address: _likeness(folded, address))
    if _likeness(folded, near) >= NEAR_ADDRESS:
        yield Problem("ice.opla_location", f"The list has “{addresses[near]}”. Compare it with what is entered here.")


def meant_word(word: str) -> str | None:
    """Return the word that was probably meant: one letter missing, added or changed, or two letters swapped.

    A long word may have two errors. Names of places are not reported: there is a Marshall County.
    """
    if word in words("spelled") | words("also_right") or word in county_names():
        return None
    near = {right: slips for right in sorted(words("spelled")) if (slips := _slips(word, right)) <= SLIPS}
    # Two letters swapped are likelier than one left out: "officre" is an officer.
    return min(near, key=lambda right: (near[right], sorted(right) != sorted(word)), default=None)


def _slips(word: str, right: str) -> int:
    """Return the number of typing errors between two words; ``SLIPS`` + 1 if they are different words."""
    if word[:1] != right[:1]:
        return SLIPS + 1
    long = min(len(word), len(right)) >= LONG and word[-1] == right[-1]
    few = SLIPS if long else 1
    slips = DamerauLevenshtein.distance(word, right, score_cutoff=few)
    return slips if slips <= few else SLIPS + 1


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()
