"""Whether the text in the blanks can be read on paper and is the agency's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.reading.answers_of import INITIALS
from assistant.reading.filled_values import explain_lost_form
from assistant.reading.slots import CONTACTS
from assistant.rules.agreement.certainty import cap_severity
from assistant.rules.agreement.cut_text import ends_inside_a_word
from assistant.rules.agreement.misread import correct_words
from assistant.rules.agreement.others import names_of, of_another
from assistant.rules.agreement.party_name import is_another_name, party_name
from assistant.rules.agreement.registry import Problem, document_rule
from assistant.rules.wording import comparable, is_placeholder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.reading import ReadAgreement, SlotReading
    from assistant.rules.agreement.party_name import PartyName
    from assistant.rules.agreement.registry import DocumentCase
    from assistant.rules.registry import Severity

SIZES: tuple[tuple[float, Severity], ...] = ((5.0, "blocker"), (6.0, "warning"), (7.0, "note"))
"""Points: text smaller than this is too small, in a document made by others."""
SIZE_TOLERANCE_PT = 0.05
SMALL_IN_PICTURE = 6.5
"""Points: sizes estimated from the width of words are 7 % too small for letters like Times, so the limit is under 7."""
MOST_INITIALS = 5
"""Letters: capitals up to so many are initials and no name."""
BY_PEN = ("lea_signature", "lea_date")


@document_rule("text-clipped")
def nothing_is_cut_off(case: DocumentCase) -> Iterator[Problem]:
    """No text is cut off at the edge of its blank: none is wider than it, and none ends inside a word."""
    party = party_name(case.document)
    for reading in _agency_side(case.document):
        if reading.source != "recognised" and any(line.clipped for line in reading.lines):
            yield Problem(
                reading.where,
                "The text is wider than the blank, so its end is cut off. Write a shorter text there.",
            )
        elif ends_inside_a_word(reading, party):
            yield Problem(
                reading.where,
                "The text seems to be cut off: it ends inside a word. Look at it on paper, and write a shorter wording "
                "there.",
                severity="warning",
            )


@document_rule("text-tiny")
def nothing_is_too_small(case: DocumentCase) -> Iterator[Problem]:
    """No text is too small to read: under 5 points it blocks, and under 7 points it is a warning."""
    for reading in _agency_side(case.document):
        sizes = [line.size for line in reading.lines if line.size and not line.clipped]
        # What an electronic signature shows is not the agency's to size.
        if reading.slot == "lea_signature":
            continue
        if reading.source == "recognised":
            yield from _small_in_the_picture(reading)
            continue
        if not sizes:
            continue
        severity = next((severity for limit, severity in SIZES if min(sizes) < limit - SIZE_TOLERANCE_PT), None)
        if severity:
            yield Problem(
                reading.where,
                f"The text is printed at {min(sizes):.1f} pt; under 7 pt, it is hard to read, and under 5 pt, no "
                "one can read it. Write a shorter text there.",
                severity=severity,
            )


def _small_in_the_picture(reading: SlotReading) -> Iterator[Problem]:
    sizes = [line.drawn_size for line in reading.lines if line.drawn_size]
    if sizes and min(sizes) < SMALL_IN_PICTURE:
        yield Problem(
            reading.where,
            f"The text is drawn at about {min(sizes):.1f} pt, by the width of its words; under 7 pt it is hard to "
            "read. Write a shorter wording there.",
            severity="note",
        )


@document_rule("placeholder-left")
def no_placeholder_is_left_on_a_page(case: DocumentCase) -> Iterator[Problem]:
    """No placeholder is left in any blank, and no row of X anywhere on the pages of the form."""
    pages: set[int] = set()
    printed = dict(case.document.printed_placeholders)
    for reading in _agency_side(case.document):
        # A contact's line may have its own label ("Phone"), and initials may be an agency's. Newer prints have "LEA" in
        # the text itself where older ones have a blank: in a picture, one may be taken for the other.
        own_text = reading.slot == "agency_enters" and not reading.is_certain
        bare = reading.slot == "agency_again" or reading.slot in CONTACTS or own_text
        if not reading.read or (reading.page in printed and reading.text.strip(" ,.") == printed[reading.page]):
            continue
        if any(is_placeholder(line.text, initials=bare) for line in reading.lines):
            pages.add(reading.page)
            yield Problem(
                reading.where,
                "A placeholder was left here. Write the real text in its place.",
                severity=cap_severity(reading),
            )
    for page, _ in dict.fromkeys(case.document.strange):
        if page not in pages:
            yield Problem(f"p. {page}", "A placeholder of X was left here. Write the real text in its place.")
    for page, row in printed.items():
        yield Problem(
            f"p. {page}",
            f"The official form itself prints “{row}” here. Ask ICE what belongs in its place.",
            severity="warning",
        )


@document_rule("name-inconsistent", severity="warning")
def the_agency_has_one_name(case: DocumentCase) -> Iterator[Problem]:
    """The agency has the same name on every page."""
    document = case.document
    party = party_name(document)
    if party is None:
        return
    own = party.reading
    first = document.get("agency")
    for reading in (*([first] if first and first.read else []), *names_of(document)):
        if reading is own or is_placeholder(reading.text) or _same_name(party, reading) or of_another(party, reading):
            continue
        yield Problem(
            reading.where,
            f"The name here differs from the one in the {own.label} (p. {own.page}). Write the agency's name the same "
            "way everywhere.",
        )


@document_rule("handwriting", severity="note")
def blanks_are_typed(case: DocumentCase) -> Iterator[Problem]:
    """What stands in the blanks is typed, so that everybody can read it; a signature is written by hand."""
    # On a page that was typed again, the ink at a blank's place may be any line of the page.
    scanned_pages = {page.number for page in case.document.pages if page.scanned}
    for reading in _agency_side(case.document):
        if reading.slot == "lea_signature":
            continue
        in_place = not reading.unsure_place or reading.page in scanned_pages
        if reading.by_hand or (reading.source == "ink" and not reading.faint and in_place):
            yield Problem(reading.where, "What stands here seems to be written by hand. Make sure that it can be read.")


@document_rule("faint-text", severity="warning")
def blanks_are_dark_enough(case: DocumentCase) -> Iterator[Problem]:
    """The text in the blanks is dark enough to read on a copy."""
    for reading in _agency_side(case.document):
        if reading.faint and reading.slot not in BY_PEN:
            yield Problem(reading.where, "The text here is very light. Write it in black.")


@document_rule("text-hidden", severity="warning")
def nothing_is_hidden_in_a_blank(case: DocumentCase) -> Iterator[Problem]:
    """No blank has text that does not show on paper: under a box or bar, without ink, or only stored in a field."""
    if pages := case.document.loose_pages:
        yield Problem("the document", explain_lost_form(pages))
    for page, line in case.document.hidden_texts:
        yield Problem(
            f"p. {page}, outside the blanks",
            f"The file holds words here that do not show on paper: “{line}”. Take them out: print the agreement to a "
            "new PDF as a picture.",
        )
    for reading in _agency_side(case.document):
        if reading.hidden:
            yield Problem(
                reading.where,
                "There is text here that does not show on paper. To remove it, print the agreement to a new PDF "
                "as a picture, or fill the form again.",
            )


@document_rule("print-flag-missing", severity="warning", source="ISO 32000-2, 12.5.3: annotation flags")
def what_is_filled_in_is_printed_too(case: DocumentCase) -> Iterator[Problem]:
    """Text in a field shows on paper too, not only on the screen."""
    for reading in _agency_side(case.document):
        if any(line.mark and not line.mark.printed for line in reading.lines):
            yield Problem(
                reading.where,
                "This field shows on the screen but not on paper. Print it to a new PDF that shows it.",
            )


def _agency_side(document: ReadAgreement) -> Iterator[SlotReading]:
    return (f for slot, f in document.readings.items() if not slot.startswith("ice_") and slot != "contact_vii_ice")


def _same_name(party: PartyName, other: SlotReading) -> bool:
    first = party.reading
    one, two = (_plain(reading) for reading in (first, other))
    if one == two or set(two.split()) <= set(one.split()) or set(one.split()) <= set(two.split()):
        return True
    initials = "".join(word[0] for word in one.split())
    short = INITIALS.search(first.text)
    letters = "".join(c for c in other.text if c.isalnum()).casefold()
    if letters in {initials, short["short"].casefold() if short else ""} or (
        other.text.isupper() and len(letters) <= MOST_INITIALS
    ):
        return True
    if "recognised" in {first.source, other.source}:
        return not is_another_name(party, other)
    return False


def _plain(reading: SlotReading) -> str:
    name = correct_words(reading.text) if reading.source == "recognised" else reading.text
    return comparable(name).replace("sheriffs", "sheriff").replace(" of ", " ")
