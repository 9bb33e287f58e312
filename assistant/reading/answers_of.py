"""From what stands in the blanks to answers, as far as it goes: nothing is guessed that is not written."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, TypedDict

from assistant.answers import Address, Agency, AgencyKind, Answers, Ice, Signatory, to_document
from assistant.errors import PdfError
from assistant.program.states_and_counties import fold, state_code
from assistant.reading.agreement import SlotReading
from assistant.reading.contacts import contact_from, parted, plain_parts, split_title
from assistant.reading.slots import CONTACTS, entries_of, label_of, pages_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assistant.answers import AnswersDocument, Model
    from assistant.editions.catalog import Edition
    from assistant.reading.agreement import ReadAgreement, Sureness

INITIALS = re.compile(r"\s*\(\s*[“\"']?(?P<short>[^\W\d_a-z](?:[^\W\d_]|[&.ʻ’-]){1,9})[”\"']?\s*\)\s*$")


def answers_from(readings: Mapping[str, SlotReading], model: Model | None) -> Answers:
    """Return the answers that stand in the blanks; every other answer is None."""
    name, short = names_from(text_of(readings, "agency"), text_of(readings, "agency_again"))
    title, signer = split_title(text_of(readings, "lea_title") or "")
    public, _ = contact_from(readings.get("public"))
    program, address = contact_from(readings.get("contact"))
    state = address.state if address else None
    return Answers(
        agency=Agency(
            legal_name=name,
            short_name=short,
            kind=kind_of_agency(name),
            represents=text_of(readings, "represents"),
            state=state if state_code(state) else None,
            address=address or Address(),
        ),
        models=(model,) if model else (),
        signatory=Signatory(full_name=text_of(readings, "lea_name") or signer, title=title),
        program_contact=program,
        public_information_contact=public,
        ice=Ice(opla_location=text_of(readings, "opla")),
    )


def text_of(readings: Mapping[str, SlotReading], slot: str) -> str | None:
    """Return the text that was read in a slot, None where there is none."""
    item = readings.get(slot)
    return (item.text or None) if item and item.read else None


def names_from(name: str | None, again: str | None) -> tuple[str | None, str | None]:
    """Return name and initials out of the first and the second blank for the agency's name."""
    short = None
    if name and (match := INITIALS.search(name)):
        name, short = name[: match.start()], match["short"]
    # The second blank is for the name once more, or for the initials: what is no shorter is the name.
    if again and fold(again) != fold(name or "") and len(again) < len(name or again + " "):
        short = short or INITIALS.sub("", again)
    return name, short


def kind_of_agency(name: str | None) -> AgencyKind | None:
    """Return the kind of agency that a name tells of itself, None where it tells none."""
    name_words = fold(name or "").split()
    if {"sheriff", "sheriffs", "county", "parish"} & set(name_words):
        return "county"
    if {"police", "city", "town", "village", "borough", "marshal", "marshals"} & set(
        name_words
    ) and "state" not in name_words:
        return "municipality"
    return None


ToldSureness = Literal["sure", "likely", "unreadable"]
"""How far a value can be trusted, in the words of ``moa application read --json``."""


class ValueRead(TypedDict):
    """What stands in one blank for one answer; ``page`` counts from 1."""

    path: str
    text: str
    page: int
    sureness: ToldSureness
    blank: str


class AnswersRead(TypedDict):
    """What ``moa application read`` prints; ``answers`` is an answers file."""

    edition: str | None
    exact: bool
    values: list[ValueRead]
    answers: AnswersDocument


def read_answers(data: bytes) -> AnswersRead:
    """Return edition, values and answers of a filled form, as ``moa application read`` prints them.

    Every blank of the form has its row, those too that were not found.

    Raises:
        PdfError: the file cannot be opened, or each of its sheets shows two pages.
    """
    from assistant.reading.reader import read_agreement  # noqa: PLC0415 - it builds on this module
    from assistant.reading.sheets import TWO_PAGES, shows_two_pages  # noqa: PLC0415 - as above

    finished = read_agreement(data)
    if shows_two_pages(data, finished):
        raise PdfError(TWO_PAGES)
    return answers_read(finished)


def answers_read(finished: ReadAgreement) -> AnswersRead:
    """Return edition, values and answers of an agreement that was read."""
    answers, edition = finished.answers or Answers(), finished.edition
    readings = [*finished.readings.values(), *unfound(finished)]
    return {
        "edition": edition.name if edition else None,
        "exact": finished.exact,
        "values": [row for item in readings for row in _rows(item, edition, answers)],
        "answers": to_document(answers),
    }


def unfound(finished: ReadAgreement) -> list[SlotReading]:
    """Return the blanks of the form that were not found in the file, each at its page, as far as that is there."""
    edition = finished.edition
    if edition is None:
        return []
    at = {page.form_page: page.number for page in reversed(finished.pages) if page.form_page}
    return [
        SlotReading(slot=slot, page=at.get(page, page), label=label_of(slot, edition), source="unseen")
        for slot, page in pages_of(edition).items()
        if slot not in finished.readings and not slot.startswith("ice_") and slot != "contact_vii_ice"
    ]


def _sureness_of(text: str, reading: SlotReading) -> Sureness:
    """Return how sure a part of a contact is: a whole line as its reading, a part of one is no surer than likely."""
    if reading.recognized is None:
        if reading.doubted:
            return "unknown"
        return "sure" if reading.source != "recognised" and text in plain_parts(reading) else "likely"
    lines = [line for line in reading.lines if text in line.text or line.text in text]
    parts = [line.recognized or "likely" for line in lines] or ["unknown"]
    least: Sureness = "unknown" if "unknown" in parts else "likely" if "likely" in parts else "sure"
    whole = any(line.text == text for line in lines)
    return least if whole or least != "sure" else "likely"


def _rows(reading: SlotReading, edition: Edition | None, answers: Answers) -> list[ValueRead]:
    entries = entries_of(reading.slot, edition) if edition else ()

    def row(path: str, text: str, sureness: Sureness = reading.sureness) -> ValueRead:
        shown_sureness: ToldSureness = "unreadable" if sureness == "unknown" else sureness
        return {
            "path": path,
            "text": text,
            "page": reading.page,
            "sureness": shown_sureness,
            "blank": reading.label,
        }

    if reading.slot in CONTACTS and reading.read:
        section = CONTACTS[reading.slot]
        contact = getattr(answers, section)
        line_texts = {part: getattr(contact, part) for part in ("full_name", "title", "phone", "email")}
        rows = [(f"{section}.{part}", text) for part, text in line_texts.items() if text]
        rows += [("agency.address.one_line", text) for text in parted(reading.lines)["address"]]
        told_rows = [row(path, text, _sureness_of(text, reading)) for path, text in rows]
        # Whose text was hidden cannot be told where no line shows: what is lacking may be it.
        lacking = [f"{section}.{part}" for part, text in line_texts.items() if not text] if reading.hidden else []
        told_rows += [row(path, "", "unknown") for path in lacking]
        if told_rows:
            return told_rows
    # Two answers in one blank are the answer of neither.
    path = entries[0].path if entries and entries[0].format != "title-and-agency" else reading.slot
    if reading.doubted and reading.guess:
        return [row(path, reading.guess, "unknown")]
    return [row(path, reading.text or reading.guess)]
