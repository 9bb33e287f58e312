"""What stands in the blanks of a filled form, value by value: what ``moa application read`` prints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypedDict

from assistant.answers import Answers, to_document
from assistant.errors import PdfError
from assistant.reading.answers_of import unfound
from assistant.reading.contacts import parted, plain_parts
from assistant.reading.page_numbers import page_list
from assistant.reading.reader import read_agreement
from assistant.reading.sheets import TWO_PAGES, shows_two_pages
from assistant.reading.slots import CONTACTS, entries_of
from assistant.reading.word_lists import is_known

if TYPE_CHECKING:
    from collections.abc import Iterable

    from assistant.answers import AnswersDocument
    from assistant.editions.catalog import Edition
    from assistant.reading.agreement import ReadAgreement, SlotReading, Sureness


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
    remark: str
    """Why little could be read although the file is filled, and what to do; "" where nothing stands in the way."""


def read_answers(data: bytes) -> AnswersRead:
    """Return edition, values and answers of a filled form, as ``moa application read`` prints them.

    Every blank of the form has its row, those too that were not found.

    Raises:
        PdfError: the file cannot be opened, or each of its sheets shows two pages.
    """
    return answers_read(read_filled_form(data))


def read_filled_form(data: bytes) -> ReadAgreement:
    """Return what stands in a filled form, each of whose sheets shows one page.

    Raises:
        PdfError: the file cannot be opened, or each of its sheets shows two pages.
    """
    finished = read_agreement(data)
    if shows_two_pages(data, finished):
        raise PdfError(TWO_PAGES)
    return finished


def answers_read(finished: ReadAgreement) -> AnswersRead:
    """Return edition, values and answers of an agreement that was read."""
    answers, edition = finished.answers or Answers(), finished.edition
    readings = [*finished.readings.values(), *unfound(finished)]
    return {
        "edition": edition.name if edition else None,
        "exact": finished.exact,
        "values": [row for item in readings for row in _rows(item, edition, answers)],
        "answers": to_document(answers),
        "remark": explain_lost_form(finished.loose_pages) if finished.loose_pages else "",
    }


def explain_lost_form(pages: Iterable[int]) -> str:
    """Return what it means that filled fields stand on these pages and belong to no form of the file."""
    return (
        f"The fields on {page_list(pages)} are filled, but the form they belong to is not in the file. This can "
        "happen when pages are copied into a new file. Some programs show these entries, and others show empty "
        "blanks. Open the filled form itself, print it to a new PDF, and check that file."
    )


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
        contact_rows = [row(path, text, _sureness_of(text, reading)) for path, text in rows]
        # Whose text was hidden is unknown where no line shows: what is lacking may be it.
        lacking = [f"{section}.{part}" for part, text in line_texts.items() if not text] if reading.hidden else []
        contact_rows += [row(path, "", "unknown") for path in lacking]
        if contact_rows:
            return contact_rows
    # Two answers in one blank are the answer of neither.
    path = entries[0].path if entries and entries[0].format != "title-and-agency" else reading.slot
    if not entries and reading.slot == "lea_name":
        # A print that is near to the file's may lack the line for the name.
        path = "signatory.full_name"
    if reading.doubted and reading.guess:
        return [row(path, reading.guess, "unknown")]
    text_sureness: Sureness = "unknown" if is_unconfirmed(reading, reading.text) else reading.sureness
    return [row(path, reading.text or reading.guess, text_sureness)]


def is_unconfirmed(reading: SlotReading, text: str) -> bool:
    """Say whether a text is what a scanner's program alone read, and has a word of no list: a third of these is wrong.

    Such a text is shown and judged as before; it is only not called likely.
    """
    return reading.source == "recognised" and reading.recognized is None and not is_known(text)


def _sureness_of(text: str, reading: SlotReading) -> Sureness:
    """Return how sure a part of a contact is: a whole line as its reading, a part of one is no surer than likely."""
    if reading.recognized is None:
        if reading.doubted or is_unconfirmed(reading, text):
            return "unknown"
        return "sure" if reading.source != "recognised" and text in plain_parts(reading) else "likely"
    lines = [line for line in reading.lines if text in line.text or line.text in text]
    parts = [line.recognized or "likely" for line in lines] or ["unknown"]
    least: Sureness = "unknown" if "unknown" in parts else "likely" if "likely" in parts else "sure"
    whole = any(line.text == text for line in lines)
    return least if whole or least != "sure" else "likely"
