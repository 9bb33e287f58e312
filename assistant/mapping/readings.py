"""How sure a proposal is: the words around a blank, the known editions and the field's own name are its witnesses.

Two that agree make it sure, one makes it likely, and where they disagree it is a guess. What may be ICE's side is never
given an answer, whoever says so.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from assistant.mapping.field_hints import supports
from assistant.mapping.labelled import by_name
from assistant.mapping.meanings import ICES, TICKED, Meaning, ices

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assistant.editions.catalog import Side
    from assistant.mapping.context import Blank
    from assistant.mapping.known_blanks import KnownBlank
    from assistant.mapping.labelled import LabelQuestion

ProposalSureness = Literal["sure", "likely", "guess", "unknown", "decided"]
"""How sure a proposal is; "decided" is what a person has said."""

NOT_MAPPED = "not mapped: "
NOTHING_SAYS = f"{NOT_MAPPED}nothing near it says what it asks for"
NO_AGREEMENT = f"{NOT_MAPPED}the PDF does not look like a 287(g) agreement"
NO_TEXT = f"{NOT_MAPPED}this is not a text field"
TEXT_KINDS = frozenset({"Tx", "Sig", "flat"})
_PERSONS = ("signatory.", "program_contact.", "public_information_contact.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A blank, and what is proposed for it."""

    blank: Blank
    meaning: Meaning
    sureness: ProposalSureness
    why: str


def reading_of(
    question: LabelQuestion, from_words: Meaning | None, known_blank: KnownBlank | None, *, letter: bool
) -> Reading:
    """Return what is proposed for a blank.

    ``from_words`` is what the words around it say, ``known_blank`` the blank of a known edition at the same place.
    """
    return _doubted(_combine_sources(question, from_words, known_blank, letter=letter), question)


def _combine_sources(
    question: LabelQuestion, from_words: Meaning | None, known_blank: KnownBlank | None, *, letter: bool
) -> Reading:
    blank = question.blank
    if blank.kind not in TEXT_KINDS:
        if from_words is None or from_words.reason != TICKED:
            return unread(question, NO_TEXT)
        return Reading(blank=blank, meaning=from_words, sureness="likely", why="a box, which only a person checks")
    if from_words and known_blank:
        return _two_witnesses(blank, from_words, known_blank)
    if known_blank:
        return _with_name(question, known_blank.meaning, f"the same place in {known_blank.edition}")
    if from_words:
        return _with_name(question, from_words, "the words around it")
    if not letter and (meaning := by_name(question)):
        return _by_name(question, meaning)
    return unread(question, NOTHING_SAYS)


def _with_name(question: LabelQuestion, meaning: Meaning, source: str) -> Reading:
    """Return a reading of one witness, with what the field's own name and tooltip say to it."""
    blank, agrees = question.blank, supports(question.hints, meaning)
    if agrees is None:
        return Reading(blank=blank, meaning=meaning, sureness="likely", why=source)
    if agrees:
        return Reading(blank=blank, meaning=meaning, sureness="sure", why=f"{source} and its name")
    if question.hints.side == "ice" and meaning.side != "ice":
        meaning = replace(meaning, side="ice", path="", format="text", alternatives=(), optional=False, reason=ICES)
    return Reading(blank=blank, meaning=meaning, sureness="guess", why=f"{source}; but its name says something else")


def _by_name(question: LabelQuestion, meaning: Meaning) -> Reading:
    """Return a reading that the field's own name or tooltip alone gives."""
    hints = question.hints
    borne = hints.tooltip is not None or (question.context.side is not None and hints.side != "ice")
    understood = not question.printed or question.label[1] is not None
    sure = borne and understood and hints.name in {None, hints.kind}
    if meaning.side == "ice":
        sure = question.context.side != "agency"
    why = "only the field’s own name or tooltip says so"
    return Reading(blank=question.blank, meaning=meaning, sureness="likely" if sure else "guess", why=why)


def _doubted(reading: Reading, question: LabelQuestion) -> Reading:
    """Return a reading, as a guess where it would fill what the form lets nobody type into, or calls ICE's."""
    if reading.meaning.reason:
        return reading
    if question.hints.side == "ice":
        meaning = ices(reading.meaning.name, reading.meaning.label)
        why = f"{reading.why}; but its name says that it is ICE’s"
        return replace(reading, meaning=meaning, sureness="guess", why=why)
    if reading.blank.read_only:
        why = f"{reading.why}; but the field is read-only: does the agency fill it?"
        return replace(reading, sureness="guess", why=why)
    return reading


def once_each(readings: Sequence[Reading]) -> Iterator[Reading]:
    """Yield the readings; what asks for the same answer of a person again on a page is a guess: it may be another's."""
    first_places: dict[tuple[int, str], str] = {}
    for reading in readings:
        blank, path = reading.blank, reading.meaning.path
        first = first_places.setdefault((blank.page, path), blank.name or str(blank.rect))
        again = path.startswith(_PERSONS) and first != (blank.name or str(blank.rect))
        why = f"{reading.why}; but the page asks for it before: is it another person?"
        yield replace(reading, sureness="guess", why=why) if again else reading


def _two_witnesses(blank: Blank, from_words: Meaning, known_blank: KnownBlank) -> Reading:
    if _agree(from_words, known_blank.meaning):
        # The map that a person made says more of wordings and formats than a pattern can.
        meaning = known_blank.meaning if from_words.path and from_words.path == known_blank.meaning.path else from_words
        why = f"the words around it and the same place in {known_blank.edition}"
        return Reading(blank=blank, meaning=meaning, sureness="sure", why=why)
    why = f"the words around it; {known_blank.edition} has “{known_blank.meaning.label}” there"
    return Reading(blank=blank, meaning=from_words, sureness="guess", why=why)


def _agree(one: Meaning, other: Meaning) -> bool:
    if one.reason or other.reason:
        return bool(one.reason) and bool(other.reason) and one.side == other.side
    return one.path == other.path or one.path in other.alternatives or other.path in one.alternatives


def unread(question: LabelQuestion, reason: str) -> Reading:
    """Return the reading of a blank for which nothing is proposed."""
    blank = question.blank
    label = f"“{blank.name}”" if blank.name else "a rule to write on"
    side: Side = "ice" if question.ices else "agency" if question.agencys else "unknown"
    meaning = Meaning(name="", label=label, side=side, reason=reason)
    return Reading(blank=blank, meaning=meaning, sureness="unknown", why=reason)
