"""Rules about a finished agreement, whoever made it: what was read in, findings out, each at its page and blank.

A finding blocks only where it is certain: where something cannot be seen, nothing is said, and what was recognised
from a picture warns at most.
"""

from __future__ import annotations

from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

from assistant.reading import Finished, read_finished
from assistant.rules.finished.answers_rules import ASKED as ASKED_OF_ANSWERS
from assistant.rules.finished.answers_rules import ask_answers_rules
from assistant.rules.finished.lists import CODES, Unchecked, party_of
from assistant.rules.finished.registry import DocumentCase, all_document_rules, ask
from assistant.rules.finished.texts import BY_PEN
from assistant.rules.registry import SEVERITIES, Review

SUBJECTS: tuple[str, ...] = ("pages", "blanks", "signing", "others", "texts", "file")

for _subject in SUBJECTS:
    import_module(f"assistant.rules.finished.{_subject}")

NOT_COMPARED = Unchecked(
    code="form-altered",
    why="No blank form of this very revision is on hand, or its lines cannot be told in this file. Keep the blank form "
    "under “Official forms”, or with moa forms add.",
)

ASKED = ASKED_OF_ANSWERS | frozenset(CODES)
"""The codes of the rules about answers that are asked of a finished agreement too, with ICE's lists or without."""

__all__ = ["ASKED", "DocumentCase", "all_document_rules", "check_document", "check_finished", "file_of"]


def check_finished(document: Finished, *, today: date) -> Review:
    """Return the review of a finished agreement: blockers first; one finding for a code and a place."""
    case = DocumentCase(document=document, today=today)
    found = ask(case)
    if document.like_an_moa:
        found += ask_answers_rules(case)
    else:
        found = [finding for finding in found if finding.code in {"not-an-moa", "encrypted", "active-content"}]
    once = {(finding.code, finding.where): finding for finding in reversed(found)}
    kept = reversed(once.values())
    return Review(findings=tuple(sorted(kept, key=lambda finding: SEVERITIES.index(finding.severity))))


def check_document(data: bytes, today: str, forms: str = "") -> dict[str, Any]:
    """Return the review of a PDF as a JSON document: what the sandbox runs in a child process for a stranger's file.

    ``forms`` is a folder of blank forms, each named by ``file_of`` after its edition; "" for none.

    Raises:
        PdfError: a file cannot be opened.
    """
    blanks = {edition_of(file): file.read_bytes() for file in Path(forms).iterdir()} if forms else {}
    document = read_finished(data, blanks)
    review = check_finished(document, today=date.fromisoformat(today))
    unchecked = [] if document.compared or not document.like_an_moa else [NOT_COMPARED]
    return {
        "edition": document.edition.name if document.edition else None,
        "model": document.model,
        "revision": document.stamp,
        "pages": [{"page": page.number, "form_page": page.known, "read": not page.unread} for page in document.pages],
        "signed": document.signing.signed,
        "unseen": [f.where for slot, f in document.found.items() if f.sureness == "unknown" and slot not in BY_PEN],
        "party": party_of(document) if document.like_an_moa else None,
        "unchecked": [one.to_document() for one in unchecked],
        **review.to_document(),
    }


def file_of(edition: str) -> str:
    """Return the name of the file that holds an edition's blank form: "moa-tfm 2025-02-12.pdf"."""
    return f"{edition.replace('/', ' ')}.pdf"


def edition_of(file: Path) -> str:
    """Return the edition whose blank form a file holds."""
    return file.stem.replace(" ", "/")
