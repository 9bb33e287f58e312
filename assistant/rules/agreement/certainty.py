"""How certain a reading is: when a finding may block, and when too little was read to judge the file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.reading.slots import expected

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.reading import PageMatch, ReadAgreement, SlotReading
    from assistant.rules.registry import Severity

DECISIVE_SLOTS = ("agency", "lea_signature", "lea_date", "lea_title")
"""The blanks without which nobody can say that an agreement is ready: who the party is, and whether it has signed,
dated and said as what. Every other blank may be named as unseen beside a judgement; of these one that was not seen
leaves none, since each of them, empty, would block."""

WELL_READ = 0.6
"""A scanned page less like any page of the form may be any of them."""


def cap_severity(*readings: SlotReading | None) -> Severity | None:
    """Return "warning" if any reading behind a finding is not certain, else None for the rule's own severity.

    A reading is not certain if a program recognized it in a picture, if the visible text may differ from it, or if the
    place may not be the blank on an unknown print.
    """
    return None if all(item is None or item.is_certain for item in readings) else "warning"


def is_surely_signed(document: ReadAgreement) -> bool:
    """Say whether the agency has certainly signed, in ink or electronically; a typed name may come before signing."""
    signing, line = document.signing, document.get("lea_signature")
    by_pen = line is not None and line.source == "ink"
    return bool(signing.signed) and (signing.electronic or signing.picture or by_pen or line is None)


def why_not_judged(document: ReadAgreement) -> str:
    """Return why the file cannot be judged and what to do; "" if enough of it was read."""
    if not document.like_an_moa:
        return ""
    if document.unknown_paper or document.model is None:
        return f"Too little of the file can be read to tell whether it is a 287(g) agreement. {_what_to_do(document)}"
    unseen = list(_unseen_places(document))
    if not unseen:
        return ""
    return f"This program could not read what it needs to decide: {'; '.join(unseen)}. {_what_to_do(document)}"


_WHAT_TO_DO = "Look at the pages yourself, or check a copy with recognized text."


def _what_to_do(document: ReadAgreement) -> str:
    """Return what a person can do where too little was read; first, how to have pictures of pages read here."""
    return f"{document.why_not_recognized} {_WHAT_TO_DO}".strip()


def _unseen_places(document: ReadAgreement) -> Iterator[str]:
    """Yield the decisive blanks that could not be read, each by page and name."""
    on_form = expected(document.edition) if document.edition else DECISIVE_SLOTS
    for slot in (slot for slot in DECISIVE_SLOTS if slot in on_form):
        reading = document.get(slot)
        if reading is None:
            yield _NAMES[slot]
        elif reading.by_shape or (reading.sureness == "unknown" and reading.source != "ink"):
            yield reading.where


_NAMES = {
    "agency": "the agency’s name on the first page",
    "lea_signature": "the agency’s signature",
    "lea_date": "the date beside the agency’s signature",
    "lea_title": "the title of the person who signs for the agency",
}


def unidentified_pages(document: ReadAgreement) -> list[PageMatch]:
    """Return the pages that may be any page of the form: unread, or read badly."""
    return [page for page in document.pages if page.unread or (page.scanned and page.likeness < WELL_READ)]
