"""The agency's name as its agreement has it: the reading that most of the blanks share.

A program that reads pictures garbles small letters, so the name on the first page need not be the best reading. What
was typed counts before what was recognized, and one garbled reading never decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from assistant.program.states_and_counties import fold
from assistant.program.words import words
from assistant.reading.slots import NAMED
from assistant.rules.agreement.misread import correct_words, likeness, looks_clean
from assistant.rules.wording import comparable, is_placeholder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.reading import ReadAgreement, SlotReading

SHARED = 92
"""Readings as alike as this (0 to 100) are one name; letters that look alike count as the same letter."""
SAME_WORD = 66
"""Words as alike as this may be one word, misread."""
GARBLED = 58
"""Recognized names less alike than this have nothing in common but their length."""
LONGEST_INITIALS = 10
LEAST_LETTERS = 4
"""Letters of a word that tells one name from another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyName:
    """Where the agency's name is read best. ``votes`` counts the blanks that have this name, this one among them."""

    reading: SlotReading
    votes: int

    @property
    def text(self) -> str:
        """Return the name as it was read there."""
        return self.reading.text

    @property
    def is_agreed(self) -> bool:
        """Say whether the name is surely read rightly: typed, or recognized alike in two places."""
        return self.reading.source != "recognised" or self.votes > 1


def party_name(document: ReadAgreement) -> PartyName | None:
    """Return the name that most blanks share, the first page's where no other is shared by more; None: it is unread.

    Where the first page's could not be read, it takes two blanks that share a name.
    """
    first = document.get("agency")
    if first is None or not first.read:
        return _name_of_other_blanks(document)
    others = [reading for slot in NAMED if (reading := document.get(slot)) and reading.read and _may_be_name(reading)]
    readings = [first, *others, *(footer for footer in document.footers if footer.read and _may_be_name(footer))]
    typed_readings = [reading for reading in readings if reading.source != "recognised"]
    if first.source != "recognised":
        votes = {
            comparable(one.text): sum(comparable(one.text) == comparable(two.text) for two in typed_readings)
            for one in typed_readings
        }
        best = max(typed_readings, key=lambda one: votes[comparable(one.text)])
        return PartyName(reading=best, votes=votes[comparable(best.text)])
    if typed_readings:
        return PartyName(reading=typed_readings[0], votes=len(typed_readings))
    return _shared_name(readings, document)


def _name_of_other_blanks(document: ReadAgreement) -> PartyName | None:
    """Return the name that two blanks of the agency's side share, not counting the first page's."""
    readings = [reading for slot in NAMED if (reading := document.get(slot)) and reading.read and _may_be_name(reading)]
    best = _shared_name(readings, document) if readings else None
    return best if best and best.votes > 1 else None


def _shared_name(readings: Sequence[SlotReading], document: ReadAgreement) -> PartyName:
    """Return the reading that the others are likest to."""
    alike = [[likeness(one.text, two.text) for two in readings] for one in readings]
    texts = [comparable(one.text) for one in readings]
    best_at = max(range(len(readings)), key=lambda n: (sum(alike[n]), texts.count(texts[n])))
    best = readings[best_at]
    # Older prints name the agency in their sentences too.
    in_text = sum(likeness(best.text[: len(name)], name) >= SHARED for _, name in document.named_agencies)
    return PartyName(reading=best, votes=sum(score >= SHARED for score in alike[best_at]) + in_text)


def is_another_name(party: PartyName, other: SlotReading) -> bool:
    """Say whether a recognized text, or a text beside a recognized name, surely is another name than the party's.

    A word of agencies or offices that is clearly read, and that no word of the party's name may have been, tells it.
    """
    one, two = comparable(correct_words(party.text)), comparable(correct_words(other.text))
    if likeness(one, two) >= SHARED:
        return False
    if not party.is_agreed:
        # Neither may be right: only what is clean to the letter is compared.
        return looks_clean(party.text) and looks_clean(other.text) and likeness(one, two) < GARBLED
    own = fold(one).split()
    own += ["".join(pair) for pair in pairwise(own)]
    known_words = [word for word in fold(two).split() if word in words("agencies") and len(word) >= LEAST_LETTERS]
    new = [word for word in known_words if max((likeness(word, mine) for mine in own), default=0) < SAME_WORD]
    return bool(new) or (looks_clean(other.text) and likeness(one, two) < GARBLED)


def _may_be_name(reading: SlotReading) -> bool:
    text = reading.text
    is_short = len(text) <= LONGEST_INITIALS and " " not in text
    return not is_short and not is_placeholder(text) and any(c.isalpha() for c in text)
