"""Which slips in a recognized text are the writer's, and not those of the program that read the picture.

Programs take letters for others that look alike, and lose some; they neither double a letter nor exchange two. Beside
that, a slip is believed on a page whose printed words were read without one, in a line that is clean but for the slip.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from assistant.program import opla_locations
from assistant.program.states_and_counties import fold
from assistant.program.words import fold_address
from assistant.rules.agreement.misread import CLEAN, fold_lookalikes, looks_clean
from assistant.rules.spelling import meant_word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.reading import ReadAgreement, SlotReading

WELL_READ = 0.985
"""Of the printed words of a page, so many have to be read to the letter before a slip on it is the writer's."""
INITIALS = re.compile(r"[A-Z]{3,7}")
DIGITS = 10


def is_believed(code: str, reading: SlotReading, document: ReadAgreement) -> bool:
    """Say whether a finding about the letters of a recognized text is surely about what the agency wrote."""
    if code == "abbrev-undefined":
        return _is_initials_alone(document)
    if code == "opla-address-typo":
        return is_well_read(document, reading) and differs_in_one_word(reading.text)
    if code == "contact-mismatch":
        return is_well_read(document, document.get("contact"), document.get("public")) and _numbers_differ(document)
    return False


def is_well_read(document: ReadAgreement, *readings: SlotReading | None) -> bool:
    """Say whether some readings can be believed to the letter.

    They can where the printed words of their pages were read to the letter, or where both of our recognizers surely
    read the same letters in every line.
    """
    legible = {page.number: page.legible for page in document.pages}
    return all(
        reading is not None and (legible.get(reading.page, 0.0) >= WELL_READ or _is_sure_to_the_letter(reading))
        for reading in readings
    )


def _is_sure_to_the_letter(reading: SlotReading) -> bool:
    return bool(reading.lines) and all(line.recognized == "sure" for line in reading.lines)


def differs_in_one_word(text: str) -> bool:
    """Say whether an address is a listed one but for one word, which is no misreading of the listed word."""
    fragments = fold_address(text).split()
    for location in opla_locations():
        listed_fragments = fold_address(location.address).split()
        changes = [
            change
            for change in SequenceMatcher(None, listed_fragments, fragments, autojunk=False).get_opcodes()
            if change[0] != "equal"
        ]
        if len(changes) == 1 and changes[0][0] == "replace":
            _, a, b, c, d = changes[0]
            one, other = "".join(listed_fragments[a:b]), "".join(fragments[c:d])
            if b - a == d - c == 1 and fold_lookalikes(one) != fold_lookalikes(other):
                return True
    return False


def slips_of_the_writer(document: ReadAgreement, reading: SlotReading) -> Iterator[tuple[str, str]]:
    """Yield (word, the word meant) for each misspelt word of a recognized blank that the agency surely wrote so."""
    for line in reading.lines:
        for word in line.text.split():
            plain_word = word.strip(",.;:()")
            intended_word = meant_word(fold(plain_word)) if CLEAN.fullmatch(plain_word) else None
            if intended_word is None or fold_lookalikes(intended_word) == fold_lookalikes(plain_word):
                continue
            if _is_doubled_or_swapped(fold(plain_word), intended_word) or (
                is_well_read(document, reading) and looks_clean(line.text)
            ):
                yield fold(plain_word), intended_word


def _is_doubled_or_swapped(word: str, intended_word: str) -> bool:
    """Say whether a word has one letter twice where the right one has it once, or two letters exchanged."""
    if len(word) == len(intended_word) + 1:
        return any(word[n] == word[n - 1] and word[:n] + word[n + 1 :] == intended_word for n in range(1, len(word)))
    return len(word) == len(intended_word) and any(
        word[:n] + word[n + 1] + word[n] + word[n + 2 :] == intended_word and word != intended_word
        for n in range(len(word) - 1)
    )


def _is_initials_alone(document: ReadAgreement) -> bool:
    again = document.get("agency_again")
    names = [reading.text for slot in ("agency", "appendix_b", "lea_agency") if (reading := document.get(slot))]
    return again is not None and bool(INITIALS.fullmatch(again.text)) and not any("(" in name for name in names)


def _numbers_differ(document: ReadAgreement) -> bool:
    answers = document.answers
    if answers is None:
        return False
    one, other = (
        re.sub(r"\D", "", contact.phone or "")
        for contact in (answers.program_contact, answers.public_information_contact)
    )
    differing = sum(a != b for a, b in zip(one, other, strict=False))
    return len(one) == len(other) == DIGITS and differing > 1
