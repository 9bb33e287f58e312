"""Text that ends inside a word, as where a narrow field was flattened or printed: found by what the whole word is.

A last word that is the beginning of the word in the same place of the agency's own name, or of a word of titles and
offices, was cut. An abbreviation was not, and neither is a word that a program read wrongly: every word before it
has to be right to the letter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.program.states_and_counties import fold
from assistant.program.words import words
from assistant.reading.slots import CONTACTS, NAMED
from assistant.rules.agreement.misread import fold_lookalikes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.reading import SlotReading
    from assistant.rules.agreement.party_name import PartyName

NAME_SLOTS = ("agency", *NAMED, "represents")
LEAST_LINE = 24
"""Letters: no shorter line of a contact is as wide as its blank."""
LEAST_WORD = 3
"""Letters of a cut word: fewer begin too many words."""


def ends_inside_a_word(reading: SlotReading, party: PartyName | None) -> bool:
    """Say whether what stands in a blank surely ends inside a word."""
    if not reading.read or not reading.lines:
        return False
    if reading.slot in NAME_SLOTS:
        return party is not None and party.is_agreed and _is_beginning(reading.text, party.text)
    if reading.slot in CONTACTS:
        return any(_ends_in_part(line.text) for line in reading.lines)
    return False


def _is_beginning(text: str, name: str) -> bool:
    """Say whether a text is a name as far as into the middle of one of its words."""
    text_words, whole = _words(text), _words(name)
    if not text_words or len(text_words) > len(whole) or text.rstrip().endswith(".") or fold(text).split()[-1:] == []:
        return False
    last, full = text_words[-1], whole[len(text_words) - 1]
    is_short_form = fold(text).split()[-1] in words("abbreviations") or last in {full, full.removesuffix("s")}
    return (
        text_words[:-1] == whole[: len(text_words) - 1]
        and len(text_words) > 1
        and full.startswith(last)
        and not is_short_form
    )


def _ends_in_part(text: str) -> bool:
    """Say whether a line of a contact ends with the beginning of a word of titles and offices, and is no whole word."""
    text_words = fold(text).split()
    if len(text) < LEAST_LINE or len(text_words) < LEAST_WORD or not text[-1].isalpha() or "@" in text:
        return False
    last = text_words[-1]
    known_words = words("titles") | words("offices") | words("spelled")
    if (
        len(last) < LEAST_WORD
        or last in known_words | words("abbreviations") | words("also_right")
        or last.endswith("s")
    ):
        return False
    before = text_words[-2]
    return before in known_words | {"and", "of"} and any(word.startswith(last) for word in known_words)


def _words(text: str) -> Sequence[str]:
    return [folded for word in text.split() if (folded := fold_lookalikes(word))]
