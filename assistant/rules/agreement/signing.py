"""The agency's date, title and signature: what must be there after it signs."""

from __future__ import annotations

import calendar
import re
from datetime import date
from typing import TYPE_CHECKING

from assistant.program.states_and_counties import fold
from assistant.program.words import chief_titles, words
from assistant.reading.filling import BY_HAND
from assistant.reading.written_dates import find_date, read_date, read_misread_date, stamp_date, stamp_days
from assistant.rules.agreement.believed import is_well_read
from assistant.rules.agreement.certainty import cap_severity, is_surely_signed
from assistant.rules.agreement.misread import correct_words, looks_clean
from assistant.rules.agreement.registry import Problem, document_rule
from assistant.rules.agreement.titles import strip_ices_title

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.reading import ReadAgreement, SlotReading
    from assistant.rules.agreement.registry import DocumentCase

SHORT_YEAR = re.compile(r"[A-Za-z]{3,9}\.?\s*\d{1,2}\s*,?\s*['\u2019]?\d{2}")
"""A month's name, a day and a year of two figures: a program may misread the name, and the year stays half."""
WRITTEN_NAME = re.compile(r"[A-Z](?:\.|[a-z]+)(?: [A-Z]\.)? [A-Z]['’]?[A-Za-z]{2,}(?:[-'’][A-Za-z]+)*")
"""A given name or its initial, perhaps a second initial, and a family name."""
MONTHS = frozenset(name.casefold() for name in calendar.month_name if name)
ID_NUMBER = re.compile(r"(?<!\d)\d{9,11}(?!\d)")
ONLY_DATE, DATE_WORDS = 14, 4
"""A text that is a date and nothing else has fewer letters than this, and no more words."""
MARK_LETTERS = 3
"""A pen's mark is read as so many letters at most; a name has more."""
MONTHS_IN_YEAR, MOST_DAYS = 12, 31


@document_rule("date-blank")
def a_signed_agreement_is_dated(case: DocumentCase) -> Iterator[Problem]:
    """Once the agency has signed, the date beside its signature is filled; a signature's own stamp is no substitute.

    ICE signs after the agency: where ICE has dated, the agency's line has to be filled as well.
    """
    document = case.document
    dated = document.get("lea_date")
    swapped = document.get("lea_signature")
    ices = document.get("ice_date")
    after_ice = document.signing.signed is None and ices is not None and ices.read and find_date(ices.text) is not None
    if dated is None or dated.source != "nothing" or not (document.signing.signed or after_ice):
        return
    if swapped and swapped.read and _is_only_date(swapped.text):
        return
    yield Problem(
        dated.where,
        "The agreement is signed, but the date is empty. Write the date of signing there.",
        severity=cap_severity(dated) if is_surely_signed(document) else "warning",
    )


@document_rule("date-invalid")
def the_date_can_be(case: DocumentCase) -> Iterator[Problem]:
    """The date of signing exists, is not in the future, and not before the form's own revision."""
    dated = case.document.get("lea_date")
    if dated is None or not dated.read:
        return
    numbers, day = find_date(dated.text), read_date(dated.text)
    if numbers is None:
        return
    if _day_first(numbers):
        day_first = "No month has this number: the day stands first. Write month, day and year of the signing."
        yield Problem(dated.where, day_first, severity="warning")
        return
    message = _impossible(day, case)
    if message is None:
        return
    # A program can mistake a handwritten 5 for an 8, so only a four-digit year counts, and only as a question.
    if dated.source != "recognised":
        # The revision date may be misread too.
        certain = day is None or day > case.today or case.document.exact
        yield Problem(dated.where, message, severity=cap_severity(dated) if certain else "warning")
    elif day is not None and str(day.year) in dated.text and day.year <= case.today.year + 5:
        yield Problem(dated.where, message, severity="warning")


def _day_first(numbers: tuple[int, int, int]) -> bool:
    """Say whether the day comes before the month."""
    _, month, day = numbers
    return month > MONTHS_IN_YEAR >= day > 0 and month <= MOST_DAYS


def _impossible(day: date | None, case: DocumentCase) -> str | None:
    if day is None:
        return "There is no such date. Write the date of signing, month first, with a four-digit year."
    if day > case.today:
        return "The date is in the future. Write the date when the agreement was signed."
    if case.document.revision and day < date.fromisoformat(case.document.revision):
        return "The date is earlier than the revision date of the form. Write the date of signing."
    return None


@document_rule("date-format", severity="warning")
def the_date_is_whole(case: DocumentCase) -> Iterator[Problem]:
    """The date of signing is a whole date: month, day and year."""
    dated = case.document.get("lea_date")
    if dated is None or not dated.read:
        return
    is_half = SHORT_YEAR.fullmatch(dated.text.strip()) is not None
    if is_half if dated.source == "recognised" else find_date(dated.text) is None:
        yield Problem(dated.where, "This is no whole date. Write month, day and year of the signing.")


@document_rule("date-vs-signature", severity="warning")
def the_date_is_that_of_the_signature(case: DocumentCase) -> Iterator[Problem]:
    """The date written is the day that the electronic signature shows."""
    dated, days = case.document.get("lea_date"), stamp_days(case.document.signing.signature_text)
    if dated is None or not dated.read or (dated.source == "recognised" and not is_well_read(case.document, dated)):
        return
    day = read_date(dated.text)
    if day and days and day not in days:
        yield Problem(
            dated.where,
            "The date does not match the electronic signature. Correct the date, or sign again and write that day.",
        )


@document_rule("signature-typed-only", severity="warning")
def the_signature_is_no_typed_name(case: DocumentCase) -> Iterator[Problem]:
    """The agency signs by hand or with an electronic signature; a name typed on the line is neither."""
    signed = case.document.get("lea_signature")
    if signed is None or not signed.read or case.document.signing.electronic:
        return
    # A pen's strokes may be read as a name: only print, cleanly read, is one that somebody typed.
    if signed.source == "recognised" and not (signed.printed and looks_clean(signed.text)):
        return
    on_a_picture = case.document.signing.picture and signed.source != "recognised"
    if on_a_picture or any(BY_HAND.search(font) for font in signed.fonts):
        return
    if not _is_only_date(signed.text) and sum(c.isalpha() for c in signed.text) > MARK_LETTERS:
        yield Problem(
            signed.where, "A name is typed where the signature belongs. Sign by hand, or with an electronic signature."
        )


@document_rule("signature-line-swap", severity="warning")
def signature_and_date_stand_on_their_own_lines(case: DocumentCase) -> Iterator[Problem]:
    """The signature and the date are each on their own line."""
    signed, dated = case.document.get("lea_signature"), case.document.get("lea_date")
    if signed and not signed.read and signed.source == "ink" and dated and dated.read and _is_a_name(dated.text):
        yield Problem(
            dated.where, "There is a name on the date line. Put the signature and the date on their own lines."
        )
        return
    if signed is None or not signed.read or not _is_only_date(signed.text):
        return
    if dated is None or not (dated.read and read_date(dated.text)):
        yield Problem(
            signed.where, "There is a date on the signature line. Put the signature and the date on their own lines."
        )


@document_rule("title-shared-with-ice")
def neither_side_has_the_others_title(case: DocumentCase) -> Iterator[Problem]:
    """The agency's title is not on ICE's side, and ICE's title is not on the agency's side."""
    document = case.document
    own, ices = document.get("lea_title"), document.get("ice_title")
    if own is None or not own.read:
        return
    title = fold(correct_words(own.text)) if own.source == "recognised" else fold(own.text)
    shared = ices is not None and ices.read and title == fold(correct_words(ices.text))
    on_both = shared and _one_field(own, ices)
    beside = strip_ices_title(own.text)
    if beside and fold(beside) != fold(own.text):
        # An agency's officer may have both titles: only where ICE's side says the same is it surely one field.
        yield Problem(
            own.where,
            "The title under which ICE signs stands here too. Write the title of the person who signs for the agency, "
            "and nothing else.",
            severity=cap_severity(own, ices) if shared else "warning",
        )
    elif title in words("ices_titles") or (shared and title == "director" and on_both):
        yield Problem(
            own.where,
            "This is the title under which ICE signs. Write the title of the person who signs for the agency.",
            severity=cap_severity(own),
        )
    elif shared and ices and (on_both or title in chief_titles(None) - words("ices_titles") - {"director"}):
        yield Problem(
            ices.where,
            "The agency's title is on ICE's side too. Use the form as ICE issued it, and fill in the agency's "
            "side only.",
            severity=cap_severity(own, ices),
        )


@document_rule("signature-exposes-id", severity="warning")
def the_signature_shows_no_id_number(case: DocumentCase) -> Iterator[Problem]:
    """The agency's electronic signature shows no personal ID number, because ICE publishes the agreement."""
    signed = case.document.get("lea_signature")
    if signed and ID_NUMBER.search(case.document.signing.signature_text):
        yield Problem(
            signed.where,
            "The electronic signature shows a number that identifies the person. ICE publishes the agreement, so "
            "sign with an appearance that leaves the number out.",
        )


def signing_day(document: ReadAgreement) -> date | None:
    """Return the date on which the agreement was signed, if the file shows it."""
    dated = document.get("lea_date")
    typed_day = read_date(dated.text) if dated and dated.read else None
    return typed_day or stamp_date(document.signing.signature_text) or _made_on(document)


def _made_on(document: ReadAgreement) -> date | None:
    """Return the date on which a signed paper was scanned or the file was made."""
    match = re.match(r"D:(\d{4})(\d\d)(\d\d)", document.info.get("CreationDate", ""))
    if match is None or not document.signing.signed:
        return None
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


def _one_field(own: SlotReading, ices: SlotReading | None) -> bool:
    names = {line.mark.name for reading in (own, ices) if reading for line in reading.lines if line.mark}
    return len(names) == 1 and all(line.mark for reading in (own, ices) if reading for line in reading.lines)


def _is_a_name(text: str) -> bool:
    """Say whether a text is a person's name and nothing else: two words and more, clean to the letter, no figure."""
    name_words = fold(text).split()
    no_names = words("titles") | words("ranks") | words("offices") | MONTHS
    return WRITTEN_NAME.fullmatch(text.strip()) is not None and no_names.isdisjoint(name_words)


def _is_only_date(text: str) -> bool:
    """Say whether a text is a date and nothing else."""
    letters = re.sub(r"[^A-Za-z]", "", text)
    return read_misread_date(text) is not None and len(letters) < ONLY_DATE and len(text.split()) <= DATE_WORDS
