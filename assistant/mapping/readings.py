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
NOTHING_SAYS = f"{NOT_MAPPED}nothing around it says what it asks for"
NO_AGREEMENT = f"{NOT_MAPPED}the PDF does not show itself to be a 287(g) agreement"
NO_TEXT = f"{NOT_MAPPED}this is no field for a text"
WRITTEN = frozenset({"Tx", "Sig", "flat"})
_PERSONS = ("signatory.", "program_contact.", "public_information_contact.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A blank, and what is proposed for it."""

    blank: Blank
    meaning: Meaning
    sureness: ProposalSureness
    why: str


def reading_of(asked: LabelQuestion, told: Meaning | None, known: KnownBlank | None, *, letter: bool) -> Reading:
    """Return what is proposed for a blank: ``told`` is what the words around it say, ``known`` what editions say."""
    return _doubted(_heard(asked, told, known, letter=letter), asked)


def _heard(asked: LabelQuestion, told: Meaning | None, known: KnownBlank | None, *, letter: bool) -> Reading:
    blank = asked.blank
    if blank.kind not in WRITTEN:
        if told is None or told.reason != TICKED:
            return unread(asked, NO_TEXT)
        return Reading(blank=blank, meaning=told, sureness="likely", why="a box, which only a person ticks")
    if told and known:
        return _two_witnesses(blank, told, known)
    if told or known:
        source = f"the same place in {known.edition}" if known else "the words around it"
        return _with_name(asked, told or known.meaning, source)  # type: ignore[union-attr]  # one of the two is there
    if not letter and (meaning := by_name(asked)):
        return _by_name(asked, meaning)
    return unread(asked, NOTHING_SAYS)


def _with_name(asked: LabelQuestion, meaning: Meaning, source: str) -> Reading:
    """Return a reading of one witness, with what the field's own name and tooltip say to it."""
    blank, agrees = asked.blank, supports(asked.heard, meaning)
    if agrees is None:
        return Reading(blank=blank, meaning=meaning, sureness="likely", why=source)
    if agrees:
        return Reading(blank=blank, meaning=meaning, sureness="sure", why=f"{source} and its name")
    if asked.heard.side == "ice" and meaning.side != "ice":
        meaning = replace(meaning, side="ice", path="", format="text", instead=(), optional=False, reason=ICES)
    return Reading(blank=blank, meaning=meaning, sureness="guess", why=f"{source}; but its name says something else")


def _by_name(asked: LabelQuestion, meaning: Meaning) -> Reading:
    """Return a reading that the field's own name or tooltip alone gives."""
    heard = asked.heard
    borne = heard.tooltip is not None or (asked.context.side is not None and heard.side != "ice")
    understood = not asked.printed or asked.label[1] is not None
    sure = borne and understood and heard.name in {None, heard.kind}
    if meaning.side == "ice":
        sure = asked.context.side != "agency"
    why = "only the field’s own name or tooltip says so"
    return Reading(blank=asked.blank, meaning=meaning, sureness="likely" if sure else "guess", why=why)


def _doubted(reading: Reading, asked: LabelQuestion) -> Reading:
    """Return a reading, as a guess where it would fill what the form lets nobody type into, or calls ICE's."""
    if reading.meaning.reason:
        return reading
    if asked.heard.side == "ice":
        meaning = ices(reading.meaning.name, reading.meaning.label)
        why = f"{reading.why}; but its name says that it is ICE’s"
        return replace(reading, meaning=meaning, sureness="guess", why=why)
    if reading.blank.read_only:
        why = f"{reading.why}; but the field is read-only: is it the agency’s to fill?"
        return replace(reading, sureness="guess", why=why)
    return reading


def once_each(readings: Sequence[Reading]) -> Iterator[Reading]:
    """Yield the readings; what asks for the same answer of a person again on a page is a guess: it may be another's."""
    seen: dict[tuple[int, str], str] = {}
    for reading in readings:
        blank, path = reading.blank, reading.meaning.path
        first = seen.setdefault((blank.page, path), blank.name or str(blank.rect))
        again = path.startswith(_PERSONS) and first != (blank.name or str(blank.rect))
        why = f"{reading.why}; but the page asks for it before: is it another person?"
        yield replace(reading, sureness="guess", why=why) if again else reading


def _two_witnesses(blank: Blank, told: Meaning, known: KnownBlank) -> Reading:
    if _agree(told, known.meaning):
        # The map that a person made says more of wordings and formats than a pattern can.
        meaning = known.meaning if told.path and told.path == known.meaning.path else told
        why = f"the words around it and the same place in {known.edition}"
        return Reading(blank=blank, meaning=meaning, sureness="sure", why=why)
    why = f"the words around it; {known.edition} has “{known.meaning.label}” there"
    return Reading(blank=blank, meaning=told, sureness="guess", why=why)


def _agree(told: Meaning, known: Meaning) -> bool:
    if told.reason or known.reason:
        return bool(told.reason) and bool(known.reason) and told.side == known.side
    return told.path == known.path or told.path in known.instead or known.path in told.instead


def unread(asked: LabelQuestion, reason: str) -> Reading:
    """Return the reading of a blank for which nothing is proposed."""
    blank = asked.blank
    label = f"“{blank.name}”" if blank.name else "a rule to write on"
    side: Side = "ice" if asked.ices else "agency" if asked.agencys else "unknown"
    meaning = Meaning(name="", label=label, side=side, reason=reason)
    return Reading(blank=blank, meaning=meaning, sureness="unknown", why=reason)
