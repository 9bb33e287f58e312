"""Advice for a text that does not fit its blank: a way that works for this answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.answers import get_path
from assistant.editions.formats import parts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from assistant.answers import Answers
    from assistant.editions.catalog import Entry
    from assistant.editions.form_plan import PlannedBlank

CONTACTS = ("program_contact", "public_information_contact")
OTHER_WAY = {"email": ("phone", "the telephone number"), "phone": ("email", "the e-mail address")}
"""By the last part of a path: another way to reach a contact."""
ONE_NUMBER = "(727) 555-0102"
"""A telephone number as forms show it; none is shorter."""
STREET, ZIP = "agency.address.street", "agency.address.zip"
CHOICES = frozenset({"models", "agency.kind", "agency.state", "agency.address.state"})
"""Answers that are chosen from a list, so that no one can word them differently."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What to do about a text that does not fit: a sentence for every reader, and one for the command line."""

    sentence: str
    command: str = ""
    wording: bool = False
    """Whether a shorter wording, in addition to the answer itself, is what helps."""


BY_HAND = Advice(
    sentence="This answer cannot be shortened. Leave the blank empty in the form’s map, and fill it by hand.",
    command="`moa forms unregister` unregisters a form, so that you can correct its map.",
)
"""For an answer that no one can change: only a form mapped here has blanks this small, and its map can be corrected."""


def advise(blank_text: PlannedBlank, answers: Answers, entries: Iterable[Entry]) -> Advice:
    """Return advice for a blank whose text does not fit; ``entries`` are all blanks that the answers go into.

    An e-mail address, a date or a choice from a list cannot be shortened.
    """
    path = longest_part(blank_text, answers)
    last = path.rpartition(".")[2]
    if last in OTHER_WAY:
        return _advise_contact(path, blank_text, answers, entries)
    if path == ZIP:
        return Advice(sentence="Enter only the five digits of the ZIP Code.")
    if path == STREET:
        return Advice(sentence="Shorten the street in the answer, for example “St.” for “Street”.")
    if not can_be_reworded(path, blank_text.entry.format):
        return BY_HAND
    sentence = "Choose a shorter wording for this blank."
    if blank_text.wording == "short":
        sentence = "Make the shorter wording even shorter."
    command = f'In an answers file, the shorter wording is in "short_wordings": {{"{path}": "…"}}.'
    return Advice(sentence=sentence, command=command, wording=True)


def can_be_reworded(path: str, written_as: str) -> bool:
    """Say whether an answer may have a shorter wording: a date, a choice, a telephone number or an email has none."""
    last = path.rpartition(".")[2]
    return not (last in OTHER_WAY or last.endswith("_on") or path in {*CHOICES, STREET, ZIP} or written_as == "date")


def longest_part(blank_text: PlannedBlank, answers: Answers) -> str:
    """Return the path of the longest answer in a blank, because shortening that one helps most."""
    paths = parts(blank_text.entry.format, blank_text.entry.path)
    return max(paths, key=lambda path: len(str(get_path(answers, path) or "")))


def can_be_left_out(path: str, answers: Answers, entries: Iterable[Entry]) -> bool:
    """Say whether a telephone number or e-mail address may be deleted: the other is given, and no blank needs this."""
    section, _, last = path.rpartition(".")
    if last not in OTHER_WAY or not get_path(answers, f"{section}.{OTHER_WAY[last][0]}"):
        return False
    return section in CONTACTS or all(entry.optional for entry in entries if entry.path == path)


def _advise_contact(path: str, blank_text: PlannedBlank, answers: Answers, entries: Iterable[Entry]) -> Advice:
    last = path.rpartition(".")[2]
    what = "An e-mail address" if last == "email" else "A telephone number"
    ways = []
    if last == "email":
        ways.append("enter another address that is shorter")
    elif " ext. " in blank_text.text:
        ways.append("enter it without the extension")
    elif len(blank_text.text) > len(ONE_NUMBER):
        ways.append("enter one number of ten digits")
    if can_be_left_out(path, answers, entries):
        ways.append(f"delete it and give only {OTHER_WAY[last][1]}")
    if not ways:
        return BY_HAND
    alternatives = ", or ".join(ways)
    return Advice(sentence=f"{what} cannot be shortened: {alternatives}.")
